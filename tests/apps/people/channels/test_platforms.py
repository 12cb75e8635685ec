"""What platforms answer is read in their own forms; what else they say is no log-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from clean_database import Database
from tanzhang.apps.people.api import Channel
from tanzhang.apps.people.channels import platforms
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let WeChat answer so, over the real client and a transport of ours."""
    monkeypatch.setenv("TANZHANG_WECHAT_APPID", "wx1")
    monkeypatch.setenv("TANZHANG_WECHAT_SECRET", "s")

    def answer(status: int = 200, **what: Any) -> None:
        transport = httpx.MockTransport(lambda request: httpx.Response(status, **what))
        client = httpx.Client(transport=transport)
        monkeypatch.setattr(platforms.httpx, "Client", lambda **settings: client)

    return answer


def refused() -> str:
    with pytest.raises(Problem) as problem:
        platforms.identify(Channel.WECHAT, "code")
    return problem.value.code


def test_a_subject_is_named_with_its_app(answers: Callable[..., None]) -> None:
    answers(json={"openid": "o1", "session_key": "k"})
    assert platforms.identify(Channel.WECHAT, "code") == "wx1:o1"


@pytest.mark.parametrize("number", [40029, 40163])
def test_a_code_that_is_unknown_or_used_is_refused(
    answers: Callable[..., None], number: int
) -> None:
    answers(json={"errcode": number, "errmsg": "no"})
    assert refused() == "people.channel_code_refused"


@pytest.mark.parametrize(
    "what",
    [
        {"json": {"errcode": -1, "errmsg": "busy"}},
        {"json": {"openid": ""}},
        {"json": {"openid": 7}},
        {"json": {"openid": "o" * 129}},
        {"json": ["openid"]},
        {"text": "<html>"},
        {"status": 500, "json": {"openid": "o1"}},
    ],
)
def test_whatever_else_is_said_names_nobody(
    answers: Callable[..., None], what: dict[str, Any]
) -> None:
    answers(**what)
    assert refused() == "people.channel_unreachable"


def test_where_people_are_real_secrets_travel_over_https_alone(
    database: Database, answers: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(json={"openid": "o1"})
    monkeypatch.setenv("TANZHANG_WECHAT_URL", "http://127.0.0.1:9")
    assert platforms.identify(Channel.WECHAT, "code") == "wx1:o1"
    database.turn("live")
    assert refused() == "people.channel_off"


@pytest.mark.parametrize("key", ["missing.pem", "not-a-key.pem"])
def test_alipay_without_its_key_is_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, key: str
) -> None:
    (tmp_path / "not-a-key.pem").write_text("nothing")
    monkeypatch.setenv("TANZHANG_ALIPAY_APPID", "a")
    monkeypatch.setenv("TANZHANG_ALIPAY_KEY", str(tmp_path / key))
    with pytest.raises(Problem) as problem:
        platforms.identify(Channel.ALIPAY, "code")
    assert problem.value.code == "people.channel_off"


def test_alipay_has_its_fields_signed_in_order() -> None:
    fields = {"b": "2", "sign": "x", "a": "1"}
    assert platforms.signed_content(fields) == b"a=1&b=2"
