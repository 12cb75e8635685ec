"""The sample bank's customers. Nobody of them exists, and neither does the bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tanzhang.workbench.city.residents import persons_of
from tanzhang.workbench.demonstration import CITIES

PROGRAMME: Final = "citic"

_CHOSEN: Final = "host_customer"


@dataclass(frozen=True, slots=True)
class Customer:
    """A fictitious customer; ``person`` is how the bank and its partners name her.

    No number that begins with 100 was ever given to a phone.
    """

    person: str
    name: str | Promise
    phone: str

    @property
    def handle(self) -> str:
        """The handle of her carbon account, once she has one (the simulator needs it)."""
        return f"{PROGRAMME}-{self.person}"


#: A resident of the small fictitious city: her account has weeks behind it and goes on growing.
RESIDENT: Final = persons_of(CITIES["small"])[3]

CUSTOMERS: Final = (
    Customer("sample-1", gettext_lazy("Sample customer Lin"), "+8610000000001"),
    Customer("sample-2", gettext_lazy("Sample customer Zhou"), "+8610000000002"),
    Customer("sample-3", gettext_lazy("Sample customer Chen"), "+8610000000003"),
    Customer(RESIDENT, gettext_lazy("Sample customer Zhao, who has an account"), "+8610000000004"),
)


def chosen_customer(request: HttpRequest) -> Customer | None:
    """Whom this session plays."""
    person = request.session.get(_CHOSEN)
    return next((customer for customer in CUSTOMERS if customer.person == person), None)


def choose_customer(request: HttpRequest, person: str) -> None:
    """Play this customer from now on; nobody, if there is none of that name."""
    request.session[_CHOSEN] = person
