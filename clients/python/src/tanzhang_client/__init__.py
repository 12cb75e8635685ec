"""Report low-carbon acts to a Tanzhang 碳账 installation: signed, sealed, repeatable."""

from __future__ import annotations

from tanzhang_client.activities import Activity
from tanzhang_client.client import Client, Prepared, Refused, Unanswered, Unproved
from tanzhang_client.keys import KeyUnusable, PrivateKey, PublicKey
from tanzhang_client.sealing import POINTERS
from tanzhang_client.trust import PlatformKey, PlatformKeys

__all__ = [
    "POINTERS",
    "Activity",
    "Client",
    "KeyUnusable",
    "PlatformKey",
    "PlatformKeys",
    "Prepared",
    "PrivateKey",
    "PublicKey",
    "Refused",
    "Unanswered",
    "Unproved",
]
