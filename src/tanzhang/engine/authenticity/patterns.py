"""Patterns over many acts of one pack: what no single act shows.

The acts of some weeks come as a frame, one row an act: ``account_id``, ``day``, ``started_us``,
``ended_us``, ``amount``, ``score``, ``findings``, ``withdrawn``, ``account_age_days``, ``device``
and one column for each signal that the pack reads, null where it was not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from tanzhang.engine.authenticity.rules import Authenticity, Pattern, Span

#: One finding a row: the account, the pattern's place in the section, and what was measured.
SUSPECTS: Final = pl.Schema({"account_id": pl.Int64, "pattern": pl.Int64, "value": pl.Int64})

Suspects = pl.DataFrame

_MINUTE_US: Final = 60_000_000

#: An act that begins so soon after a like one of another partner may be the same, shifted.
_ECHO_US: Final = 180 * _MINUTE_US

_VALUED: Final = pl.Schema({"account_id": pl.Int64, "value": pl.Int64})

#: A bucket with more accounts than this says that something is common, not that it was copied.
_CROWDED: Final = 60

#: Who did so many thousandths of an account's acts at the same minute did most of them.
_MOST_PERMILLE: Final = 750


def find_patterns(rules: Authenticity, acts: pl.DataFrame, today: int) -> Suspects:
    """Every account whose acts of the days before ``today`` (inclusive) a pattern finds odd."""
    found = [pl.DataFrame(schema=SUSPECTS)]
    for place, pattern in enumerate(rules.patterns):
        window = acts.filter(pl.col("day").is_between(today - pattern.days + 1, today))
        if pattern.measure != "withdrawn_permille":
            window = window.filter(~pl.col("withdrawn"))
        for condition in pattern.when:
            window = window.filter(_meets(condition, window.columns))
        if window.is_empty():
            continue
        busy = (
            window.group_by("account_id").agg(n=pl.len()).filter(pl.col("n") >= pattern.least_acts)
        )
        valued = _MEASURES[pattern.measure](rules, pattern, window)
        odd = valued.join(busy, on="account_id", how="semi").filter(_implausible(pattern))
        found.append(
            odd.select(
                pl.col("account_id").cast(pl.Int64),
                pattern=pl.lit(place, pl.Int64),
                value=pl.col("value").cast(pl.Int64),
            )
        )
    return pl.concat(found).sort("pattern", "account_id")


def _implausible(pattern: Pattern) -> pl.Expr:
    too_little, too_much = pl.lit(False), pl.lit(False)
    if pattern.at_least is not None:
        too_little = pl.col("value") < pattern.at_least
    if pattern.at_most is not None:
        too_much = pl.col("value") > pattern.at_most
    return too_little | too_much


def _meets(span: Span, columns: Sequence[str]) -> pl.Expr:
    if span.measure not in columns or (span.per and span.per not in columns):
        return pl.lit(False)
    value = pl.col(span.measure)
    if span.per:
        value = pl.when(pl.col(span.per) > 0).then(value * span.times // pl.col(span.per))
    met = value.is_not_null()
    if span.at_least is not None:
        met &= value >= span.at_least
    if span.at_most is not None:
        met &= value <= span.at_most
    if span.among is not None:
        met &= value.is_in(list(span.among))
    return met


def bucketed(name: str) -> pl.Expr:
    """A number as one of sixteen steps between each power of two: about six in a hundred wide."""
    value = pl.col(name).fill_null(0)
    bits = pl.sum_horizontal((value >= 2**k).cast(pl.Int64) for k in range(5, 41))
    width = pl.lit(2, pl.Int64).pow(bits)
    return bits * 64 + value // width


def _per_account(value: pl.Expr) -> Callable[[Authenticity, Pattern, pl.DataFrame], pl.DataFrame]:
    def measured(_rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
        return acts.group_by("account_id").agg(value=value)

    return measured


def _hit(rules: Authenticity, pattern: Pattern) -> pl.Expr:
    """Whether the check that a pattern names found something in an act."""
    place = next(n for n, check in enumerate(rules.checks) if check.name == pattern.of)
    return (pl.col("findings") & pl.lit(1 << place, pl.Int64)) != 0


def _days_with(rules: Authenticity, pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    hit = acts.filter(_hit(rules, pattern))
    return hit.group_by("account_id").agg(value=pl.col("day").n_unique())


def _share_with(rules: Authenticity, pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """The share of acts, of which those that overlap an earlier one say nothing new."""
    enough = _apart(acts, []).filter(pl.len().over("account_id") >= pattern.least_acts)
    share = _hit(rules, pattern).sum().cast(pl.Int64) * 1000 // pl.len()
    return enough.group_by("account_id").agg(value=share)


def _spread(_rules: Authenticity, pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How far the middle day lies from the median of days, in thousandths of it.

    As many days as acts are asked for: two devices make no week of four days.
    """
    days = acts.group_by("account_id", "day").agg(pl.col("amount").sum())
    daily = days.filter(pl.len().over("account_id") >= pattern.least_acts)
    middle = daily.with_columns(
        middle=pl.col("amount").median().over("account_id").cast(pl.Int64)
    ).filter(pl.col("middle") > 0)
    away = (pl.col("amount") - pl.col("middle")).abs() * 1000 // pl.col("middle")
    return (
        middle.with_columns(away=away)
        .group_by("account_id")
        .agg(value=pl.col("away").median().cast(pl.Int64))
    )


