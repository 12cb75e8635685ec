"""Taking what was fetched from a partner: by the agreement to fetch, kept as batches like a call's.

A fetched file has no signature: the batch names the file by its digest instead, and each event's
digest is of its row as it was read.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.door import Acceptance, accept
from tanzhang.apps.activities.intake.storing import Delivery
from tanzhang.apps.activities.intake.take import keep, with_keys
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import AgreementEntry, PartnerEntry, allow_items
from tanzhang.engine.log.tree import sm3_of_each
from tanzhang.stored_time import moment_of

#: A batch numbers its events in 16 bits.
MOST_ROWS: Final = 30_000


def take_pulled(
    report: pl.DataFrame,
    *,
    partner: PartnerEntry,
    agreement: AgreementEntry,
    received_us: int,
    origin: bytes,
    enrol: bool = False,
) -> pl.DataFrame:
    """Take a report that was read from a partner's file, under its agreement to ``pull``.

    ``origin`` says which file it was; it is kept as the body of each batch. Answers row, verdict,
    code and event_key of every row (``Acceptance.verdicts``). Raises ``partners.items_over_quota``
    and what ``accept`` raises; the batches before that stand.
    """
    parts = report.iter_slices(MOST_ROWS)
    return pl.concat(
        [_take(part, partner, agreement, received_us, origin, enrol) for part in parts]
    )


def _take(
    part: pl.DataFrame,
    partner: PartnerEntry,
    agreement: AgreementEntry,
    received_us: int,
    origin: bytes,
    enrol: bool,
) -> pl.DataFrame:
    """One batch."""
    allow_items(partner.id, len(part), agreement.items_a_day)
    rows = part.with_columns(row=pl.int_range(len(part), dtype=pl.UInt32))
    judged = rows.with_columns(code=_fault(agreement))
    items = with_keys(judged.select("row", "external_id", "revision", "code"), partner)
    items = items.with_columns(sm3=_digests(rows))
    received_at = moment_of(received_us)
    delivery = Delivery(origin, "pull", received_at, None, None, b"", b"")
    answers: list[pl.DataFrame] = []

    def also(cursor: psycopg.Cursor[Any], acceptance: Acceptance) -> None:
        answers.append(keep(cursor, acceptance, partner, items, (), delivery, origin).results)

    accept(
        judged.filter(pl.col("code").is_null()).drop("code"),
        partner=partner.code,
        programme=rulebook_in_force().programme_code(partner.programme_id),
        received_us=received_us,
        enrol=enrol,
        agreed=agreement.scenes or (),
        also=also,
    )
    said = answers[0].select("verdict", "code", "event_key")
    return pl.concat([part.select("row"), said], how="horizontal")


def _fault(agreement: AgreementEntry) -> pl.Expr:
    """What the agreement does not cover; an earlier report may be withdrawn all the same."""
    foreign = pl.lit(False)
    if agreement.scenes is not None:
        foreign = ~pl.col("scene").is_in(list(agreement.scenes))
    fault = (
        pl.when(foreign)
        .then(pl.lit("scene_not_agreed"))
        .when(pl.col("grade") > agreement.most_grade)
        .then(pl.lit("grade_above_agreement"))
    )
    return pl.when(~pl.col("withdrawn").fill_null(False)).then(fault)


def _digests(rows: pl.DataFrame) -> pl.Series:
    texts = rows.select(pl.struct(pl.exclude("row")).struct.json_encode()).to_series()
    return pl.Series(sm3_of_each([text.encode() for text in texts]), dtype=pl.Binary)
