"""The report of a run of the conformance kit: each case, what was expected, and what came.

The platform signs the report of a run in its own sandbox, a partner that of a run of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields, write_instant
from tanzhang.proofs.form import Document
from tanzhang.proofs.signing import Seal, require_signature
from tanzhang.proofs.trust import Trust

CONFORMANCE_FORMAT: Final = "tanzhang-conformance/1"


@dataclass(frozen=True, slots=True)
class Conformance:
    """What a verified report says."""

    installation: str
    url: str
    partner: str
    partner_key: str
    programme: str
    made_at: datetime
    case_count: int
    failed: tuple[str, ...]  #: names of the cases that came out otherwise

    @property
    def ok(self) -> bool:
        """Whether every case came out as expected."""
        return not self.failed


def make_conformance(
    *,
    installation: str,
    url: str,
    partner: str,
    partner_key: str,
    programme: str,
    cases: Sequence[Mapping[str, Any]],
    seal: Seal,
) -> Document:
    """A signed report. Each case has ``name``, ``expected``, ``got`` and ``ok``."""
    return seal.put_on(
        {
            "format": CONFORMANCE_FORMAT,
            "installation": installation,
            "url": url,
            "partner": partner,
            "partner_key": partner_key,
            "programme": programme,
            "made_at": write_instant(seal.at),
            "ok": all(case["ok"] for case in cases),
            "cases": [dict(case) for case in cases],
        }
    )


def verify_conformance(document: Document, trust: Trust) -> Conformance:
    """What a report says, if a signing key signed it. Raises ``proofs.report_contradicts``."""
    fields = Fields(document)
    given = fields.text("format")
    if given != CONFORMANCE_FORMAT:
        raise Problem("proofs.format_unknown", given=given[:40], known=CONFORMANCE_FORMAT)
    made_at = fields.instant("made_at")
    require_signature(document, fields, Purpose.SIGN, made_at, trust)
    installation = fields.text("installation")
    trust.require_installation(installation)
    cases = [_case(case) for case in fields.each("cases")]
    failed = tuple(name for name, ok in cases if not ok)
    if fields.anything("ok") is not (not failed):
        raise Problem("proofs.report_contradicts")
    found = Conformance(
        installation=installation,
        url=fields.text("url"),
        partner=fields.text("partner"),
        partner_key=fields.text("partner_key"),
        programme=fields.text("programme"),
        made_at=made_at,
        case_count=len(cases),
        failed=failed,
    )
    fields.end()
    return found


def _case(fields: Fields) -> tuple[str, bool]:
    name, ok = fields.text("name"), fields.text("expected") == fields.text("got")
    if fields.anything("ok") is not ok:
        raise Problem("proofs.report_contradicts")
    fields.end()
    return name, ok
