"""A step of the tests of doors that another process takes, beside those of ``steps.py``.

``python door_steps.py PUBLIC_KEY TRUST`` loads the rules, enrols the people, gives the partner that
reports its key and as many calls as it likes, and writes our published keys to ``TRUST``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

#: The partner that reports.
PARTNER: Final = "bikes"


def settle_in(public_key: Path, trust: Path) -> None:
    """An installation that is ready for the partner's first batch."""
    from river import people

    people.settle_in()
    let_in(public_key, trust)


def let_in(public_key: Path, trust: Path) -> None:
    """Know the partner's key, and tell it ours."""
    from tanzhang.apps.partners.api import AgreementKind, Terms, add_key, agree, partner
    from tanzhang.config.own_keys import key_store
    from tanzhang.crypto import load_public, public_json

    number = partner(PARTNER).id
    add_key(number, load_public(public_key.read_text()))
    agree(number, Terms(AgreementKind.REPORT, calls_a_minute=1_000_000), by="the tests")
    published = [public_json(key) for key in key_store().published()]
    trust.write_text(json.dumps({"keys": published}))


if __name__ == "__main__":
    from tanzhang.config import setup

    setup()
    settle_in(Path(sys.argv[1]), Path(sys.argv[2]))
