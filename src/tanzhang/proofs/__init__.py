"""Documents that a person or a partner carries away, and how they are verified offline.

Receipts, certificates, statements and roots are JSON with a signature. They are made from plain
values and verified with nothing but a key file: no Django, no database, no network.
"""

from __future__ import annotations

from tanzhang.proofs.audit_packs import AuditPack, make_audit_pack, verify_audit_pack
from tanzhang.proofs.bundles import Bundle, ProvenPiece
from tanzhang.proofs.certificates import Period, make_certificate
from tanzhang.proofs.conformance import make_conformance
from tanzhang.proofs.exports import Export, NotIncluded, Section, make_export, verify_export
from tanzhang.proofs.form import Document, canonical, parse
from tanzhang.proofs.methods import Method
from tanzhang.proofs.receipts import Proven, make_receipt
from tanzhang.proofs.roots import make_consistency, make_root
from tanzhang.proofs.signing import Seal
from tanzhang.proofs.statements import (
    Audience,
    Entry,
    Statement,
    make_statement,
    verify_statement,
)
from tanzhang.proofs.trust import Trust, key_file, read_key_file
from tanzhang.proofs.verification import KINDS, REFUSED, UNREADABLE, VALID, Verdict, verify_file

__all__ = [
    "KINDS",
    "REFUSED",
    "UNREADABLE",
    "VALID",
    "Audience",
    "AuditPack",
    "Bundle",
    "Document",
    "Entry",
    "Export",
    "Method",
    "NotIncluded",
    "Period",
    "Proven",
    "ProvenPiece",
    "Seal",
    "Section",
    "Statement",
    "Trust",
    "Verdict",
    "canonical",
    "key_file",
    "make_audit_pack",
    "make_certificate",
    "make_conformance",
    "make_consistency",
    "make_export",
    "make_receipt",
    "make_root",
    "make_statement",
    "parse",
    "read_key_file",
    "verify_audit_pack",
    "verify_export",
    "verify_file",
    "verify_statement",
]
