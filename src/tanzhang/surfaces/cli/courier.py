"""``tanzhang courier``: carry messages to partners."""

from __future__ import annotations

from typing import Annotated

import typer

from tanzhang.surfaces.cli.signals import Told

Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def courier(lang: Lang = None) -> None:
    """Carry messages to partners at their own addresses, until told to end.

    A message that is not received is carried again for a day, then lies among the dead letters
    until somebody replays it. Run one or several; each delivery is in one of them at a time.

    Example: tanzhang courier
    """
    told = Told()
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities
    from tanzhang.apps.partners import api as partners
    from tanzhang.config.opening import open_installation
    from tanzhang.config.own_keys import key_store

    def prepare() -> None:
        open_installation()  # or this process ends: what it would carry may name who is erased
        activities.tell_settled()

    partners.carry(key_store(), told.to_end, prepare)
