"""The apps whose own log-in opens an account, as its owner reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tanzhang.apps.people.api import Channel, channels_of

TITLES: Final = {Channel.WECHAT: gettext_lazy("WeChat"), Channel.ALIPAY: gettext_lazy("Alipay")}


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One app, and when it was linked (microseconds UTC)."""

    name: str
    title: str | Promise
    linked_us: int


def channel_lines(account_id: int) -> list[ChannelLine]:
    """The apps that open an account."""
    return [
        ChannelLine(
            linked.channel.value,
            TITLES[linked.channel],
            int(linked.linked_at.timestamp()) * 1_000_000,
        )
        for linked in channels_of(account_id)
    ]