def _sharing(token: str) -> Callable[[Authenticity, Pattern, pl.DataFrame], pl.DataFrame]:
    """How many accounts share the account's most shared token."""

    def measured(_rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
        if token not in acts.columns:
            return pl.DataFrame(schema=_VALUED)
        uses = acts.filter(pl.col(token).is_not_null()).select("account_id", token).unique()
        sharers = uses.with_columns(value=pl.len().over(token))
        return sharers.group_by("account_id").agg(pl.col("value").max())

    return measured


def _apart(acts: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Of an account's acts with the same key, those that begin when the ones before have ended.

    A watch and a phone tell one walk twice; as their times overlap, settlement counts one of them.
    """
    group = ["account_id", *key]
    ended = pl.col("ended_us").cum_max().shift(1).over(group)
    return acts.sort("started_us", "ended_us").filter(
        (pl.col("started_us") >= ended).fill_null(value=True)
    )


def _copies(rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many of an account's acts repeat another's or an own one to the last digit."""
    prints = [name for name in rules.prints if name in acts.columns]
    whole = acts.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in prints))
    shape = _apart(whole, prints)
    times = pl.len().over(prints)
    return (
        shape.with_columns(times=times)
        .group_by("account_id")
        .agg(value=(pl.col("times") > 1).sum())
    )


