"""A channel's subject opens the account that it was linked to, and no other."""

from __future__ import annotations

import psycopg
import pytest

from clean_database import Database
from tanzhang.apps.people.api import (
    AccountEntry,
    Channel,
    account,
    channels_of,
    enter,
    link,
    subject_index,
    unlink,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

WECHAT, ALIPAY = Channel.WECHAT, Channel.ALIPAY


def owner(name: str) -> AccountEntry:
    found = account(f"river-{name}")
    assert found is not None
    return found


def test_nobody_enters_before_somebody_linked_them() -> None:
    assert enter(WECHAT, subject_index(WECHAT, "app:ada")) is None


def test_several_channels_open_one_account() -> None:
    for channel in Channel:
        link(channel, subject_index(channel, "app:ada"), owner("ada"))
    for channel in Channel:
        assert enter(channel, subject_index(channel, "app:ada")) == owner("ada")
        assert enter(channel, subject_index(channel, "app:bo")) is None
    assert [linked.channel for linked in channels_of(owner("ada").id)] == [ALIPAY, WECHAT]


def test_a_name_at_one_channel_means_nothing_at_the_other() -> None:
    link(WECHAT, subject_index(WECHAT, "app:ada"), owner("ada"))
    assert subject_index(WECHAT, "app:ada") != subject_index(ALIPAY, "app:ada")
    assert enter(ALIPAY, subject_index(WECHAT, "app:ada")) is None


def test_the_newer_word_holds() -> None:
    old, new = subject_index(WECHAT, "app:old"), subject_index(WECHAT, "app:new")
    link(WECHAT, old, owner("ada"))
    link(WECHAT, new, owner("ada"))
    assert (enter(WECHAT, old), enter(WECHAT, new)) == (None, owner("ada"))
    link(WECHAT, new, owner("bo"))
    assert enter(WECHAT, new) == owner("bo")
    assert channels_of(owner("ada").id) == []


def test_what_was_unlinked_opens_nothing() -> None:
    index = subject_index(WECHAT, "app:ada")
    link(WECHAT, index, owner("ada"))
    unlink(owner("ada").id, ALIPAY)
    assert enter(WECHAT, index) == owner("ada")
    unlink(owner("ada").id, WECHAT)
    assert enter(WECHAT, index) is None


def test_the_table_gives_no_name_away(database: Database) -> None:
    link(WECHAT, subject_index(WECHAT, "app:ada"), owner("ada"))
    with database.connect("owner") as connection:
        (row,) = connection.execute("select * from channel_login").fetchall()
    assert b"ada" not in b"".join(part for part in row if isinstance(part, bytes))
    with (
        database.connect("auditor") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("select subject_index from channel_login")
