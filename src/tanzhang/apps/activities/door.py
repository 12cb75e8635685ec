"""The door: what decides, when a report arrives, whether an act is accepted.

Everything that depends on arrival is decided here and recorded: identity, consent, plausible times.
What is accepted is durable when ``accept`` returns; what it is worth is for settlement to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities import keys
from tanzhang.apps.activities.authenticity.judging import CODE as PUT_ASIDE, examine
from tanzhang.apps.activities.authenticity.keeping import keep_opinion
from tanzhang.apps.activities.features import add_features
from tanzhang.apps.activities.identity import judge, remember
from tanzhang.apps.activities.minimal import leave_out
from tanzhang.apps.activities.permitted import add_consent, unassessed_scenes
from tanzhang.apps.activities.persons import add_accounts
from tanzhang.apps.activities.pieces import ITEM, store_pieces
from tanzhang.apps.activities.report import (
    blank,
    canonical_content,
    check_columns,
    input_columns,
    row_fault,
)
from tanzhang.apps.activities.scenes import add_local_time, add_scenes, add_slots
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction, uuid_bytes
from tanzhang.apps.partners.api import PartnerEntry, partner as partner_by_code
from tanzhang.apps.people.api import installation_secret, lock_source
from tanzhang.engine.acts import State
from tanzhang.engine.rules import Programme
from tanzhang.faults import fault_point
from tanzhang.problems import Problem
from tanzhang.stored_time import moment_of

VERDICTS: Final = ("accepted", "duplicate", "conflict", "rejected", "held")

#: Verdicts of codes that are not rejections.
_VERDICT: Final = {
    "superseded": "accepted",
    "same_content": "duplicate",
    "content_differs": "conflict",
    "subject_differs": "conflict",
    PUT_ASIDE: "held",
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of a report: a verdict for each row, and the pieces that now wait.

    ``verdicts`` has the columns ``row``, ``verdict`` (one of ``VERDICTS``), ``code`` (null where
    there is nothing to say; its sentences are those of the problem ``door.<code>``) and
    ``event_key`` (32 hex digits; null where the row has no usable id).
    """

    verdicts: pl.DataFrame
    counts: Mapping[str, int]
    piece_ids: tuple[int, ...]
    #: Fields that were sent and not kept, as JSON pointers: nothing needs them, or nobody agreed.
    dropped: tuple[str, ...] = ()
    #: The rows that were not refused, as they are kept; also of repetitions and contradictions.
    kept: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)


def accept(
    report: pl.DataFrame,
    *,
    partner: str,
    programme: str,
    received_us: int,
    enrol: bool = False,
    agreed: Collection[str] = (),
    also: Callable[[psycopg.Cursor[Any], Acceptance], None] | None = None,
) -> Acceptance:
    """Accept a report (``report.REPORT``) of one partner for one programme, in one transaction.

    ``received_us`` is the instant of arrival. ``enrol`` opens an account, with consent since the
    programme's first day, for each person that is not known yet: for fictitious people only.
    ``agreed`` are scenes that the partner may report besides those that the programme's file gives
    it. ``also`` writes what must be kept with the answer, in the same transaction. Raises
    ``door.report_malformed``, ``door.partner_elsewhere``, ``partners.partner_unknown`` and
    ``catalogue.programme_unknown``; a bad row never raises.
    """
    check_columns(report)
    rules = rulebook_in_force()
    who = _partner(partner, programme, rules)
    with bulk_transaction() as cursor:
        # Whoever it waited for may have withdrawn, and has been answered.
        judged_us = max(received_us, lock_door(cursor, who.id))
        settled_by = rules.programme(programme)
        visit = _Visit(who, settled_by, rules, received_us, judged_us, enrol, agreed)
        acceptance = visit.accept(cursor, report)
        if also is not None:
            also(cursor, acceptance)
        fault_point("door.before_commit")
    fault_point("door.after_commit")
    return acceptance


def lock_door(cursor: psycopg.Cursor[Any], partner_id: int) -> int:
    """Wait until nobody else is at the partner's door, and keep it to the transaction's end.

    The instant at which the wait was over, in microseconds UTC by the database's clock.
    """
    return lock_source(cursor, partner_id)


