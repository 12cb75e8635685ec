"""PCA1: the header, and the strings that are signed."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from crypto.worlds import vectors
from tanzhang.crypto import (
    Algorithm,
    Authorization,
    Cipher,
    Profile,
    entry_string,
    event_string,
    load_public,
    parse_authorization,
    request_string,
    response_string,
    sm3,
)
from tanzhang.problems import Problem

KNOWN = vectors("pca1")["profiles"]
STRINGS = {"request": request_string, "response": response_string, "event": event_string}
REQUEST: dict[str, Any] = {**KNOWN[0]["request"]["fields"]}
REQUEST["body"] = REQUEST["body"].encode()
SAID = Authorization(Profile.SM2, "bank-demo", "5A17C0DE5A17C0DE", 1763640000, "3f" * 16, b"s" * 70)


@pytest.mark.parametrize("kind", list(STRINGS))
@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["profile"])
def test_the_published_strings_come_out_and_their_signatures_hold(
    known: dict[str, Any], kind: str
) -> None:
    fields = {**known[kind]["fields"], "body": known[kind]["fields"]["body"].encode()}
    lines = STRINGS[kind](Profile(known["profile"]), **fields)
    public = load_public(known["pem"])
    assert lines.decode() == known[kind]["lines"]
    assert public.key_id == known["key_id"]
    assert public.verify(lines, base64.b64decode(known[kind]["signature"]))


def test_the_published_request_has_its_published_digest() -> None:
    assert sm3(request_string(Profile.SM2, **REQUEST)).hex() == KNOWN[0]["request"]["digest"]


def test_a_profile_knows_its_algorithms() -> None:
    assert (Profile.SM2.algorithm, Profile.SM2.cipher) == (Algorithm.SM2, Cipher.SM4_GCM)
    assert (Profile.P256.algorithm, Profile.P256.cipher) == (Algorithm.P256, Cipher.AES_128_GCM)


def test_a_request_has_twelve_lines_a_response_seven_an_event_six() -> None:
    counts = {kind: KNOWN[0][kind]["lines"].count("\n") for kind in STRINGS}
    assert counts == {"request": 12, "response": 7, "event": 6}
    assert len({KNOWN[0][kind]["lines"].split("\n")[0] for kind in STRINGS}) == 3


@pytest.mark.parametrize(
    ("field", "sent", "line"),
    [
        ("method", "post", "POST"),
        ("host", "API.Example.CN", "api.example.cn"),
        ("host", "api.example.cn:443", "api.example.cn"),
        ("host", "api.example.cn:80", "api.example.cn"),
        ("host", "api.example.cn:8443", "api.example.cn:8443"),
        ("content_type", "application/json; charset=utf-8", "application/json"),
        ("path", "/v1/A%2fb", "/v1/A%2fb"),
        ("query", "b=2&a=%20", "b=2&a=%20"),
    ],
)
def test_lines_are_as_sent_but_for_what_may_be_written_in_two_ways(
    field: str, sent: str, line: str
) -> None:
    lines = request_string(Profile.SM2, **(REQUEST | {field: sent})).decode().split("\n")
    place = {"method": 1, "path": 2, "query": 3, "host": 4, "content_type": 10}[field]
    assert lines[place] == line


def test_what_may_be_absent_is_an_empty_line() -> None:
    absent = {"query": "", "idempotency_key": "", "content_type": "", "body": b""}
    lines = request_string(Profile.SM2, **(REQUEST | absent)).decode().split("\n")
    assert (lines[3], lines[9], lines[10], lines[11]) == ("", "", "", sm3(b"").hex())


@pytest.mark.parametrize("control", ["\n", "\r", "\0", "\x1f", "\x7f"])
@pytest.mark.parametrize("field", [f for f in REQUEST if f not in ("body", "ts")])
def test_no_line_can_hold_another(field: str, control: str) -> None:
    with pytest.raises(Problem, match=r"pca1\.line_malformed"):
        request_string(Profile.SM2, **(REQUEST | {field: f"a{control}b"}))


TEXT = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7A), max_size=12)
FIELDS = st.fixed_dictionaries(
    {"path": TEXT, "query": TEXT, "nonce": TEXT, "partner": TEXT, "key": TEXT}
    | {"idempotency_key": TEXT, "ts": st.integers(0, 2**33), "body": st.binary(max_size=20)}
)


@given(FIELDS, FIELDS)
def test_two_requests_never_have_one_string(one: dict[str, Any], other: dict[str, Any]) -> None:
    strings = [request_string(Profile.SM2, **(REQUEST | fields)) for fields in (one, other)]
    assert (strings[0] == strings[1]) is (one == other)


def test_a_header_survives_being_written_and_read() -> None:
    assert parse_authorization(SAID.header()) == SAID
    other = replace(SAID, profile=Profile.P256, ts=0, sig=b"x" * 71)
    assert parse_authorization(other.header()) == other


def test_a_headers_parameters_may_come_in_any_order_and_with_blanks() -> None:
    scheme, _, rest = SAID.header().partition(" ")
    parts = rest.split(",")
    assert parse_authorization(f"{scheme}  " + " ,  ".join(reversed(parts))) == SAID


def changed(old: str, new: str) -> str:
    header = SAID.header()
    assert old in header
    return header.replace(old, new, 1)


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " ",
        "PCA1-SM2-SM3",
        "Bearer abc",
        SAID.header().split(",sig")[0],
        SAID.header() + ',ts="1763640000"',
        SAID.header() + ',more="1"',
        SAID.header() + ",",
        SAID.header() + "\n",
        " " + SAID.header(),
        SAID.header() + " " * 1024,
        changed("PCA1-SM2-SM3", "PCA1-NONE"),
        changed("PCA1-SM2-SM3", "pca1-sm2-sm3"),
        changed("PCA1-SM2-SM3", "PCA1-SM2-SM3-RES"),
        changed('partner="bank-demo"', 'partner=""'),
        changed('partner="bank-demo"', 'partner="bank demo"'),
        changed('partner="bank-demo"', "partner=bank-demo"),
        changed('partner="bank-demo"', 'partner="银行"'),
        changed('key="5A17C0DE5A17C0DE"', 'key="5a17c0de5a17c0de"'),
        changed('ts="1763640000"', 'ts="01763640000"'),
        changed('ts="1763640000"', 'ts="-1"'),
        changed('ts="1763640000"', 'ts="1763640000.5"'),
        changed('ts="1763640000"', 'ts="１７６３"'),
        changed('ts="1763640000"', 'ts="1763640000000000"'),
        changed('nonce="3f', 'nonce="3F'),
        changed('nonce="3f', 'nonce="'),
        changed('sig="', 'sig="!'),
        changed('sig="', 'sig=" '),
        changed('=="', '="'),
        changed('=="', '"'),
        changed('cw=="', 'cx=="'),
    ],
)
def test_a_header_in_any_other_form_is_malformed(odd: str) -> None:
    with pytest.raises(Problem, match=r"pca1\.header_malformed"):
        parse_authorization(odd)


@given(st.text(max_size=200))
def test_no_text_makes_reading_fail_otherwise(text: str) -> None:
    for header in (text, f"PCA1-SM2-SM3 {text}", f'{SAID.header()},{text}="1"'):
        with pytest.raises(Problem, match=r"pca1\.header_malformed"):
            parse_authorization(header)


def test_an_entry_link_is_signed_over_its_own_eight_lines() -> None:
    said: dict[str, Any] = {
        "ts": 1763640000,
        "nonce": "0" * 32,
        "partner": "bank",
        "key": "5A17C0DE5A17C0DE",
    }
    made = entry_string(Profile.SM2, host="Carbon.Example:443", person="客户 7", phone="", **said)
    assert made.decode() == (
        "PCA1-SM2-SM3-ENTRY\ncarbon.example\n1763640000\n00000000000000000000000000000000\n"
        "bank\n5A17C0DE5A17C0DE\n客户 7\n\n"
    )
    vouched = entry_string(
        Profile.SM2, host="carbon.example", person="客户 7", phone="", claims="5A17.abc", **said
    )
    assert vouched == made + b"5A17.abc\n"
    with pytest.raises(Problem):
        entry_string(Profile.SM2, host="a", person="x\ny", phone="", **said)
