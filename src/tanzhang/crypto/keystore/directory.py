"""A key store in a directory: one JSON file a key, ``<key id>.json``, readable by its owner alone.

A file is written beside its place, flushed to the disk and renamed, so that a reader meets a whole
key or none. Whoever creates or retires holds the lock ``.lock``; two processes that both find the
directory empty therefore make one key. A running process sees others' changes at its next question.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from tanzhang.crypto.keys import Algorithm, PrivateKey, PublicKey
from tanzhang.crypto.keystore import records
from tanzhang.crypto.keystore.custody import Custody
from tanzhang.crypto.keystore.model import PrivateHalf, PublishedKey, Purpose, StoredKey
from tanzhang.problems import Problem

#: A change within this time after the last one may leave the directory's own time as it was.
_UNSURE_NS = 2_000_000_000


def utc_now() -> datetime:
    """The instant, to the second: what is announced is announced in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


class DirectoryStore:
    """Keys in files; their private halves as a custody keeps them.

    ``makes_missing``: whether ``current`` makes the first key of its kind, as the demonstration
    needs it. A store that is meant to exist says ``crypto.key_missing`` instead.
    """

    def __init__(
        self,
        folder: Path,
        custody: Custody,
        *,
        makes_missing: bool,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._folder = folder
        self._custody = custody
        self._makes_missing = makes_missing
        self._clock = clock
        self._read: tuple[int, dict[str, records.Record]] = (0, {})
        self._take = lru_cache(maxsize=256)(custody.take)

    def current(self, purpose: Purpose, algorithm: Algorithm = Algorithm.SM2) -> StoredKey:
        """The youngest key in use now. Raises ``crypto.key_missing``."""
        found = self._current(purpose, algorithm)
        if found is None and self._makes_missing and not self._all_of(purpose, algorithm):
            with self._locked():
                found = self._current(purpose, algorithm)
                if found is None:
                    found = self._add(purpose, algorithm, self._clock())
        if found is None:
            raise Problem("crypto.key_missing", purpose=purpose.value, algorithm=algorithm.value)
        return self._stored(found)

    def make_missing(self, kinds: Iterable[tuple[Purpose, Algorithm]]) -> None:
        """Make the first key of each kind, if this store makes missing keys by itself.

        So that whoever reads the published keys finds all that he needs, used before or not.
        """
        if self._makes_missing:
            for purpose, algorithm in kinds:
                self.current(purpose, algorithm)

    def key(self, key_id: str) -> StoredKey:
        """A key by its id. Raises ``crypto.key_unknown``."""
        return self._stored(self._record(key_id))

    def published(self) -> list[PublishedKey]:
        """All keys, in the order of their beginning."""
        keys = [record.published for record in self._records().values()]
        return sorted(keys, key=lambda key: (key.active_from, key.announced_at, key.key_id))

    def create(
        self,
        purpose: Purpose,
        algorithm: Algorithm = Algorithm.SM2,
        active_from: datetime | None = None,
    ) -> StoredKey:
        """A new key, announced now, in use from ``active_from``."""
        with self._locked():
            beginning = (active_from or self._clock()).astimezone(UTC).replace(microsecond=0)
            return self._stored(self._add(purpose, algorithm, beginning))

    def retire(self, key_id: str, at: datetime) -> None:
        """Sets the end of a key's use. Raises ``crypto.key_unknown``."""
        with self._locked():
            record = self._record(key_id)
            end = at.astimezone(UTC).replace(microsecond=0)
            self._write(replace(record, published=replace(record.published, active_until=end)))

    def keep_by(self, custody: Custody) -> None:
        """Hands every private key that can be handed over to another custody.

        So a password is changed, a token's AES key is replaced, or files move under a token. Keys
        that live inside a token stay there. Broken off, it is done again, for either custody may
        have kept a key by then. The store goes on with the new one.
        """
        with self._locked():
            for record in self._records().values():
                half = self._of_either(record, custody)
                if isinstance(half, PrivateKey):
                    self._write(replace(record, kept=custody.keep(half)))
            self._custody = custody
            self._take = lru_cache(maxsize=256)(custody.take)

    def _of_either(self, record: records.Record, custody: Custody) -> PrivateHalf:
        try:
            return self._custody.take(record.kept, record.published.pem)
        except Problem:
            return custody.take(record.kept, record.published.pem)

    def _current(self, purpose: Purpose, algorithm: Algorithm) -> records.Record | None:
        now = self._clock()
        usable = [r for r in self._all_of(purpose, algorithm) if r.published.is_active(now)]
        return max(usable, key=lambda r: (r.published.active_from, r.key_id), default=None)

    def _all_of(self, purpose: Purpose, algorithm: Algorithm) -> list[records.Record]:
        wanted = (purpose, algorithm)
        every = self._records().values()
        return [r for r in every if (r.published.purpose, r.published.algorithm) == wanted]

    def _record(self, key_id: str) -> records.Record:
        try:
            return self._records()[key_id]
        except KeyError:
            raise Problem("crypto.key_unknown", key_id=key_id) from None

    def _stored(self, record: records.Record) -> StoredKey:
        half = self._take(record.kept, record.published.pem)
        return StoredKey(record.published, half, self._clock)

    def _add(self, purpose: Purpose, algorithm: Algorithm, beginning: datetime) -> records.Record:
        """Makes, endorses and writes a key. The lock is held."""
        endorser = self._endorser(purpose, algorithm)
        pem, kept = self._custody.make(purpose, algorithm)
        key = PublishedKey(
            key_id=PublicKey(algorithm, pem).key_id,
            purpose=purpose,
            algorithm=algorithm,
            pem=pem,
            active_from=beginning,
            active_until=None,
            announced_at=self._clock(),
        )
        if endorser:
            signature = self._stored(endorser).sign(key.statement())
            key = replace(key, endorsed_by=endorser.key_id, endorsement=signature)
        record = records.Record(key, kept)
        self._write(record)
        return record

    def _endorser(self, purpose: Purpose, algorithm: Algorithm) -> records.Record | None:
        """Who vouches for a new key: its predecessor, or for one that unwraps the signing key.

        A signing key after one that was withdrawn has nobody: it is handed out anew.
        """
        if purpose.signs:
            return self._current(purpose, algorithm)
        found = self._current(Purpose.SIGN, algorithm)
        if found is None and self._all_of(Purpose.SIGN, algorithm):
            raise Problem("crypto.key_missing", purpose="sign", algorithm=algorithm.value)
        return found or self._add(Purpose.SIGN, algorithm, self._clock())

    def _records(self) -> dict[str, records.Record]:
        """All keys by their ids, read again whenever the directory may have changed."""
        try:
            folder = self._folder.stat()
        except FileNotFoundError:
            return {}
        if folder.st_mode & 0o077:
            raise Problem("crypto.store_exposed", path=str(self._folder))
        changed_ns = folder.st_mtime_ns
        if changed_ns != self._read[0]:
            paths = sorted(self._folder.glob("*.json"))
            found = {path.stem: records.read(path) for path in paths}
            sure = time.time_ns() - changed_ns > _UNSURE_NS
            self._read = (changed_ns if sure else 0, found)
        return self._read[1]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone among all processes that create or retire here."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._read = (0, {})
            yield
        finally:
            os.close(lock)

    def _write(self, record: records.Record) -> None:
        """Puts a key in its place, whole and on the disk. The lock is held."""
        descriptor, name = tempfile.mkstemp(prefix=".new-", dir=self._folder)  # 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(records.as_json(record), file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(self._folder / f"{record.key_id}.json")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._read = (0, {})
