"""Whose act a row is, and whether she lets this partner report it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.partners.api import PartnerEntry
from tanzhang.apps.people import api as people
from tanzhang.engine.localtime import day_starts_us
from tanzhang.engine.rules import Programme


def add_accounts(
    items: pl.DataFrame,
    cursor: psycopg.Cursor[Any],
    *,
    partner: PartnerEntry,
    programme: Programme,
    secret: bytes,
    enrol: bool,
) -> pl.DataFrame:
    """Add ``subject_id``, ``account_id`` and ``joined_day``; ``person_unknown`` where none is.

    ``enrol`` opens an account for each unknown person of a row that is sound so far.
    """
    sound = pl.col("code").is_null()
    persons = items.filter(sound)["person"].unique(maintain_order=True)
    refs = people.person_refs(secret, partner.code, persons)
    named = pl.DataFrame({"person": persons, "ref": pl.Series(refs, dtype=pl.Binary)})
    found = people.linked_accounts(cursor, partner.id, refs)
    if enrol:
        strangers = named.join(found, on="ref", how="anti", maintain_order="left")
        if len(strangers):
            _enrol(cursor, strangers, partner, programme)
            found = people.linked_accounts(cursor, partner.id, refs)
    accounts = named.join(found, on="ref", how="left").drop("ref")
    joined = items.join(accounts, on="person", how="left", maintain_order="left")
    unknown = pl.when(pl.col("account_id").is_null()).then(pl.lit("person_unknown"))
    return joined.with_columns(code=pl.coalesce("code", unknown))


def _enrol(
    cursor: psycopg.Cursor[Any],
    strangers: pl.DataFrame,
    partner: PartnerEntry,
    programme: Programme,
) -> None:
    first_day = programme.versions[0].valid_from
    first_us = day_starts_us(np.array([first_day], np.int64), programme.time_zone)[0]
    people.enrol(
        cursor,
        partner_id=partner.id,
        programme_id=partner.programme_id,
        refs=strangers["ref"].to_list(),
        account_handles=people.handles(programme.id, partner.code, strangers["person"]),
        joined_day=first_day,
        consent_from_us=int(first_us),
    )


def add_consent(
    items: pl.DataFrame, cursor: psycopg.Cursor[Any], partner_id: int, received_us: int
) -> pl.DataFrame:
    """Add ``consent``: live over the act and at its arrival; ``no_consent`` where it is not.

    Windows are half-open; an instant lies in one if it begins in it. A withdrawal takes nothing
    from anybody and is accepted without consent.
    """
    accounts = items["account_id"].drop_nulls().unique()
    windows = people.consent_windows(cursor, partner_id, accounts)
    start, end = pl.col("started_us"), pl.max_horizontal("started_us", "ended_us")
    until = pl.col("to_us").fill_null(2**63 - 1)
    spans = (pl.col("from_us") <= start) & (start < until) & (end <= until)
    now = (pl.col("from_us") <= received_us) & (received_us < until)
    lived = (
        items.select("row", "account_id", "started_us", "ended_us")
        .join(windows, on="account_id", how="inner")
        .group_by("row")
        .agg(consent=spans.any() & now.any())
    )
    joined = items.join(lived, on="row", how="left", maintain_order="left").with_columns(
        pl.col("consent").fill_null(False)
    )
    refused = ~pl.col("consent") & ~pl.col("withdrawn").fill_null(False)
    return joined.with_columns(
        code=pl.coalesce("code", pl.when(refused).then(pl.lit("no_consent")))
    )
