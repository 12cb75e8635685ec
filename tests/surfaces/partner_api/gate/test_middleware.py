"""Whatever happens under ``/v1/`` is answered there: signed, without a cookie and without HTML."""

from __future__ import annotations

from typing import Any, Never

import psycopg
import pytest
from django.db import OperationalError

from surfaces.partner_api.reports import batch
from surfaces.partner_api.signing import Partner, asked
from tanzhang.apps.partners import api as partners, quotas
from tanzhang.crypto import PublicKey
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.endpoints import ping

pytestmark = pytest.mark.database


def raising(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> Never:
        raise error

    return fail


@pytest.mark.parametrize("call", ["caller", "burn_nonce", "agreement", "allow"])
@pytest.mark.parametrize("error", [OperationalError("gone"), psycopg.OperationalError("gone")])
def test_without_its_database_the_gate_lets_nobody_through(
    bikes: Partner,
    platform_keys: dict[str, PublicKey],
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    error: Exception,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(partners, call, raising(error))
        answer = bikes.post("/v1/events:batch", batch())
    assert (answer.status, answer.code) == (503, "TEMPORARILY_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "5"
    assert answer.is_signed_by(platform_keys)
    assert bikes.get("/v1/events/e1").status == 404


def test_a_nonce_table_without_rights_lets_nobody_through(bikes: Partner) -> None:
    from tanzhang.config.database import connect

    with connect("owner", autocommit=True) as owner:
        owner.execute("revoke insert on used_nonce from tanzhang_app")
        try:
            assert bikes.get("/v1/ping").code == "TEMPORARILY_UNAVAILABLE"
        finally:
            owner.execute("grant insert on used_nonce to tanzhang_app")
    assert bikes.get("/v1/ping").status == 200


def test_a_failure_shows_nothing_of_itself(
    bikes: Partner, platform_keys: dict[str, PublicKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ping.people, "installation", raising(RuntimeError("a secret")))
    answer = bikes.get("/v1/ping")
    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body
    assert answer.is_signed_by(platform_keys)


def test_a_problem_that_nobody_foresaw_shows_nothing_either(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ping.people, "installation", raising(Problem("database.url_malformed")))
    answer = bikes.get("/v1/ping")
    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert "DATABASE_URL" not in answer.body.decode()


def test_an_answer_is_given_even_if_the_call_cannot_be_written_down(
    bikes: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partners, "note_call", raising(OperationalError("gone")))
    assert bikes.post("/v1/events:batch", batch()).status == 200


@pytest.mark.parametrize(
    "path", ["/v1/ping", "/v1/nothing", "/v1/platform-keys", "/v1/", "/v1/a//b"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"])
def test_every_answer_is_safe_signed_and_says_nothing_to_browsers(
    bikes: Partner, platform_keys: dict[str, PublicKey], path: str, method: str
) -> None:
    answer = bikes.call(method, path)
    assert answer.is_signed_by(platform_keys)
    assert answer.headers["Content-Type"] in {"application/json", "application/problem+json"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Api-Version"] == "2026-11-01"
    assert {"Set-Cookie", "Vary", "Access-Control-Allow-Origin"}.isdisjoint(answer.headers)
    if method == "HEAD":
        assert answer.body == b""


def test_a_method_that_an_address_lacks_is_told_with_those_it_has(bikes: Partner) -> None:
    answer = bikes.call("DELETE", "/v1/events:batch")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_unsigned_requests_hear_how_to_sign(bikes: Partner) -> None:
    status, headers, _ = asked("GET", "/v1/ping", b"", {})
    assert (status, headers["WWW-Authenticate"]) == (401, "PCA1-SM2-SM3, PCA1-ES256-SHA256")


def test_what_is_left_of_the_quota_is_told(bikes: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = bikes.get("/v1/ping"), bikes.get("/v1/ping")
    left = [int(answer.headers["RateLimit-Remaining"]) for answer in (first, second)]
    assert left[0] - left[1] == 1
    assert int(first.headers["RateLimit-Limit"]) == left[0] + 1
    monkeypatch.setattr(quotas, "MINUTE_S", 60)
    assert 0 < int(bikes.get("/v1/ping").headers["RateLimit-Reset"]) <= 60


def test_everything_else_goes_on_to_the_site(database: object) -> None:
    status, headers, _ = asked("GET", "/v1x/ping", b"", {})
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
