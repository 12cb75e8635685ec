"""Consent 授权, source by source: what is granted, granting and withdrawing.

A source is a partner that knows the account. Withdrawal takes effect at once for new acts, because
the door asks each time; what was credited stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class SourceConsent:
    """A partner that knows an account, and the consent that it has, or had last.

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


def sources_of(account_id: int) -> list[SourceConsent]:
    """Every partner that knows the account, with its latest consent."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select distinct on (link.partner_id) link.partner_id, from_us, to_us,"
            " coalesce(version, '')"
            " from (select distinct partner_id, account_id from partner_link where account_id = %s)"
            " link left join consent using (account_id, partner_id)"
            " left join consent_text on consent_text.id = text_id"
            " order by link.partner_id, to_us is null desc, from_us desc",
            [account_id],
        )
        return [SourceConsent(*row) for row in cursor.fetchall()]


def grant(account: AccountEntry, partner_id: int, *, text_id: int, at_us: int) -> None:
    """Record consent to a source from ``at_us`` on; nothing happens if it is live already.

    Raises ``people.source_unknown`` if the partner does not know the account.
    """
    with bulk_transaction() as cursor:
        cursor.execute(
            "select from partner_link where account_id = %s and partner_id = %s limit 1",
            [account.id, partner_id],
        )
        if cursor.fetchone() is None:
            raise Problem("people.source_unknown")
        cursor.execute(
            "insert into consent (account_id, subject_id, partner_id, text_id, from_us)"
            " values (%s, %s, %s, %s, %s) on conflict do nothing",
            [account.id, account.subject_id, partner_id, text_id, at_us],
        )


def withdraw(account: AccountEntry, partner_id: int, *, at_us: int) -> None:
    """End consent to a source at ``at_us``; nothing happens if none is live."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "update consent set to_us = greatest(from_us, %s)"
            " where account_id = %s and partner_id = %s and to_us is null",
            [at_us, account.id, partner_id],
        )
