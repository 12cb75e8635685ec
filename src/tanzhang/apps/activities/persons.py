"""Whose act a row is."""

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

    Of a closed account only withdrawals are taken, since they take nothing from anybody; any other
    row is ``account_closed``. ``enrol`` opens an account for each unknown person of a row that is
    sound so far.
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
    ended = people.ended_accounts(cursor, found["account_id"].unique().to_list())
    is_new = ~pl.col("withdrawn").fill_null(False)
    fault = (
        pl.when(pl.col("account_id").is_null())
        .then(pl.lit("person_unknown"))
        .when(pl.col("account_id").is_in(sorted(ended)) & is_new)
        .then(pl.lit("account_closed"))
    )
    return joined.with_columns(code=pl.coalesce("code", fault))


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
