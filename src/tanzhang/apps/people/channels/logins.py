"""Which account a log-in of another platform opens, once its owner has linked the two.

The platform's word says who is at the screen *there*; that she owns an account *here* another
factor has shown once, when the two were linked.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.meanwhile import refuse_erased
from tanzhang.apps.people.selectors import AccountEntry, account_numbered
from tanzhang.apps.people.vault.secret import installation_secret


class Channel(StrEnum):
    """A platform in whose app people may enter."""

    WECHAT = "wechat"
    ALIPAY = "alipay"


@dataclass(frozen=True, slots=True)
class LinkedChannel:
    """A channel that opens an account, and since when."""

    channel: Channel
    linked_at: datetime


def subject_index(channel: Channel, who: str) -> bytes:
    """32 bytes by which a channel's subject is found again; without the secret nobody guesses it.

    ``who`` is the subject as the channel names it, with whatever makes that name its own there.
    """
    message = b"channel\0" + channel.encode() + b"\0" + who.encode()
    return hmac.digest(installation_secret(), message, "sm3")


def enter(channel: Channel, index: bytes) -> AccountEntry | None:
    """The account that this subject (``subject_index``) of a channel opens, if it was linked."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select account_id from channel_login where channel = %s and subject_index = %s",
            [channel.value, index],
        )
        found = cursor.fetchone()
    return None if found is None else account_numbered(int(found[0]))


def link(channel: Channel, index: bytes, account: AccountEntry) -> None:
    """Let a channel's subject open this account from now on; call it after a second factor alone.

    As with phones, the newer word holds: another subject of that channel opens the account no more,
    and this subject opens no other account. Raises ``people.account_erased``.
    """
    with bulk_transaction() as cursor:
        refuse_erased(cursor, account.subject_id)
        cursor.execute(
            "delete from channel_login where account_id = %s and channel = %s"
            " and subject_index <> %s",
            [account.id, channel.value, index],
        )
        cursor.execute(
            "insert into channel_login (channel, subject_index, account_id, subject_id)"
            " values (%s, %s, %s, %s) on conflict (channel, subject_index) do update"
            " set account_id = excluded.account_id, subject_id = excluded.subject_id,"
            " linked_at = now()",
            [channel.value, index, account.id, account.subject_id],
        )


def unlink(account_id: int, channel: Channel) -> None:
    """Let a channel open this account no more; nothing happens if it does not."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "delete from channel_login where account_id = %s and channel = %s",
            [account_id, channel.value],
        )


def channels_of(account_id: int) -> Sequence[LinkedChannel]:
    """The channels that open an account, by name."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select channel, linked_at from channel_login where account_id = %s order by channel",
            [account_id],
        )
        return [LinkedChannel(Channel(channel), at) for channel, at in cursor.fetchall()]
