"""The courier: carries what is due, several addresses at a time, one message an address.

An address that is slow or down holds up one thread and its own messages, nobody else's.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from django.db import close_old_connections
from django.utils import timezone

from tanzhang.apps.partners.webhooks.attempts import Answered, Attempt, finish, take_due
from tanzhang.apps.partners.webhooks.endpoints import may_be_private
from tanzhang.apps.partners.webhooks.sending import http_client, send, signed_headers
from tanzhang.crypto import KeyStore

THREADS: Final = 16
SHARE: Final = 3  #: of the threads, for one partner
PREPARE_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 0.25


def run(keys: KeyStore, should_stop: Callable[[], bool], prepare: Callable[[], object]) -> None:
    """Carry until told to stop; what is in hand then is finished first.

    ``prepare`` is called every second, for whoever has something to put into the outbox.
    """
    with http_client() as client, ThreadPoolExecutor(THREADS) as pool:
        private = may_be_private()
        in_hand: dict[Future[Answered], Attempt] = {}
        prepare_at = 0.0
        while not should_stop() or in_hand:
            if not should_stop():
                close_old_connections()
                if time.monotonic() >= prepare_at:
                    prepare()
                    prepare_at = time.monotonic() + PREPARE_SECONDS
                for attempt in _due(in_hand.values()):
                    headers = signed_headers(attempt, keys)
                    future = pool.submit(send, client, attempt, headers, private=private)
                    in_hand[future] = attempt
            _finish_some(in_hand)


def _due(in_hand: Collection[Attempt]) -> list[Attempt]:
    """What to send now: while threads are free, and no partner has more than its share of them."""
    taken: list[Attempt] = []
    while len(in_hand) + len(taken) < THREADS:
        held = [*in_hand, *taken]
        shares = Counter(attempt.partner_id for attempt in held)
        full = [partner for partner, share in shares.items() if share >= SHARE]
        found = take_due(timezone.now(), [attempt.endpoint_id for attempt in held], full)
        if found is None:
            break
        taken.append(found)
    return taken


def _finish_some(in_hand: dict[Future[Answered], Attempt]) -> None:
    """Write down what has ended; wait a moment if nothing has."""
    if not in_hand:
        time.sleep(PAUSE_SECONDS)
        return
    ended, _ = wait(in_hand, timeout=PAUSE_SECONDS, return_when=FIRST_COMPLETED)
    for future in ended:
        finish(in_hand.pop(future), future.result(), timezone.now())
