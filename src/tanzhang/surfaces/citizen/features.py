"""What a citizen does not see yet, because others try it first; asked anew with each page."""

from __future__ import annotations

from typing import Final

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, Hidden, hidden_from
from tanzhang.problems import Problem

#: The page of a feature by the names of its addresses.
_PAGES: Final = {
    "carrying": "carrying",
    "carry_out": "carrying",
    "carry_in": "carrying",
    "receipt": "receipts",
    "sharing": "sharing",
}


def hidden_for(account: AccountEntry) -> Hidden:
    """What the owner of an account does not see."""
    rules = rulebook_in_force()
    joining = rules.programme_file(rules.programme_code(account.programme_id)).joining
    return hidden_from(account.programme_id, joining, account)


def is_page_hidden(account: AccountEntry, address: str) -> bool:
    """Whether an address, by its name, leads to a page that the account's owner does not see."""
    page = _PAGES.get(address)
    return page is not None and page in hidden_for(account).pages


def refuse_entry(programme: str, account: AccountEntry | None, entry: str) -> None:
    """Raise ``joining.entry_not_open`` where a way in is not open to her yet."""
    rules = rulebook_in_force()
    joining = rules.programme_file(programme).joining
    if entry in hidden_from(rules.programme_ids[programme], joining, account).entries:
        raise Problem("joining.entry_not_open")


def refuse_entry_to(account: AccountEntry, entry: str) -> None:
    """As ``refuse_entry``, for somebody whose account is known."""
    programme = rulebook_in_force().programme_code(account.programme_id)
    refuse_entry(programme, account, entry)


def has_cohorts(account: AccountEntry) -> bool:
    """Whether the programme of an account has cohorts."""
    rules = rulebook_in_force()
    return bool(rules.programme_file(rules.programme_code(account.programme_id)).joining.cohorts)
