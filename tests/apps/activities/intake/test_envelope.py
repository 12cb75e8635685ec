"""Only a body that is no batch at all is refused as a whole, at once, and with a stable code."""

from __future__ import annotations

import json
import time

import pytest
from batches import event, text, with_key

from tanzhang.apps.activities.intake.envelope import PLAIN, SEALED, open_envelope
from tanzhang.problems import Problem

ONE = json.dumps(event())
HUGE = 10 * 1024 * 1024

#: What breaks readers: none of these takes long, and each is told by its code.
POISON: dict[str, tuple[bytes, str]] = {
    "deep lists": (b"[" * 10_000 + b"]" * 10_000, "json.too_deep"),
    "deep objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json.too_deep"),
    "nine levels": (b'[{"data":{"x":[[[[[[1]]]]]]}}]', "json.too_deep"),
    "ten megabytes": (b"[" + b" " * HUGE + b"]", "intake.batch_too_large"),
    "not a number": (b'[{"a":NaN}]', "json.not_json"),
    "infinity": (b'[{"a":-Infinity}]', "json.not_json"),
    "byte order mark": (b"\xef\xbb\xbf[{}]", "json.not_json"),
    "UTF-16": ("[{}]".encode("utf-16"), "json.not_utf8"),
    "half a pair in bytes": (b'[{"a":"\xed\xa0\x80"}]', "json.not_utf8"),
    "trailing garbage": (b"[{}]\0", "json.not_json"),
    "two batches": (b"[{}][{}]", "json.not_json"),
    "a comment": (b"[{}] // all", "json.not_json"),
    "a trailing comma": (b"[{},]", "json.not_json"),
    "single quotes": (b"[{'a':1}]", "json.not_json"),
    "a control": (b'[{"a":"\x01"}]', "json.not_json"),
    "cut short": (text(event())[:-20], "json.not_json"),
    "nothing": (b"", "json.not_json"),
    "a word": (b"true", "json.not_json"),
    "an object": (b"{}", "intake.batch_malformed"),
    "no events": (b"[]", "intake.batch_empty"),
    "too many events": (b"[" + b",".join([b"{}"] * 1001) + b"]", "intake.too_many_events"),
    "too many numbers": (b"[" + b"1," * 500_000 + b"1]", "intake.too_many_events"),
    "half a million names": (b"[{" + b'"":1,' * 200_000 + b'"":1}]', ""),
    "a very long number": (b"[" + b"9" * 1_000_000 + b"]", ""),
    "a very long escape": (b'["' + b"\\\\" * 500_000 + b'"]', ""),
}


def verdict(body: bytes, content_type: str = PLAIN) -> str:
    try:
        open_envelope(body, content_type)
    except Problem as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("name", POISON)
def test_poison_is_told_by_its_code_and_soon(name: str) -> None:
    body, code = POISON[name]
    begun = time.process_time()
    assert verdict(body) == code
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"events":[{}]}', ""),
        (b'{"events":[{}],"kid":"K","ek":"AAAA"}', ""),
        (b'{"kid":"K","ek":"AAAA","events":[{"events":[]}]}', ""),
        (b"[{}]", "intake.batch_malformed"),
        (b"{}", "intake.batch_malformed"),
        (b'{"events":{}}', "intake.batch_malformed"),
        (b'{"events":[{}],"kid":"K"}', "intake.batch_malformed"),
        (b'{"events":[{}],"ek":"AAAA"}', "intake.batch_malformed"),
        (b'{"events":[{}],"kid":"K","ek":"%"}', "intake.batch_malformed"),
        ('{"events":[{}],"kid":"K","ek":"é"}'.encode(), "intake.batch_malformed"),
        (b'{"events":[{}],"kid":7,"ek":"AAAA"}', "intake.batch_malformed"),
        (b'{"events":[{}],"kid":null,"ek":null}', "intake.batch_malformed"),
        (b'{"events":[{}],"events":[{}]}', "intake.batch_malformed"),
        (b'{"events":[{}],"note":"x"}', "intake.batch_malformed"),
        (b'{"events":[]}', "intake.batch_empty"),
    ],
)
def test_the_form_with_a_key_has_exactly_its_three_parts(body: bytes, code: str) -> None:
    assert verdict(body, SEALED) == code


def test_the_key_and_the_events_are_found() -> None:
    found = open_envelope(with_key(event(), event("e2"), wrapped=b"\x00\xff"), f"{SEALED}; a=b")
    assert (found.kid, found.wrapped_key, len(found.events)) == ("K1", b"\x00\xff", 2)


@pytest.mark.parametrize("content_type", ["application/json", "", "text/plain"])
def test_another_content_type_is_no_batch(content_type: str) -> None:
    assert verdict(text(event()), content_type) == "intake.content_unknown"
