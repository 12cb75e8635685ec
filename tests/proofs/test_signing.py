"""A document's key and its instant belong together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tanzhang.crypto import KeyStore, Purpose
from tanzhang.crypto.keystore.custody import PemCustody
from tanzhang.crypto.keystore.directory import DirectoryStore, utc_now
from tanzhang.proofs import Seal, canonical, key_file, make_export, read_key_file, verify_file

HERE = "00112233445566aa"


@pytest.fixture
def store(tmp_path: Path) -> Callable[[timedelta], KeyStore]:
    """A store that is asked somewhat later than its caller looked at the clock."""
    return lambda late: DirectoryStore(
        tmp_path, PemCustody(), makes_missing=True, clock=lambda: utc_now() + late
    )


def test_the_first_key_is_in_use_at_the_instant_of_the_document_that_called_for_it(
    store: Callable[[timedelta], KeyStore],
) -> None:
    keys = store(timedelta(seconds=2))
    seal = Seal.now(keys, Purpose.SIGN)
    copy = make_export(
        installation=HERE, accounts=["river-ada"], sections=[], not_included=[], seal=seal
    )
    (verdict,) = verify_file(
        "export", canonical(copy), read_key_file(key_file(HERE, keys.published()))
    )
    assert verdict.problem is None


def test_of_a_key_long_in_use_the_instant_is_that_of_asking(
    store: Callable[[timedelta], KeyStore],
) -> None:
    keys = store(timedelta())
    keys.create(Purpose.SIGN, active_from=datetime(2026, 1, 1, tzinfo=UTC))
    before = datetime.now(UTC)
    assert before <= Seal.now(keys, Purpose.SIGN).at <= datetime.now(UTC)
