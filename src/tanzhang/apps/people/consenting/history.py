"""What a person consented to, now and before, for her own page and her own export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.consenting.purposes import COLLECT
from tanzhang.apps.people.consenting.windows import ENDS, LAPSING, now_us

_HISTORY = f"""
select consent.purpose, partner_id, consent.from_us, to_us, {ENDS}, kinds, coalesce(code, ''),
    coalesce(version, ''), coalesce(encode(digest, 'hex'), ''), coalesce(channel, ''),
    coalesce(button, ''), coalesce(handler, ''), given_by_id, consent.account_id
from consent
left join consent_text on consent_text.id = consent.text_id
{LAPSING}
left join consent_giving on consent_giving.id = consent.giving_id
"""


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent of an account, with its evidence; texts are empty for made-up people enrolled.

    ``to_us`` is when it was withdrawn, ``lapses_us`` when it ends, or ended, without that: its
    words were replaced by others that say another thing, or she turns 14.
    """

    purpose: str
    partner_id: int | None
    from_us: int
    to_us: int | None
    lapses_us: int | None
    kinds: tuple[str, ...]
    text: str
    version: str
    digest: str
    channel: str
    button: str
    handler: str
    given_by: int | None
    account_id: int

    def is_live(self, at_us: int) -> bool:
        """Whether it holds at an instant."""
        ends = [end for end in (self.to_us, self.lapses_us) if end is not None]
        return self.from_us <= at_us and all(at_us < end for end in ends)

    def has_lapsed(self, at_us: int) -> bool:
        """Whether it ended though nobody withdrew it: she has to be asked again."""
        return self.to_us is None and self.lapses_us is not None and self.lapses_us <= at_us


@dataclass(frozen=True, slots=True)
class SourceConsent:
    """A partner that knows an account, and the consent to collect that it has, or had last.

    ``from_us`` is None if it never had any; ``to_us`` is None while consent is live. ``wording`` is
    the version of the text that was agreed to, empty for fictitious people who were enrolled.
    """

    partner_id: int
    from_us: int | None
    to_us: int | None
    wording: str

    @property
    def is_live(self) -> bool:
        return self.from_us is not None and self.to_us is None


def consent_history(account_id: int) -> list[ConsentLine]:
    """Every consent of an account, the latest first."""
    return _lines("where consent.account_id = %s", account_id)


def consents_given_for_children(guardian_account_id: int) -> list[ConsentLine]:
    """Every consent that an account's owner gave as a guardian, the latest first."""
    return _lines("where given_by_id = %s", guardian_account_id)


def sources_of(account_id: int) -> list[SourceConsent]:
    """Every partner that knows the account, with its latest consent to collect."""
    with bulk_transaction() as cursor:
        cursor.execute(
            f"select distinct on (link.partner_id) link.partner_id, consent.from_us,"
            f" least(to_us, case when {ENDS} <= %s then {ENDS} end), coalesce(version, '')"
            " from (select distinct partner_id, account_id from partner_link where account_id = %s)"
            " link left join consent on consent.account_id = link.account_id"
            " and consent.partner_id = link.partner_id and purpose = %s"
            " left join consent_text on consent_text.id = consent.text_id"
            f" {LAPSING}"
            " order by link.partner_id, to_us is null desc, consent.from_us desc",
            [now_us(), account_id, COLLECT],
        )
        return [SourceConsent(*row) for row in cursor.fetchall()]


def _lines(which: str, number: int) -> list[ConsentLine]:
    with bulk_transaction() as cursor:
        cursor.execute(
            f"{_HISTORY} {which} order by consent.from_us desc, consent.id desc", [number]
        )
        return [_line(row) for row in cursor.fetchall()]


def _line(row: Sequence[Any]) -> ConsentLine:
    values = [*row]
    values[5] = tuple(values[5])
    return ConsentLine(*values)