def _repeats(_rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many of an account's acts went exactly as another act, by the digest of their course."""
    if "pace_print" not in acts.columns:
        return pl.DataFrame(schema=_VALUED)
    printed = acts.filter(pl.col("pace_print").is_not_null())
    times = printed.with_columns(times=pl.len().over("pace_print"))
    return times.group_by("account_id").agg(value=(pl.col("times") > 1).sum())


def _echoes(_rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many acts follow a like one of another partner, without overlapping it.

    The same way back is a like act too, so that one or two a fortnight say nothing.
    """
    slim = acts.select("account_id", "day", "partner_id", "started_us", "ended_us", "amount")
    pairs = slim.join(slim, on=["account_id", "day"], suffix="_other").filter(
        (pl.col("partner_id") != pl.col("partner_id_other"))
        & (pl.col("started_us") >= pl.col("ended_us_other"))
        & (pl.col("started_us") - pl.col("ended_us_other") <= _ECHO_US)
        & ((pl.col("amount") - pl.col("amount_other")).abs() * 20 <= pl.col("amount_other"))
    )
    own = pairs.select("account_id", "started_us").unique()
    return own.group_by("account_id").agg(value=pl.len())


def _echoes_of_payment(_rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many acts were paid as one of another account's was, told by another partner."""
    if not {"payment", "paid_fen"} <= set(acts.columns):
        return pl.DataFrame(schema=_VALUED)
    slim = acts.filter(pl.col("payment").is_not_null() & (pl.col("paid_fen") > 0)).select(
        "account_id", "day", "partner_id", "started_us", "payment", "paid_fen"
    )
    pairs = slim.join(slim, on=["payment", "paid_fen", "day"], suffix="_other").filter(
        (pl.col("partner_id") != pl.col("partner_id_other"))
        & (pl.col("account_id") != pl.col("account_id_other"))
        & ((pl.col("started_us") - pl.col("started_us_other")).abs() <= _ECHO_US)
    )
    own = pairs.select("account_id", "started_us").unique()
    return own.group_by("account_id").agg(value=pl.len())


def _alike(rules: Authenticity, acts: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The acts with the steps in which their likeness lies, and the names of these."""
    numbers = [name for name in rules.likeness if name in acts.columns]
    steps = [f"k{place}" for place in range(len(numbers))]
    whole = acts.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in numbers))
    return whole.with_columns(
        bucketed(name).alias(step) for name, step in zip(numbers, steps, strict=True)
    ), ["day", *steps]


def _siblings(rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """On how many days two of an account's own acts were alike and did not overlap."""
    stepped, key = _alike(rules, acts)
    apart = _apart(stepped, key)
    own = apart.with_columns(n=pl.len().over("account_id", *key)).filter(pl.col("n") > 1)
    return own.group_by("account_id").agg(value=pl.col("day").n_unique())


def _twins(rules: Authenticity, pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many other accounts had like acts, measure by measure, on so many days."""
    stepped, key = _alike(rules, acts)
    return _companions(stepped.select("account_id", *key).unique(), key, pattern.same_days)


def _crowd(rules: Authenticity, pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many other accounts began the same at the same minute, on so many days."""
    keyed, key = _moments(acts)
    return _companions(keyed, key, pattern.same_days)


def _moments(acts: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Who began what at which minute, as far as places are told; and the columns that say so."""
    places = [name for name in ("place_from", "place_to", "vehicle") if name in acts.columns]
    keyed = acts.with_columns(minute=pl.col("started_us") // _MINUTE_US)
    if places:
        keyed = keyed.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in places))
    key = ["day", "minute", *places]
    return keyed.select("account_id", *key).unique(), key


def _shadows(_rules: Authenticity, pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many other accounts each did most of this one's acts at the same minute.

    Colleagues share a train on many days, and strangers at a small station by chance; neither
    shares nearly every one. ``same_days`` is needed of each companion besides.
    """
    keyed, key = _moments(acts)
    pairs = _pairs(keyed, key)
    own = keyed.group_by("account_id").agg(own=pl.len())
    shared = (
        pairs.group_by("account_id", "account_id_other")
        .agg(n=pl.len(), days=pl.col("day").n_unique())
        .join(own, on="account_id")
    )
    near = shared.filter(
        (pl.col("n") * 1000 >= pl.col("own") * _MOST_PERMILLE)
        & (pl.col("days") >= pattern.same_days)
    )
    return near.group_by("account_id").agg(value=pl.len())


def _one_way(_rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many acts begin where an earlier one of the day began, with none ending there between.

    Who goes out twice came back once. What two partners told of one ride counts as one.
    """
    if not {"place_from", "place_to"} <= set(acts.columns):
        return pl.DataFrame(schema=_VALUED)
    told = acts.filter(pl.col("place_from").is_not_null() & pl.col("place_to").is_not_null())
    rides = _apart(told, ["day", "place_from", "place_to"])
    day = rides.select("account_id", "day", "started_us", "ended_us", "place_from", "place_to")
    again = (
        day.sort("started_us")
        .with_columns(before=pl.col("started_us").shift(1).over("account_id", "day", "place_from"))
        .filter(pl.col("before").is_not_null())
    )
    back = day.select(
        "account_id", "day", pl.col("place_to").alias("place_from"), came_us="ended_us"
    )
    returned = again.join(back, on=["account_id", "day", "place_from"]).filter(
        (pl.col("came_us") > pl.col("before")) & (pl.col("came_us") <= pl.col("started_us"))
    )
    stuck = again.join(returned, on=["account_id", "started_us"], how="anti")
    return stuck.group_by("account_id").agg(value=pl.len())


def _vehicle_shared(_rules: Authenticity, _pattern: Pattern, acts: pl.DataFrame) -> pl.DataFrame:
    """How many acts lie in another account's act with the same vehicle."""
    nobody = pl.DataFrame(schema=_VALUED)
    if "vehicle" not in acts.columns:
        return nobody
    uses = acts.filter(pl.col("vehicle").is_not_null()).select(
        "account_id", "vehicle", "day", "started_us", "ended_us"
    )
    shared = uses.with_columns(n=pl.len().over("vehicle", "day")).filter(
        pl.col("n").is_between(2, _CROWDED)
    )
    met = shared.join(shared, on=["vehicle", "day"], suffix="_other").filter(
        (pl.col("account_id") != pl.col("account_id_other"))
        & (pl.col("started_us") < pl.col("ended_us_other"))
        & (pl.col("started_us_other") < pl.col("ended_us"))
    )
    own = met.select("account_id", "started_us").unique()
    return own.group_by("account_id").agg(value=pl.len())


def _companions(keyed: pl.DataFrame, key: list[str], same_days: int) -> pl.DataFrame:
    """Per account, the number of others with whom it shares a key on at least so many days."""
    pairs = _pairs(keyed, key)
    days = pairs.group_by("account_id", "account_id_other").agg(n=pl.col("day").n_unique())
    return days.filter(pl.col("n") >= same_days).group_by("account_id").agg(value=pl.len())


def _pairs(keyed: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Each two accounts with the same key, once for either; not where a whole crowd has it."""
    sparse = keyed.with_columns(n=pl.len().over(key)).filter(pl.col("n").is_between(2, _CROWDED))
    return sparse.join(sparse, on=key, how="inner", suffix="_other").filter(
        pl.col("account_id") != pl.col("account_id_other")
    )


_MEASURES: Final[dict[str, Callable[[Authenticity, Pattern, pl.DataFrame], pl.DataFrame]]] = {
    "acts": _per_account(pl.len()),
    "score_sum": _per_account(pl.col("score").sum()),
    "score_mean": _per_account(pl.col("score").sum() // pl.len()),
    "days_with": _days_with,
    "share_with": _share_with,
    "spread_permille": _spread,
    "accounts_on_device": _sharing("device"),
    "accounts_on_payment": _sharing("payment"),
    "accounts_on_network": _sharing("network"),
    "repeats": _repeats,
    "echoes": _echoes,
    "echoes_of_payment": _echoes_of_payment,
    "siblings": _siblings,
    "twins": _twins,
    "copies": _copies,
    "withdrawn_permille": _per_account(pl.col("withdrawn").sum().cast(pl.Int64) * 1000 // pl.len()),
    "vehicle_shared": _vehicle_shared,
    "crowd": _crowd,
    "shadows": _shadows,
    "one_way": _one_way,
}
