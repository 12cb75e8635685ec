"""A small log in memory with real keys: what proofs are made over when no database is there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tanzhang.crypto import KeyStore, Purpose
from tanzhang.crypto.keystore.custody import PemCustody
from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.engine.acts import Status
from tanzhang.engine.log import (
    SHA256,
    SM3,
    Entry,
    Leaf,
    Span,
    TreeHash,
    consistency_spans,
    inclusion_spans,
    shared_spans,
)
from tanzhang.proofs import (
    Bundle,
    Document,
    Method,
    Period,
    Proven,
    ProvenPiece,
    Seal,
    Trust,
    Verdict,
    canonical,
    key_file,
    make_certificate,
    make_consistency,
    make_receipt,
    make_root,
    make_statement,
    read_key_file,
    verify_file,
)
from tanzhang.proofs.statements import Audience, Entry as StatementEntry

NOON_US = 1_714_536_000_000_000  #: 2024-05-01 12:00 in Shanghai
ACCOUNT = bytes(range(16))
AUDIENCE = Audience("00112233445566ff", bytes(range(16)))
METHOD = Method("meituan-bike", "1", hashlib.sha256(b"pack").digest())
PERIOD = Period(date(2024, 5, 1), date(2024, 5, 31), "Asia/Shanghai")


def digest16(*parts: object) -> bytes:
    """Sixteen bytes that stand for something, the same on every run."""
    return hashlib.sha256(repr(parts).encode()).digest()[:16]


def leaf(event: int, number: int = 0, posted_mg: int = 112_010) -> Leaf:
    """One posted outcome of an event of the account."""
    return Leaf(
        version=1,
        event_key=digest16("event", event),
        outcome_no=number,
        account=ACCOUNT,
        pack_digest=METHOD.digest[:16],
        status=Status.CREDITED,
        revision=number,
        started_us=NOON_US + event * 60_000_000,
        gross_mg=112_010,
        posted_mg=posted_mg,
        posted_points=1 if number == 0 else 0,
        inputs=(2_300, None, None, None),
        salt=digest16("salt", event, number),
    )


@dataclass
class World:
    """An installation with its keys and its log."""

    folder: Path
    installation: str
    pieces: list[list[Leaf]] = field(default_factory=list)
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    @classmethod
    def at(cls, folder: Path, installation: str = "00112233445566aa") -> World:
        """Seven pieces: the event 5 lies in the third, its difference in the last."""
        world = cls(folder, installation)
        for piece in range(7):
            world.pieces.append([leaf(piece * 2), leaf(piece * 2 + 1)])
        world.pieces[2].append(leaf(100))
        world.pieces[6].append(leaf(5, 1, -12_010))
        return world

    def __post_init__(self) -> None:
        self.store: KeyStore = DirectoryStore(
            self.folder, PemCustody(), makes_missing=True, clock=lambda: self.now
        )

    def rotate(self) -> None:
        """A day later both kinds of keys are new ones."""
        self.now += timedelta(days=1)
        for purpose in (Purpose.SIGN, Purpose.ROOT):
            self.store.create(purpose)

    @property
    def trust(self) -> Trust:
        """What somebody believes who has the key file of now."""
        return read_key_file(self.key_file())

    def key_file(self) -> bytes:
        """The key file of now."""
        self.store.current(Purpose.SIGN)
        self.store.current(Purpose.ROOT)
        return key_file(self.installation, self.store.published())

    def seal(self, purpose: Purpose) -> Seal:
        """The current key of a purpose."""
        key = self.store.current(purpose)
        return Seal(key, self.store.published(), self.now)

    def entries(self) -> list[Entry]:
        """The log: one entry a piece."""
        return [
            Entry(place, 1, len(piece), SM3.root(leaf.encode() for leaf in piece))
            for place, piece in enumerate(self.pieces, 1)
        ]

    def node(self, digest: TreeHash, span: Span) -> bytes:
        """A node of the log's tree."""
        return digest.root(e.encode() for e in self.entries()[span.start : span.end])

    def root(self, size: int | None = None, seal: Seal | None = None) -> Document:
        """A signed root over the first pieces."""
        size = size or len(self.pieces)
        before = canonical(self.root(size - 1, seal)) if size > 1 else None
        return make_root(
            installation=self.installation,
            size=size,
            sm3=self.node(SM3, Span(0, size)),
            sha256=self.node(SHA256, Span(0, size)),
            previous=None if before is None else (size - 1, SM3.of(before)),
            seal=seal or self.seal(Purpose.ROOT),
        )

    def consistency(self, old: int, new: int) -> Document:
        """The proof that the root over ``new`` continues the one over ``old``."""
        spans = consistency_spans(old, new)
        paths = ([self.node(digest, span) for span in spans] for digest in (SM3, SHA256))
        return make_consistency(self.root(old), self.root(new), *paths)

    def proven(self, position: int, index: int, size: int) -> Proven:
        """One leaf with its way to the root."""
        piece = self.pieces[position - 1]
        spans = inclusion_spans(position - 1, size)
        return Proven(
            leaf=piece[index],
            index=index,
            piece_path=[
                SM3.root(leaf.encode() for leaf in piece[span.start : span.end])
                for span in inclusion_spans(index, len(piece))
            ],
            entry=self.entries()[position - 1],
            path_sm3=[self.node(SM3, span) for span in spans],
            path_sha256=[self.node(SHA256, span) for span in spans],
        )

    def receipt(
        self, size: int | None = None, seal: Seal | None = None, root: Document | None = None
    ) -> Document:
        """The receipt of event 5: its outcome, and its difference where the root covers it."""
        size = size or len(self.pieces)
        outcomes = [self.proven(3, 1, size)]
        if size == 7:
            outcomes.append(self.proven(7, 2, size))
        return make_receipt(
            installation=self.installation,
            outcomes=outcomes,
            methods=[METHOD],
            reading={"en": {"explanation": "You rode."}, "zh": {"explanation": "骑行。"}},
            root=root or self.root(size),
            seal=seal or self.seal(Purpose.SIGN),
        )

    def bundle(self) -> Bundle:
        """All outcomes of the account but those of event 100."""
        chosen = {
            place: {i: leaf for i, leaf in enumerate(piece) if leaf != self.pieces[2][2]}
            for place, piece in enumerate(self.pieces)
            if place != 1
        }
        spans = list(shared_spans(chosen, len(self.pieces)))
        return Bundle(
            pieces=[
                ProvenPiece(
                    entry=self.entries()[place],
                    leaves=leaves,
                    nodes=[
                        SM3.root(leaf.encode() for leaf in self.pieces[place][s.start : s.end])
                        for s in shared_spans(leaves, len(self.pieces[place]))
                    ],
                )
                for place, leaves in chosen.items()
            ],
            nodes_sm3=[self.node(SM3, span) for span in spans],
            nodes_sha256=[self.node(SHA256, span) for span in spans],
            methods=[METHOD],
        )

    def certificate(self, period: Period = PERIOD) -> Document:
        """A certificate over May 2024."""
        return make_certificate(
            installation=self.installation,
            account=ACCOUNT,
            period=period,
            bundle=self.bundle(),
            reading={"en": "All in all.", "zh": "合计。"},
            root=self.root(),
            seal=self.seal(Purpose.SIGN),
        )

    def statement(self) -> Document:
        """A statement over the same acts."""
        bundle = self.bundle()
        leaves = {leaf.event_key: leaf for leaf in bundle.leaves}
        entries = [
            StatementEntry(
                event_key=key,
                programme="lake",
                scene="bike",
                partner="bikes",
                pack="meituan-bike",
                version="1",
                started_us=last.started_us,
                ended_us=last.started_us + 1,
                status="credited",
                total_mg=sum(leaf.posted_mg for leaf in bundle.leaves if leaf.event_key == key),
            )
            for key, last in leaves.items()
        ]
        return make_statement(
            installation=self.installation,
            account=ACCOUNT,
            audience=AUDIENCE,
            entries=entries,
            bundle=bundle,
            reading={"en": "For the road.", "zh": "随身携带。"},
            root=self.root(),
            seal=self.seal(Purpose.SIGN),
        )


def judged(
    kind: str, document: Document | bytes, trust: Trust, known: Document | None = None
) -> Verdict:
    """The verdict on one document."""
    data = document if isinstance(document, bytes) else canonical(document)
    (found,) = verify_file(kind, data, trust, known)
    return found


def code(kind: str, document: Document | bytes, trust: Trust, known: Document | None = None) -> str:
    """The code by which a document is refused; ``valid`` if it is not."""
    found = judged(kind, document, trust, known)
    return "valid" if found.problem is None else found.problem.code
