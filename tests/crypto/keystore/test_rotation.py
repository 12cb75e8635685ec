"""Each kind of key is replaced without a gap: announced, beside the old one, alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.keystore.conftest import Clock
from tanzhang.crypto import (
    ANNOUNCED_AHEAD,
    OVERLAP,
    Algorithm,
    PublishedKey,
    Purpose,
    from_public_json,
    public_json,
    rotate,
    trusted,
)
from tanzhang.crypto.keystore.custody import PemCustody
from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.problems import Problem

SIGNING = [purpose for purpose in Purpose if purpose.signs]
OPENING = [purpose for purpose in Purpose if not purpose.signs]
SECRET = bytes(range(16))


def published(store: DirectoryStore, key_id: str) -> PublishedKey:
    (found,) = [key for key in store.published() if key.key_id == key_id]
    return found


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("purpose", SIGNING)
def test_a_key_that_signs_is_replaced(
    store: DirectoryStore, clock: Clock, purpose: Purpose, algorithm: Algorithm
) -> None:
    old = store.create(purpose, algorithm)
    before = old.sign(b"before")

    new = rotate(store, purpose, algorithm, clock.now)
    assert published(store, new.key_id).announced_at == clock.now
    assert published(store, new.key_id).is_endorsed_by(published(store, old.key_id))
    assert store.current(purpose, algorithm).key_id == old.key_id
    with pytest.raises(Problem, match=r"crypto\.key_inactive"):
        new.sign(b"too early")

    clock.now += ANNOUNCED_AHEAD
    assert store.current(purpose, algorithm).key_id == new.key_id
    during = [store.key(key_id).sign(b"during") for key_id in (old.key_id, new.key_id)]

    clock.now += OVERLAP
    assert store.current(purpose, algorithm).key_id == new.key_id
    with pytest.raises(Problem, match=r"crypto\.key_inactive"):
        store.key(old.key_id).sign(b"too late")

    assert published(store, old.key_id).public.verify(b"before", before)
    assert [
        published(store, key_id).public.verify(b"during", made)
        for key_id, made in zip((old.key_id, new.key_id), during, strict=True)
    ] == [True, True]


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("purpose", OPENING)
def test_a_key_that_unwraps_is_replaced(
    store: DirectoryStore, clock: Clock, purpose: Purpose, algorithm: Algorithm
) -> None:
    signer = store.create(Purpose.SIGN, algorithm)
    old = store.create(purpose, algorithm)
    new = rotate(store, purpose, algorithm, clock.now)
    for key in (old, new):
        assert published(store, key.key_id).is_endorsed_by(published(store, signer.key_id))

    clock.now += ANNOUNCED_AHEAD
    assert store.current(purpose, algorithm).key_id == new.key_id
    late = old.public.wrap(SECRET)  # by a partner who has not looked yet
    assert published(store, old.key_id).is_active(clock.now)
    assert store.key(old.key_id).unwrap(late) == SECRET
    with pytest.raises(Problem, match=r"crypto\.unwrap_failed"):
        new.unwrap(late)

    clock.now += OVERLAP
    assert not published(store, old.key_id).is_active(clock.now)
    assert store.key(old.key_id).unwrap(late) == SECRET  # what was kept stays readable


def test_a_chain_of_rotations_is_believed_from_its_first_key(
    store: DirectoryStore, clock: Clock
) -> None:
    first = store.create(Purpose.SIGN)
    for _ in range(3):
        rotate(store, Purpose.SIGN, Algorithm.SM2, clock.now)
        clock.forward(days=30)
    store.create(Purpose.UNWRAP)
    keys = [from_public_json(public_json(key)) for key in store.published()]
    assert keys == store.published()
    assert set(trusted(first.key_id, reversed(keys))) == set(keys)
    assert trusted(first.key_id, keys)[0].key_id == first.key_id


def test_a_key_of_somebody_else_is_not_believed(store: DirectoryStore, clock: Clock) -> None:
    first = store.create(Purpose.SIGN)
    second = rotate(store, Purpose.SIGN, Algorithm.SM2, clock.now)
    own = published(store, second.key_id)
    alien = DirectoryStore(
        store._folder.parent / "alien", store._custody, makes_missing=True, clock=clock
    ).create(Purpose.SIGN)
    forged = [
        replace(own, pem=alien.public.pem, key_id=alien.key_id),
        replace(own, pem=alien.public.pem),
        replace(own, purpose=Purpose.UNWRAP),
        replace(own, active_from=own.active_from - timedelta(days=1)),
        replace(own, endorsement=b""),
        replace(own, endorsed_by=own.key_id),
        replace(alien.published, endorsed_by=first.key_id, endorsement=own.endorsement),
    ]
    anchor = published(store, first.key_id)
    for key in forged:
        assert trusted(first.key_id, [anchor, key]) == [anchor]
    assert trusted(first.key_id, [anchor, own]) == [anchor, own]


def test_a_key_vouches_for_no_key_that_is_not_its_to_vouch_for(store: DirectoryStore) -> None:
    store.create(Purpose.SIGN)
    roots = {algorithm: store.create(Purpose.ROOT, algorithm) for algorithm in Algorithm}
    for purpose in (Purpose.SIGN, Purpose.UNWRAP):
        key = store.create(purpose).published
        for root in roots.values():
            made = root.sign(key.statement())
            forged = replace(key, endorsed_by=root.key_id, endorsement=made)
            assert root.public.verify(forged.statement(), forged.endorsement)
            assert trusted(root.key_id, [root.published, forged]) == [root.published]


def test_a_key_that_cannot_be_trusted_any_more_is_replaced_at_once(
    store: DirectoryStore, clock: Clock
) -> None:
    old = store.create(Purpose.SIGN)
    nought = timedelta()
    new = rotate(store, Purpose.SIGN, Algorithm.SM2, clock.now, ahead=nought, overlap=nought)
    assert store.current(Purpose.SIGN).key_id == new.key_id
    with pytest.raises(Problem, match=r"crypto\.key_inactive"):
        store.key(old.key_id).sign(b"message")


def test_where_the_signing_key_is_withdrawn_its_successor_is_a_new_beginning(
    store: DirectoryStore, clock: Clock
) -> None:
    old = store.create(Purpose.SIGN)
    store.retire(old.key_id, clock.now)
    with pytest.raises(Problem, match=r"crypto\.key_missing"):
        store.create(Purpose.UNWRAP)
    new = store.create(Purpose.SIGN)
    assert published(store, new.key_id).endorsed_by == ""
    assert trusted(old.key_id, store.published()) == [published(store, old.key_id)]


def test_there_is_nothing_to_rotate_where_there_is_no_key(tmp_path: Path, clock: Clock) -> None:
    store = DirectoryStore(tmp_path / "keys", PemCustody(), makes_missing=False, clock=clock)
    with pytest.raises(Problem, match=r"crypto\.key_missing"):
        rotate(store, Purpose.SIGN, Algorithm.SM2, clock.now)
