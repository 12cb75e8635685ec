"""What is known of a guest who wants to join, and what her programme still asks of her."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import (
    Applicant,
    Cursor,
    JoinedBy,
    has_room,
    hidden_from,
    listed_for,
    stages,
    verdicts,
    vouched_value,
)
from tanzhang.engine.packs import ProgrammeFile
from tanzhang.engine.packs.joining.judging import Refusal, grounds, judge, refusal
from tanzhang.engine.packs.joining.section import Cohort, FormField, Joining
from tanzhang.engine.packs.joining.words import CODE, EVERYONE, LIST
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.guest import phone_of, vouched_for


@dataclass(frozen=True, slots=True)
class Application:
    """A guest's case. ``may_join`` is None while it hangs on a phone that she has yet to show.

    ``vouched`` are the fields that nobody types, by what shows them (None: nothing does).
    ``cohort`` is the one whose members alone may join now, and ``waits`` why she may not.
    """

    file: ProgrammeFile
    programme_id: int
    verdicts: Mapping[str, bool | None]
    may_join: bool | None
    needs_phone: bool
    vouched: Mapping[str, str | None] = field(repr=False)
    cohort: Cohort | None = None
    listed: bool = False
    waits: Problem | None = None

    @property
    def joining(self) -> Joining:
        return self.file.joining

    @property
    def typed(self) -> dict[str, FormField]:
        """The fields of the form that she fills in herself."""
        fields = self.joining.form.fields
        return {name: asked for name, asked in fields.items() if not asked.verified}

    def refusal(self) -> Refusal:
        """The rules that keep her out."""
        return refusal(self.joining.who, self.joining.rules, self.verdicts)

    def joined_by(self, kind: str, typed: Mapping[str, str]) -> JoinedBy:
        """What is written down when she joins with an account of this kind."""
        fields = {name: typed.get(name, "") for name in self.typed}
        fields |= {name: value or "" for name, value in self.vouched.items()}
        asked = self.joining.form.fields
        return JoinedBy(
            joining=self.joining,
            grounds=grounds(self.joining.who, self.verdicts),
            fields={
                name: value
                for name, value in fields.items()
                if value and (not asked[name].kinds or kind in asked[name].kinds)
            },
            cohort=self.cohort,
            listed=self.listed,
        )


def application_of(guest: dict[str, Any]) -> Application:
    """The case of a guest, by what the host said and by the phone that she has shown."""
    rules = rulebook_in_force()
    file = rules.programme_file(guest["programme"])
    programme_id, joining = rules.programme_ids[guest["programme"]], file.joining
    who = Applicant(vouched_for(guest), phone_of(guest))
    with bulk_transaction() as cursor:
        found = verdicts(cursor, programme_id, joining, who)
        cohort, listed, waits = _cohort(cursor, programme_id, joining, who)
        vouched = {
            name: _vouched(cursor, programme_id, asked, joining, who)
            for name, asked in joining.form.fields.items()
            if asked.verified and asked.verified != CODE
        }
    return Application(
        file=file,
        programme_id=programme_id,
        verdicts=found,
        may_join=judge(joining.who, found),
        needs_phone="phone" in joining.form.fields and who.phone is None,
        vouched=vouched,
        cohort=cohort,
        listed=bool(listed),
        waits=waits,
    )


def open_by_phone() -> dict[str, ProgrammeFile]:
    """The programmes that people may join by their phones alone; none before any is loaded."""
    try:
        rules = rulebook_in_force()
    except Problem:
        return {}
    files = {code: rules.programme_file(code) for code in rules.rulebook.programmes}
    return {
        code: file
        for code, file in files.items()
        if "phone" in file.joining.doors
        and "phone" not in hidden_from(rules.programme_ids[code], file.joining, None).entries
    }


def _cohort(
    cursor: Cursor, programme_id: int, joining: Joining, who: Applicant
) -> tuple[Cohort | None, bool | None, Problem | None]:
    """The cohort that she would have to enter, whether she is on its list, and what is against it.

    Her number is asked for before the list is: nobody learns who else is invited.
    """
    now = stages(programme_id)
    closed = (cohort for cohort in joining.cohorts.values() if cohort.only_members_join)
    cohort = next((one for one in closed if now.of_cohort(one.id) != EVERYONE), None)
    if cohort is None:
        return None, None, None
    listed = (
        listed_for(cursor, programme_id, joining, cohort.people_list, who)
        if cohort.people_list
        else True
    )
    if now.of_cohort(cohort.id) != "open" or listed is False:
        return cohort, listed, Problem("joining.only_members")
    if not has_room(cursor, programme_id, cohort):
        return cohort, listed, Problem("joining.cohort_full")
    return cohort, listed, None


def _vouched(
    cursor: Cursor, programme_id: int, asked: FormField, joining: Joining, who: Applicant
) -> str | None:
    if asked.verified == LIST and not listed_for(
        cursor, programme_id, joining, asked.people_list, who
    ):
        return None
    return vouched_value(asked, joining, who)
