"""What an open page needs to notice that something is new, and to say it aloud.

The page asks ``address`` with the stamp that it was made with; ``latest`` changes when there is an
act to announce, which ``text`` does for those who do not see the page.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from tanzhang.apps.activities.api import Record, Waiting
from tanzhang.surfaces.look.templatetags.look import plain_amount
from tanzhang.surfaces.look.words import STATUSES


@dataclass(frozen=True, slots=True)
class News:
    """How a page stays fresh."""

    address: str
    stamp: str
    latest: str
    text: str


def news_of(address: str, stamp: str, waiting: Waiting, latest: Record | None) -> News:
    """The news of a page that shows these acts."""
    if waiting.acts:
        act = waiting.acts[0]
        text = gettext("%(scene)s has arrived and is being settled.") % {"scene": act.scene_title}
        return News(address, stamp, f"waiting-{act.event}", text)
    if latest is None:
        return News(address, stamp, "", "")
    text = gettext("New: %(scene)s, %(amount)s, %(status)s.") % {
        "scene": latest.scene_title,
        "amount": plain_amount(latest.reduction_mg),
        "status": STATUSES[latest.status].label,
    }
    return News(address, stamp, latest.event, text)
