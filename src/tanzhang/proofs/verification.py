"""A file of documents, judged line by line with nothing but the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tanzhang.problems import Problem
from tanzhang.proofs.audit_packs import AUDIT_PACK_FORMAT, verify_audit_pack
from tanzhang.proofs.bundles import VerifiedBundle
from tanzhang.proofs.certificates import CERTIFICATE_FORMAT, verify_certificate
from tanzhang.proofs.conformance import CONFORMANCE_FORMAT, verify_conformance
from tanzhang.proofs.exports import EXPORT_FORMAT, verify_export
from tanzhang.proofs.fields import Fields, write_instant
from tanzhang.proofs.form import Document, parse
from tanzhang.proofs.receipts import RECEIPT_FORMAT, verify_receipt
from tanzhang.proofs.roots import (
    CONSISTENCY_FORMAT,
    ROOT_FORMAT,
    Root,
    refuse_split_view,
    verify_consistency,
    verify_root,
)
from tanzhang.proofs.statements import STATEMENT_FORMAT, verify_statement
from tanzhang.proofs.trust import Trust

VALID, REFUSED, UNREADABLE = 0, 1, 2

#: Problems of a file that is no document at all, rather than a bad one.
NO_DOCUMENT: Final = frozenset({"proofs.not_json"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one document: facts if it is valid, else the problem."""

    line: int  #: from 1
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def code(self) -> int:
        """0 valid, 1 refused, 2 unreadable."""
        if self.problem is None:
            return VALID
        return UNREADABLE if self.problem.code in NO_DOCUMENT else REFUSED


def verify_file(
    kind: str, data: bytes, trust: Trust, known_root: Document | None = None
) -> list[Verdict]:
    """A verdict for each document: one, or one a line.

    ``kind`` is one of ``KINDS``. ``known_root`` is a root or a consistency proof that a document
    must agree with.
    """
    found = []
    for line, text in _lines(data):
        try:
            facts = KINDS[kind](parse(text), trust, known_root)
            found.append(Verdict(line, facts))
        except Problem as problem:
            found.append(Verdict(line, problem=problem))
    return found


def _lines(data: bytes) -> list[tuple[int, bytes]]:
    """The documents of a file with their lines; a document laid out over several lines is one."""
    lines = [(place, line) for place, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if len(lines) > 1 and all(line.startswith(b"{") and len(line) > 2 for _, line in lines):
        return lines
    return [(1, data)]


def _receipt(document: Document, trust: Trust, known_root: Document | None) -> dict[str, Any]:
    found = verify_receipt(document, trust)
    _require_known(found.root, known_root, trust)
    last = found.outcomes[-1]
    return {
        "format": RECEIPT_FORMAT,
        "issued_at": write_instant(found.issued_at),
        "event_key": last.leaf.event_key.hex(),
        "account": found.account.hex(),
        "status": document["status"],
        "total_mg": found.total_mg,
        "total_points": found.total_points,
        "outcomes": [
            {
                "position": outcome.position,
                "index": outcome.index,
                "outcome_no": outcome.leaf.outcome_no,
                "posted_mg": outcome.leaf.posted_mg,
            }
            for outcome in found.outcomes
        ],
        "methods": [f"{method.pack}@{method.version}" for method in found.methods],
        **_root_facts(found.root),
    }


def _bundle(bundle: VerifiedBundle) -> dict[str, Any]:
    return {
        "issued_at": write_instant(bundle.issued_at),
        "account": bundle.account.hex(),
        "total_mg": bundle.total_mg,
        "outcome_count": len(bundle.outcomes),
        "methods": [f"{method.pack}@{method.version}" for method in bundle.methods],
        **_root_facts(bundle.root),
    }


def _certificate(document: Document, trust: Trust, known_root: Document | None) -> dict[str, Any]:
    found = verify_certificate(document, trust)
    _require_known(found.bundle.root, known_root, trust)
    period = found.period.as_json()
    counted = {"act_count": found.act_count, "period": period}
    return {"format": CERTIFICATE_FORMAT, **_bundle(found.bundle), **counted}


def _statement(document: Document, trust: Trust, known_root: Document | None) -> dict[str, Any]:
    found = verify_statement(document, trust)
    _require_known(found.bundle.root, known_root, trust)
    counted = {"act_count": len(found.entries)}
    return {"format": STATEMENT_FORMAT, **_bundle(found.bundle), **counted}


def _root(document: Document, trust: Trust, known_root: Document | None) -> dict[str, Any]:
    """A root, or a proof that one continues another."""
    given = Fields(document).text("format")
    if given == CONSISTENCY_FORMAT:
        old, new = verify_consistency(document, trust)
        _require_known(new, known_root, trust)
        return {"format": CONSISTENCY_FORMAT, **_root_facts(new), "continues_size": old.size}
    found = verify_root(document, trust)
    _require_known(found, known_root, trust)
    previous = found.previous_digest.hex() if found.previous_digest else None
    return {"format": ROOT_FORMAT, **_root_facts(found), "previous_sm3": previous}


def _conformance(document: Document, trust: Trust, _: Document | None) -> dict[str, Any]:
    found = verify_conformance(document, trust)
    return {
        "format": CONFORMANCE_FORMAT,
        "installation": found.installation,
        "url": found.url,
        "partner": found.partner,
        "partner_key": found.partner_key,
        "programme": found.programme,
        "made_at": write_instant(found.made_at),
        "ok": found.ok,
        "case_count": found.case_count,
        "failed": list(found.failed),
    }


def _export(document: Document, trust: Trust, _: Document | None) -> dict[str, Any]:
    found = verify_export(document, trust)
    return {
        "format": EXPORT_FORMAT,
        "installation": found.installation,
        "accounts": list(found.accounts),
        "made_at": write_instant(found.made_at),
        "rows": dict(found.rows),
    }


def _audit_pack(document: Document, trust: Trust, _: Document | None) -> dict[str, Any]:
    found = verify_audit_pack(document, trust)
    return {
        "format": AUDIT_PACK_FORMAT,
        "installation": found.installation,
        "until": write_instant(found.until),
        "files": {name: digest.hex() for name, digest in found.files.items()},
        "readings": found.readings,
        "last_reading": found.last_reading.hex(),
    }


def _root_facts(root: Root) -> dict[str, Any]:
    return {
        "installation": root.installation,
        "root_size": root.size,
        "root_made_at": write_instant(root.made_at),
        "root_sm3": root.sm3.hex(),
        "root_sha256": root.sha256.hex(),
        "root_document_sm3": root.digest.hex(),
    }


def _require_known(root: Root, known: Document | None, trust: Trust) -> None:
    """Raises ``proofs.root_unconnected`` unless the root is the known one or is proven by it.

    Raises ``proofs.split_view`` for another root of the known size.
    """
    if known is None:
        return
    if Fields(known).text("format") == CONSISTENCY_FORMAT:
        held = list(verify_consistency(known, trust))
    else:
        held = [verify_root(known, trust)]
    for other in held:
        refuse_split_view(root, other)
    if not any(root.same_tree(other) for other in held):
        sizes = " – ".join(str(other.size) for other in held)
        raise Problem("proofs.root_unconnected", size=root.size, known=sizes)


#: How each kind of document is verified.
KINDS: Final[Mapping[str, Callable[[Document, Trust, Document | None], dict[str, Any]]]] = {
    "receipt": _receipt,
    "certificate": _certificate,
    "root": _root,
    "statement": _statement,
    "conformance": _conformance,
    "export": _export,
    "audit-pack": _audit_pack,
}
