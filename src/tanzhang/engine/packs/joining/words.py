"""Words that a ``joining`` section may use: claims, fields, kinds of account, pages, ways in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Ways of coming that may open an account: handed over by a partner, or by phone and code alone.
DOORS: Final = ("host", "phone")

#: What a host can vouch for in its signed hand-over, and whether it names values with it.
CLAIMS: Final[Mapping[str, bool]] = {
    "cardholder": False,
    "card_kinds": True,
    "staff_of": True,
    "car_model": True,
    "licence": True,
}

#: How a field can be verified besides being typed: by a one-time code, by the host, by a list.
CODE, HOST, LIST = "code", "host", "list"


@dataclass(frozen=True, slots=True)
class FieldWord:
    """A field that people may be asked for; its storage and mask are the vault's to say.

    ``verified`` are the ways in which it can be shown to be true, ``claim`` what a host says of it.
    """

    verified: tuple[str, ...] = ()
    claim: str = ""


#: Fields that a form may ask; each is declared by the vault, which a test holds.
FIELDS: Final[Mapping[str, FieldWord]] = {
    "phone": FieldWord((CODE,)),
    "employer": FieldWord((HOST, LIST), "staff_of"),
    "car_model": FieldWord((HOST,), "car_model"),
    **dict.fromkeys(
        (
            "name",
            "email",
            "id_number",
            "address",
            "staff_number",
            "car_plate",
            "licence",
            "organisation",
            "organisation_number",
            "birth_year",
            "guardian_name",
            "guardian_phone",
        ),
        FieldWord(),
    ),
}

#: The fields that an account of a kind cannot be without.
KIND_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit": ("organisation",),
    "small_enterprise": ("organisation", "organisation_number"),
    "enterprise": ("organisation", "organisation_number"),
    "team": ("organisation",),
    "community": ("organisation",),
}

#: Kinds whose accounts bring together the persons who name them as their employer.
EMPLOYING: Final = ("unit", "small_enterprise", "enterprise")

#: Pages of a citizen, and ways in, that a feature may show to some people first.
PAGES: Final = ("carrying", "receipts", "sharing")
ENTRIES: Final = ("link", "oidc", "phone", "wechat", "alipay")

#: By what a list knows people: a phone number, or one partner's own reference of a person.
BY_PHONE, BY_PERSON = "phone", "person"

#: Who sees a feature when it is closed to nobody.
EVERYONE: Final = "everyone"

#: How many persons it takes to change who sees a feature.
APPROVALS: Final = ("two", "one")
