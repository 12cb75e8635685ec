"""Steps that a test lets another process take, so that it can be killed there.

``python steps.py settle-in`` loads the rules and enrols the people, ``hand-in SEED`` takes a
stream to the door, one partner after the other, and tells what was acknowledged,
``hand-in-batches`` takes a few batches of events there and tells their receipts, ``approve NUMBER``
puts proposed rules in force, ``link ONE OTHER DAY`` makes one person of two, ``carry-on`` does what
is left to do about suspicions, ``judge`` tells the digest and what is wrong with the books.
``prepare`` loads the demonstration's rules. ``erase SUBJECT`` erases a person, and ``open`` only
opens the installation, as every process does.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def tell(answer: dict[str, Any]) -> None:
    """A line of JSON, at once: this process may not live long."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def hand_in_stream(seed: int) -> None:
    """One partner's report after the other; a line of JSON when the door has answered."""
    import polars as pl

    from river.programmes import PARTNERS
    from river.reports import hand_in
    from river.streams import stream

    for partner in PARTNERS:
        rows = [row for row in stream(seed).rows if row["partner"] == partner]
        for acceptance in hand_in(*rows):
            kept = acceptance.verdicts.filter(pl.col("verdict").is_in(["accepted", "held"]))
            keys = kept["event_key"].to_list()
            tell({"counts": acceptance.counts, "accepted": keys})


def hand_in_batches() -> None:
    """One batch of rides after the other; a line of JSON with its receipt when it was taken."""
    from river.batches import BATCHES, take

    for batch in BATCHES:
        tell(take(batch))


def judge() -> None:
    """The digest of the books, and their faults."""
    from river.checks import faults
    from tanzhang.apps.activities.api import digest

    tell({"digest": digest(), "faults": [*faults()]})


def opened() -> int:
    """Open the installation; how many erasures that carried out."""
    from tanzhang.config import setup

    setup(opens=False)
    from tanzhang.config.opening import open_installation

    return open_installation()


if __name__ == "__main__":
    from tanzhang.config import setup

    erased = opened()
    setup()
    if sys.argv[1] == "settle-in":
        from river.people import settle_in

        settle_in()
    elif sys.argv[1] == "prepare":
        from tanzhang.workbench.demonstration import prepare

        prepare()
    elif sys.argv[1] == "hand-in":
        hand_in_stream(int(sys.argv[2]))
    elif sys.argv[1] == "hand-in-batches":
        hand_in_batches()
    elif sys.argv[1] in ("erase", "open"):
        from tanzhang.apps.people.api import erase
        from tanzhang.config.opening import journal

        if sys.argv[1] == "erase":
            erase(int(sys.argv[2]), journal())
        tell({"erased": erased, "journal": len(journal().lines())})
    elif sys.argv[1] == "carry-on":
        from tanzhang.apps.activities.api import carry_on_suspicions

        tell({"unfinished": carry_on_suspicions()})
    elif sys.argv[1] == "link":
        from river.kin import link

        tell({"link": link(*sys.argv[2:])})
    elif sys.argv[1] == "approve":
        from river.rules import approve

        tell({"events": approve(int(sys.argv[2])).events})
    else:
        judge()
