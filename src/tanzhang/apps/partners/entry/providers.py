"""Partners' identity providers: which one is whose. Secrets stay in files of the operator's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from tanzhang.apps.partners.models import PartnerOidc
from tanzhang.apps.partners.selectors import PartnerEntry, partner
from tanzhang.apps.partners.webhooks.addresses import check_url
from tanzhang.apps.partners.webhooks.endpoints import may_be_private
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Provider:
    """A partner's identity provider, and as which client it knows us."""

    partner: PartnerEntry
    issuer: str
    client_id: str
    secret_file: Path

    def secret(self) -> str:
        """The client's secret, read anew. Raises ``partners.oidc_secret_unreadable``."""
        try:
            secret = self.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError):
            secret = ""
        if not secret:
            raise Problem("partners.oidc_secret_unreadable", path=str(self.secret_file))
        return secret


def set_provider(code: str, *, issuer: str, client_id: str, secret_file: Path) -> Provider:
    """Let a partner's people enter by its identity provider; an earlier one is replaced.

    Raises ``partners.partner_unknown``, ``partners.oidc_issuer_refused`` and
    ``partners.oidc_secret_unreadable``.
    """
    entry = partner(code)
    try:
        parts = check_url(issuer, may_be_private=may_be_private())
    except Problem:
        raise Problem("partners.oidc_issuer_refused", issuer=issuer) from None
    if parts.query or issuer.endswith("/.well-known/openid-configuration"):
        raise Problem("partners.oidc_issuer_refused", issuer=issuer)
    made = Provider(entry, issuer, client_id, secret_file.resolve())
    made.secret()
    PartnerOidc.objects.update_or_create(
        partner_id=entry.id,
        defaults={
            "issuer": issuer,
            "client_id": client_id,
            "secret_file": str(made.secret_file),
            "set_at": timezone.now(),
        },
    )
    return made


def provider_of(code: str) -> Provider:
    """A partner's identity provider.

    Raises ``partners.partner_unknown`` and ``partners.oidc_missing``.
    """
    entry = partner(code)
    row = PartnerOidc.objects.filter(partner_id=entry.id).first()
    if row is None:
        raise Problem("partners.oidc_missing", partner=code)
    return Provider(entry, row.issuer, row.client_id, Path(row.secret_file))