def _partner(code: str, programme: str, rules: RulesInForce) -> PartnerEntry:
    found = partner_by_code(code)
    if rules.programme_ids[rules.programme(programme).id] != found.programme_id:
        raise Problem("door.partner_elsewhere", partner=code, programme=programme)
    return found


@dataclass(frozen=True, slots=True)
class _Visit:
    """One report at the door."""

    partner: PartnerEntry
    programme: Programme
    rules: RulesInForce
    received_us: int
    judged_us: int  #: when consent must be live: at its arrival, or when its wait was over
    enrol: bool
    agreed: Collection[str]

    def accept(self, cursor: psycopg.Cursor[Any], report: pl.DataFrame) -> Acceptance:
        secret = installation_secret()
        rows = self._with_keys(
            report.with_columns(
                code=row_fault(self.received_us),
                item_key=pl.when(~blank("item_key")).then("item_key"),
            )
        )
        sound = rows.filter(pl.col("code").is_null())
        placed, dropped = self._with_places(sound, cursor, secret)
        clear = placed.filter(pl.col("code").is_null())
        judged = judge(cursor, self._with_content(clear, report))
        accepted = judged.filter(pl.col("code").is_null() | (pl.col("code") == "superseded"))
        pieces: tuple[int, ...] = ()
        if len(accepted):
            remember(cursor, accepted)
            current, things = leave_out(accepted.filter(pl.col("code").is_null()), self.rules)
            dropped += things
            current = self._believed(cursor, current, secret)
            judged = judged.update(current.select("row", "code"), on="row")
            pieces = self._store(cursor, current, secret)
        kept = leave_out(judged, self.rules)[0]
        return replace(_acceptance(rows, [placed, judged], pieces, dropped), kept=kept)

    def _believed(
        self, cursor: psycopg.Cursor[Any], items: pl.DataFrame, secret: bytes
    ) -> pl.DataFrame:
        """New items with what judging says of them: what is hard to believe waits for a person."""
        opinion = examine(
            cursor,
            items,
            programme=self.programme,
            partner_id=self.partner.id,
            rules=self.rules,
            secret=secret,
        )
        if opinion is None:
            return items
        keep_opinion(cursor, opinion, self.partner.id)
        aside = pl.col("put_aside").fill_null(False)
        return items.join(opinion.rows, on="row", how="left", maintain_order="left").with_columns(
            held=pl.col("held") | aside,
            grade=pl.min_horizontal("grade", "most_grade").cast(pl.Int16),
            code=pl.when(aside).then(pl.lit(PUT_ASIDE)),
        )

    def _with_keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the event key of every row whose id can be used; null elsewhere."""
        unusable = pl.col("code").is_in(["id_missing", "id_too_long"]).fill_null(False)
        usable = rows.filter(~unusable).select("row", "external_id")
        hi, lo = keys.event_keys(self.partner.code, usable["external_id"], self.partner.id_time)
        keyed = usable.select("row", key_hi=pl.Series(hi), key_lo=pl.Series(lo))
        return rows.join(keyed, on="row", how="left", maintain_order="left")

    def _with_places(
        self, rows: pl.DataFrame, cursor: psycopg.Cursor[Any], secret: bytes
    ) -> tuple[pl.DataFrame, tuple[str, ...]]:
        """Add day, month, scene, pack, slots, account and consent, and what is wrong with them.

        Besides the rows: the sensitive inputs that were left out of some.
        """
        inputs = input_columns(rows)
        dated = add_local_time(rows, self.programme)
        scened = add_scenes(dated, self.programme, self.partner.code, self.rules, self.agreed)
        slotted = add_slots(scened, inputs, self.rules)
        is_withdrawn = pl.col("withdrawn").fill_null(False)  # it takes nothing from anybody
        unassessed = unassessed_scenes(
            cursor, slotted, self.rules, self.partner.id, self.received_us
        )
        fault = (
            pl.when("planned")
            .then(pl.lit("scene_not_connected"))
            .when(pl.col("pack_id").is_null())
            .then(pl.lit("scene_unknown"))
            .when(~pl.col("may_report") & ~is_withdrawn)
            .then(pl.lit("scene_not_reportable"))
            .when(pl.col("scene").is_in(unassessed) & ~is_withdrawn)
            .then(pl.lit("not_assessed"))
            .when("unknown_input")
            .then(pl.lit("input_unknown"))
        )
        known = add_accounts(
            slotted.with_columns(code=fault),
            cursor,
            partner=self.partner,
            programme=self.programme,
            secret=secret,
            enrol=self.enrol,
        )
        seen = add_features(known, cursor, self.programme, self.rules)
        permitted = add_consent(seen, cursor, self.partner.id, self.judged_us, self.rules)
        return permitted.items, permitted.dropped

    def _with_content(self, items: pl.DataFrame, report: pl.DataFrame) -> pl.DataFrame:
        texts = items.select(canonical_content(input_columns(report))).to_series()
        return items.with_columns(content=pl.Series(keys.content_digests(texts), dtype=pl.Int64))

    def _store(
        self, cursor: psycopg.Cursor[Any], items: pl.DataFrame, secret: bytes
    ) -> tuple[int, ...]:
        """Put new items into pieces and the pieces into the queue."""
        cursor.execute("select ensure_months(%s)", [items["month"].unique().to_list()])
        hi, lo = keys.item_keys(secret, items["item_key"])
        state = (
            pl.when("withdrawn")
            .then(int(State.WITHDRAWN))
            .when("held")
            .then(int(State.HELD))
            .otherwise(int(State.LIVE))
        )
        programme_id = self.rules.programme_ids[self.programme.id]
        columns = items.with_columns(
            state=state,
            partner_id=pl.lit(self.partner.id),
            programme_id=pl.lit(programme_id),
            item_hi=pl.Series(hi, dtype=pl.UInt64),
            item_lo=pl.Series(lo, dtype=pl.UInt64),
        ).select(pl.col(name).cast(dtype) for name, dtype in ITEM.items())
        received_at = moment_of(self.received_us)
        return store_pieces(cursor, columns, self.partner.id, received_at)


def _acceptance(
    rows: pl.DataFrame,
    judgements: list[pl.DataFrame],
    piece_ids: tuple[int, ...],
    dropped: tuple[str, ...],
) -> Acceptance:
    """Bring the codes of all steps together: a later step only saw what an earlier one let pass."""
    codes = rows.select("row", "held", "withdrawn", "key_hi", "key_lo", "code")
    for place, judged in enumerate(judgements):
        later = judged.select("row", pl.col("code").alias(f"later_{place}"))
        codes = codes.join(later, on="row", how="left", maintain_order="left")
    code = pl.coalesce("code", *(f"later_{place}" for place in range(len(judgements))))
    is_held = pl.col("held").fill_null(False) & ~pl.col("withdrawn").fill_null(False)
    plain = pl.when(is_held).then(pl.lit("held")).otherwise(pl.lit("accepted"))
    verdict = (
        pl.when(pl.col("code").is_null())
        .then(plain)
        .otherwise(pl.col("code").replace_strict(_VERDICT, default="rejected"))
    )
    verdicts = (
        codes.with_columns(code=code, event_key=hex_keys(codes))
        .with_columns(verdict=verdict)
        .select("row", "verdict", "code", "event_key")
    )
    found = dict(verdicts["verdict"].value_counts().iter_rows())
    counts = {name: found.get(name, 0) for name in VERDICTS}
    return Acceptance(verdicts, counts, piece_ids, dropped)


def hex_keys(codes: pl.DataFrame) -> pl.Series:
    """Event keys as 32 hex digits; null where there is none."""
    halves = codes.select(pl.col("key_hi", "key_lo").fill_null(0))
    digits = uuid_bytes(halves["key_hi"].to_numpy(), halves["key_lo"].to_numpy()).tobytes().hex()
    texts = [digits[start : start + 32] for start in range(0, len(digits), 32)]
    return pl.Series("event_key", texts, pl.String).set(codes["key_hi"].is_null(), None)
