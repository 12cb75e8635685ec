"""The courier: carries what is due, several addresses at a time, one message an address.

An address that is slow or down holds up one thread and its own messages, nobody else's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from django.db import close_old_connections
from django.utils import timezone

from tanzhang.apps.partners.webhooks.attempts import Answered, Attempt, finish, take_due
from tanzhang.apps.partners.webhooks.endpoints import may_be_private
from tanzhang.apps.partners.webhooks.sending import http_client, send, signed_headers
from tanzhang.crypto import KeyStore

THREADS: Final = 16
PAUSE_SECONDS: Final = 0.25


def run(keys: KeyStore, should_stop: Callable[[], bool], prepare: Callable[[], object]) -> None:
    """Carry until told to stop; what is in hand then is finished first.

    ``prepare`` is called before each look, for whoever has something to put into the outbox.
    """
    with http_client() as client, ThreadPoolExecutor(THREADS) as pool:
        private = may_be_private()
        in_hand: dict[Future[Answered], Attempt] = {}
        while not should_stop() or in_hand:
            if not should_stop():
                close_old_connections()
                prepare()
                busy = {attempt.endpoint_id for attempt in in_hand.values()}
                for attempt in take_due(timezone.now(), busy, THREADS - len(in_hand)):
                    headers = signed_headers(attempt, keys)
                    future = pool.submit(send, client, attempt, headers, private=private)
                    in_hand[future] = attempt
            _finish_some(in_hand)


def _finish_some(in_hand: dict[Future[Answered], Attempt]) -> None:
    """Write down what has ended; wait a moment if nothing has."""
    if not in_hand:
        time.sleep(PAUSE_SECONDS)
        return
    ended, _ = wait(in_hand, timeout=PAUSE_SECONDS, return_when=FIRST_COMPLETED)
    for future in ended:
        finish(in_hand.pop(future), future.result(), timezone.now())
