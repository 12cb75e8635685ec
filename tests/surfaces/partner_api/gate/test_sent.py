"""A request is read in one way or not at all."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tanzhang.crypto import sha256, sm3
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.gate.sent import nonce_of, read_sent


def environ(**changes: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/v1/ping",
        "QUERY_STRING": "",
        "HTTP_HOST": "api.example.cn",
    } | changes


def refused(**changes: Any) -> str:
    with pytest.raises(Problem) as caught:
        read_sent(environ(**changes))
    return caught.value.code.removeprefix("gate.")


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/a/",
        "/v1//a",
        "/v1/a/../b",
        "/v1/./a",
        "/v1/a b",
        "/v1/a%2Fb",
        "/v1/a;b",
        "/v1/a\\b",
        "/v1/\u00e9",
        "/v1/a\n",
        "/v1/a\x00",
        "/V1/a",
    ],
)
def test_a_path_that_could_be_read_in_two_ways_is_refused(path: str) -> None:
    assert refused(PATH_INFO=path) == "target_invalid"


@pytest.mark.parametrize("query", ["a b", "a=\u00e9", "a\n", "x" * 2049, "\x7f"])
def test_a_query_that_did_not_come_as_characters_is_refused(query: str) -> None:
    assert refused(QUERY_STRING=query) == "target_invalid"


@pytest.mark.parametrize("path", ["/v1/events:batch", "/v1/a/..b/c..", "/v1/a:b@c~d.e-f_1"])
def test_other_paths_and_queries_are_kept_as_they_came(path: str) -> None:
    sent = read_sent(environ(PATH_INFO=path, QUERY_STRING="id=%E7%A2%B3&x=+%41"))
    assert (sent.path, sent.query) == (path, "id=%E7%A2%B3&x=+%41")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("HTTP_HOST", ""),
        ("HTTP_HOST", "a.cn,b.cn"),
        ("HTTP_HOST", "a.cn@b.cn"),
        ("HTTP_HOST", "a.cn:1:2"),
        ("CONTENT_TYPE", "application/json,text/plain"),
        ("CONTENT_TYPE", "json"),
        ("CONTENT_TYPE", "a/b;\nx"),
        ("HTTP_IDEMPOTENCY_KEY", "a,a"),
        ("HTTP_IDEMPOTENCY_KEY", "a b"),
        ("HTTP_IDEMPOTENCY_KEY", "x" * 129),
        ("HTTP_CONTENT_DIGEST", "md5=:AAAA:"),
        ("CONTENT_LENGTH", "-1"),
        ("CONTENT_LENGTH", "1_0"),
        ("CONTENT_LENGTH", "\u0661"),
        ("CONTENT_LENGTH", "1,1"),
    ],
)
def test_a_header_not_in_its_one_form_is_refused(header: str, value: str) -> None:
    assert refused(**{header: value}) == "header_invalid"


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip", "GZIP"])
def test_a_compressed_body_is_refused(coding: str) -> None:
    assert refused(HTTP_CONTENT_ENCODING=coding) == "media_type_unsupported"


@pytest.mark.parametrize("version", ["", "2026-11-02", "latest", "2026-11-01,2026-11-01"])
def test_an_unknown_version_is_refused(version: str) -> None:
    assert refused(HTTP_X_API_VERSION=version) == "version_unknown"


def test_the_size_is_looked_at_before_anything_else() -> None:
    assert refused(CONTENT_LENGTH=str(2**20 + 1), PATH_INFO="/v1//") == "body_too_large"
    assert refused(HTTP_TRANSFER_ENCODING="chunked", HTTP_HOST="") == "length_required"
    assert read_sent(environ(CONTENT_LENGTH=str(2**20))).length == 2**20


def test_the_media_type_is_the_content_type_without_its_parameters() -> None:
    sent = read_sent(environ(CONTENT_TYPE="Application/JSON ; charset=utf-8"))
    assert sent.media_type == "application/json"
    assert sent.content_type == "Application/JSON ; charset=utf-8"


@pytest.mark.parametrize(("name", "digest"), [("sm3", sm3), ("sha-256", sha256)])
def test_a_digest_of_the_body_is_compared_if_it_was_sent(name: str, digest: Any) -> None:
    said = base64.b64encode(digest(b"body")).decode()
    sent = read_sent(environ(HTTP_CONTENT_DIGEST=f"{name}=:{said}:"))
    assert sent.says_digest_of(b"body")
    assert not sent.says_digest_of(b"bodi")
    assert read_sent(environ()).says_digest_of(b"anything")


def test_an_answer_is_bound_to_a_nonce_that_can_be_read_and_to_no_other() -> None:
    nonce = "0123456789abcdef" * 2
    assert nonce_of({"HTTP_AUTHORIZATION": f'PCA1-SM2-SM3 nonce="{nonce}",sig="x"'}) == nonce
    for header in ("", 'nonce="short"', f'nonce="{nonce}0"', f"nonce={nonce}", 'nonce="\n"'):
        assert nonce_of({"HTTP_AUTHORIZATION": header}) == "-"
