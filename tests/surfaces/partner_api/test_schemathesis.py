"""The published OpenAPI document holds for whatever a machine thinks up, signed as it leaves."""

from __future__ import annotations

import contextlib
import io
import json
import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from surfaces.partner_api.signing import Partner, site
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import openapi

SIGN = "to be signed"
KEY = re.compile(r"[A-Za-z0-9._:~-]{1,128}")

#: What a document cannot say of these.
NOT_FOR = {
    # It is answered event by event: one that is no event is told so in a receipt.
    "/v1/events:batch": [negative_data_rejection],
    # The address must lead to a machine of the public.
    "/v1/webhooks": [positive_data_acceptance],
    # Either one message is named, or a span of time.
    "/v1/deliveries:replay": [positive_data_acceptance],
    # Of a day that is none nothing can be compared.
    "/v1/reconciliation/{day}/own-count": [positive_data_acceptance],
}

schema = schemathesis.openapi.from_dict(json.loads(openapi.text()))


class Gateway:
    """Stands between the machine and the site, and signs what says that it is to be signed."""

    partner: Partner | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_AUTHORIZATION") == SIGN:
            self._sign(environ)
        return site()(environ, start)

    def _sign(self, environ: dict[str, Any]) -> None:
        """Signs as a partner would: each new request has a key of its own."""
        assert self.partner
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if KEY.fullmatch(environ.get("HTTP_IDEMPOTENCY_KEY", "")):
            environ["HTTP_IDEMPOTENCY_KEY"] = secrets.token_hex(8)
        # A request that cannot be signed is refused for its own sake, signed or not.
        with contextlib.suppress(Problem):
            environ["HTTP_AUTHORIZATION"] = self.partner.sign_environ(environ, body)


gateway = Gateway()
schema.app = gateway


@schema.auth()
class Signed:
    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
        return SIGN

    def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
        case.headers["Authorization"] = data


@pytest.fixture
def signing(bikes: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    from tanzhang.surfaces.partner_api.gate import order
    from tanzhang.surfaces.partner_api.gate.addresses import AddressLimit

    monkeypatch.setattr(order, "limit", AddressLimit(burst=1_000_000))
    monkeypatch.setattr(gateway, "partner", bikes)


@pytest.mark.database
@schema.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_site_keeps_to_its_description(case: schemathesis.Case, signing: None) -> None:
    case.call_and_validate(excluded_checks=NOT_FOR.get(case.operation.path, []))
