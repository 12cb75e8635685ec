"""Roots on a real database: what they cover, how they follow each other, and what proves it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger import api as ledger
from tanzhang.apps.ledger.tree import StoredTree, complete_tiles, entries
from tanzhang.apps.people.api import installation
from tanzhang.crypto import KeyStore, Purpose, open_store
from tanzhang.engine.log import (
    SHA256,
    SM3,
    Span,
    consistency_spans,
    inclusion_spans,
    root_from_inclusion,
    root_from_shared,
    sm3,
)
from tanzhang.problems import Problem
from tanzhang.proofs import canonical, key_file, read_key_file, verify_file

pytestmark = pytest.mark.database


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return open_store(tmp_path / "installation", {})


@dataclass
class Log:
    """Entries put into the log without anything behind them."""

    database: Database

    def grow(self, count: int) -> int:
        """So many entries more; how many there are then."""
        with self.database.connect("owner", autocommit=True) as owner:
            owner.execute("alter table log_entry drop constraint if exists log_entry_piece")
            row = owner.execute("select coalesce(max(position), 0) from log_entry").fetchone()
            size = row[0] if row else 0
            owner.execute(
                "insert into log_entry"
                " (position, piece_id, leaf_version, leaf_count, leaf_root, logged_at)"
                " select n, n, 1, 1 + n %% 9, sha256(n::text::bytea), now()"
                " from generate_series(%s::bigint, %s::bigint) n",
                [size + 1, size + count],
            )
        return size + count


@pytest.fixture
def log(database: Database) -> Log:
    """The log; its own rows need no pieces in these tests."""
    return Log(database)


@pytest.fixture(autouse=True)
def _pieces_again(database: Database) -> object:
    yield
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("truncate log_root, log_tile, log_entry")
        owner.execute("alter table log_entry drop constraint if exists log_entry_piece")
        owner.execute(
            "alter table log_entry add constraint log_entry_piece"
            " foreign key (piece_id) references piece (id)"
        )


def leaves(size: int) -> list[bytes]:
    """The log's entries as the tree's leaves."""
    with bulk_transaction() as cursor:
        return [entry.encode() for entry in entries(cursor, 1, size)]


def test_an_empty_log_has_no_root(keys: KeyStore) -> None:
    assert ledger.publish_root(keys) is None
    assert ledger.latest_root() is None


def test_a_root_is_over_every_entry_and_is_valid_offline(log: Log, keys: KeyStore) -> None:
    size = log.grow(300)
    root = ledger.publish_root(keys)
    assert root is not None
    said = root.parsed()
    assert (said["size"], said["installation"]) == (size, installation().id_text)
    assert said["sm3"] == SM3.root(leaves(size)).hex()
    assert said["sha256"] == SHA256.root(leaves(size)).hex()
    trust = read_key_file(_key_file(keys))
    (verdict,) = verify_file("root", root.document, trust)
    assert verdict.code == 0
    assert root.digest == sm3(root.document) == sm3(canonical(said))


def test_nothing_new_makes_no_root(log: Log, keys: KeyStore) -> None:
    log.grow(3)
    assert ledger.publish_root(keys) == ledger.publish_root(keys) == ledger.latest_root()
    assert len(ledger.latest_roots(10)) == 1


def test_each_root_names_the_one_before_it(log: Log, keys: KeyStore) -> None:
    found = []
    for count in (1, 255, 1, 600):
        log.grow(count)
        found.append(ledger.publish_root(keys))
    first, *rest = [root for root in found if root is not None]
    assert first.parsed()["previous"] is None
    before = first
    for root in rest:
        assert root.parsed()["previous"] == {"size": before.size, "sm3": before.digest.hex()}
        before = root
    assert [root.size for root in ledger.latest_roots(10)] == [857, 257, 256, 1]
    assert [root.size for root in ledger.latest_roots(10, before=257)] == [256, 1]


def test_proofs_lead_to_the_root_at_every_place(log: Log, keys: KeyStore) -> None:
    size = log.grow(70_000)
    assert ledger.publish_root(keys) is not None
    with bulk_transaction() as cursor:
        tree = StoredTree(cursor)
        roots = {d.name: tree.node(d, Span(0, size)) for d in (SM3, SHA256)}
    everything = leaves(size)
    assert roots == {d.name: d.root(everything) for d in (SM3, SHA256)}
    for position in (1, 2, 256, 257, 65_536, 65_537, 69_888, 69_889, size):
        found = ledger.inclusion(position, size)
        assert found.entry.encode() == everything[position - 1]
        for digest, path in ((SM3, found.path_sm3), (SHA256, found.path_sha256)):
            leaf = digest.leaf(found.entry.encode())
            leads_to = root_from_inclusion(digest, leaf, position - 1, size, path)
            assert leads_to == roots[digest.name]


def test_a_proof_to_an_older_root_reads_no_entry_after_it(log: Log, keys: KeyStore) -> None:
    old = log.grow(700)
    ledger.publish_root(keys)
    log.grow(1000)
    ledger.publish_root(keys)
    found = ledger.inclusion(600, old)
    leaf = SM3.leaf(found.entry.encode())
    expected = SM3.root(leaves(old))
    assert root_from_inclusion(SM3, leaf, 599, old, found.path_sm3) == expected


def test_several_positions_share_their_nodes(log: Log, keys: KeyStore) -> None:
    size = log.grow(1000)
    ledger.publish_root(keys)
    found = ledger.shared_inclusion({3, 4, 900}, size)
    for digest, nodes in ((SM3, found.nodes_sm3), (SHA256, found.nodes_sha256)):
        hashes = {p - 1: digest.leaf(entry.encode()) for p, entry in found.entries.items()}
        assert root_from_shared(digest, hashes, size, nodes) == digest.root(leaves(size))


def test_any_two_roots_are_proven_consistent(log: Log, keys: KeyStore) -> None:
    sizes = []
    for count in (1, 255, 2, 500):
        sizes.append(log.grow(count))
        ledger.publish_root(keys)
    trust = read_key_file(_key_file(keys))
    for old in sizes:
        for new in sizes:
            if old <= new:
                proof = canonical(ledger.consistency(old, new))
                (verdict,) = verify_file("root", proof, trust)
                assert verdict.code == 0, (old, new)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: ledger.consistency(2, 3), "ledger.root_unknown"),
        (lambda: ledger.consistency(3, 2), "ledger.roots_backwards"),
        (lambda: ledger.root_of_size(2**70), "ledger.root_unknown"),
        (lambda: ledger.inclusion(4, 3), "ledger.position_uncovered"),
        (lambda: ledger.inclusion(0, 3), "ledger.position_uncovered"),
        (lambda: ledger.shared_inclusion({1, 4}, 3), "ledger.position_uncovered"),
    ],
)
def test_what_is_not_there_is_not_proven(
    log: Log, keys: KeyStore, ask: Callable[[], object], code: str
) -> None:
    log.grow(3)
    ledger.publish_root(keys)
    with pytest.raises(Problem) as refused:
        ask()
    assert refused.value.code == code


def test_a_new_root_and_a_proof_read_few_rows(log: Log, keys: KeyStore) -> None:
    """However long the log is: a root reads what is new and 256 rows a height, a proof as many."""
    size = log.grow(100_000)
    ledger.publish_root(keys)
    size = log.grow(10)
    rows = 0
    with bulk_transaction() as cursor:
        assert complete_tiles(cursor, size) == 0
        tree = StoredTree(cursor)
        tree.node(SM3, Span(0, size))
        tree.nodes(inclusion_spans(4_321, size))
        tree.nodes(consistency_spans(100_000, size))
        rows = sum(len(row) for row in tree._rows.values())
    assert rows < 8 * 256


@pytest.mark.parametrize(
    "statement",
    [
        "update log_root set document = 'x'",
        "delete from log_root",
        "update log_tile set sm3 = sha256",
        "delete from log_tile",
    ],
)
def test_the_app_cannot_change_what_was_published(
    database: Database, log: Log, keys: KeyStore, statement: str
) -> None:
    log.grow(300)
    ledger.publish_root(keys)
    with (
        database.connect("app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement)


def test_the_chain_is_held_by_the_table_itself(
    database: Database, log: Log, keys: KeyStore
) -> None:
    for _ in range(2):
        log.grow(2)
        ledger.publish_root(keys)
    columns = "made_at, key_id, sm3, sha256, document"
    for size, digest, before, before_digest in (
        (5, "sha256('a')", "null", "null"),  # a second beginning
        (5, "sha256('a')", "2", "(select digest from log_root where size = 2)"),  # a fork
        (5, "sha256('a')", "4", "sha256('b')"),  # names another document
        (5, "sha256('a')", "5", "sha256('a')"),  # names itself
        (5, "'short'", "4", "(select digest from log_root where size = 4)"),
    ):
        with (
            database.connect("owner") as owner,
            pytest.raises(psycopg.errors.IntegrityError),
        ):
            owner.execute(
                f"insert into log_root (size, digest, previous_size, previous_digest, {columns})"
                f" select {size}, {digest}, {before}, {before_digest}, {columns}"
                " from log_root where size = 4"
            )


def test_roots_follow_each_other_over_a_rotation_of_their_key(log: Log, keys: KeyStore) -> None:
    log.grow(2)
    first = ledger.publish_root(keys)
    assert first is not None
    old, trust = keys.current(Purpose.ROOT), read_key_file(_key_file(keys))
    keys.create(Purpose.ROOT)
    keys.retire(old.key_id, datetime.now(UTC))
    log.grow(2)
    second = ledger.publish_root(keys)
    assert second is not None
    assert first.parsed()["signature"]["key_id"] != second.parsed()["signature"]["key_id"]
    for root in (first, second):
        for known in (trust, read_key_file(_key_file(keys))):
            (verdict,) = verify_file("root", root.document, known)
            assert verdict.code == 0


def _key_file(keys: KeyStore) -> bytes:
    return key_file(installation().id_text, keys.published())


# Files


def test_every_root_is_published_as_a_file(log: Log, keys: KeyStore, tmp_path: Path) -> None:
    folder = tmp_path / "published" / "roots"
    assert ledger.write_root_files(folder) == 0
    for _ in range(2):
        log.grow(2)
        ledger.publish_root(keys)
    assert ledger.write_root_files(folder) == 2
    assert ledger.write_root_files(folder) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["2.json", "4.json", "latest.json"]
    assert (folder / "2.json").read_bytes() == ledger.root_of_size(2).document
    assert json.loads((folder / "latest.json").read_text())["size"] == 4


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b'{"size": "4"}', b"\xff"])
def test_files_that_were_lost_or_damaged_are_written_again(
    log: Log, keys: KeyStore, tmp_path: Path, damage: bytes
) -> None:
    log.grow(2)
    ledger.publish_root(keys)
    ledger.write_root_files(tmp_path)
    (tmp_path / "2.json").unlink()
    (tmp_path / "latest.json").write_bytes(damage)
    assert ledger.write_root_files(tmp_path) == 1
    assert (tmp_path / "2.json").read_bytes() == (tmp_path / "latest.json").read_bytes()


# What was published follows from the log


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("update log_entry set leaf_count = leaf_count + 1 where position = 300", "root over 300"),
        ("update log_entry set leaf_root = sha256('x') where position = 7", "tile 1/0"),
        ("update log_tile set sm3 = sha256", "tile 1/0"),
        ("insert into log_tile values (9, 1, sha256('a'), sha256('b'))", "over no entries"),
        ("update log_root set sha256 = sm3", "root over 300"),
        ("update log_root set document = document || ' '::bytea", "root over 300"),
        ("update log_root set document = 'x', digest = sha256('x')", "root over 300"),
        ("delete from log_entry where position = 300", "which are not there"),
    ],
)
def test_a_root_that_does_not_follow_from_the_log_is_told(
    database: Database, log: Log, keys: KeyStore, damage: str, told: str
) -> None:
    log.grow(300)
    ledger.publish_root(keys)
    with bulk_transaction() as cursor:
        assert ledger.altered_roots(cursor) == []
    with database.connect("owner", autocommit=True) as owner:
        owner.execute(damage)
    with bulk_transaction() as cursor:
        assert any(told in offence for offence in ledger.altered_roots(cursor))
