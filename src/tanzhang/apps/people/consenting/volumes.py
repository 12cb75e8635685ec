"""How many people's data are handled, counted for the thresholds of the law.

Above them a platform names a responsible person, reports an assessment, or needs another mechanism
to give data abroad (``thresholds``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.consenting.processing import HOME
from tanzhang.apps.people.consenting.purposes import CROSS_BORDER, SENSITIVE
from tanzhang.apps.people.erasure.models import State
from tanzhang.apps.people.requests.clock import day_begins, day_of_law
from tanzhang.apps.people.subjects.kinds import AccountKind

# Nothing leads back from being erased: it is enough that an account ever was.
_COUNT = """
with erased as (select account_id from account_state where state = %s)
select (select count(*) from subject where exists (
            select from account a where a.subject_id = subject.id and a.kind = %s
            and not exists (select from erased where erased.account_id = a.id))),
       (select count(distinct subject_id) from consent where purpose = %s),
       (select count(*) from child where fourteen_us > %s
        and not exists (select from erased where erased.account_id = child.account_id)),
       (select count(distinct disclosure.subject_id) from disclosure
        where at >= %s and (
            exists (select from impact_assessment a
                    join impact_decision d on d.assessment_id = a.id and d.decision = 'approved'
                    where a.partner_id = disclosure.partner_id and a.country <> %s)
            or exists (select from consent c where c.subject_id = disclosure.subject_id
                       and c.partner_id = disclosure.partner_id and c.purpose = %s)))
"""


@dataclass(frozen=True, slots=True)
class Volumes:
    """Numbers of people: with an account; who ever let sensitive data be handled; under 14; and
    whose data were given abroad since the year began in China.

    Households, teams and the like are no persons, and whoever was erased has no account any more.
    Of somebody with two subjects, linked or not, each is counted.
    """

    persons: int
    sensitive_persons: int
    children: int
    cross_border_persons: int


def volumes(now: datetime) -> Volumes:
    """The numbers at an instant."""
    year_began = day_begins(day_of_law(now).replace(month=1, day=1))
    at_us = int(now.timestamp()) * 1_000_000
    with bulk_transaction() as cursor:
        person, erased = int(AccountKind.PERSON), State.ERASED.value
        cursor.execute(_COUNT, [erased, person, SENSITIVE, at_us, year_began, HOME, CROSS_BORDER])
        return Volumes(*cursor.fetchall()[0])
