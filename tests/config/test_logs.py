"""A log line is one JSON object that names no person."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from django.test import RequestFactory

from tanzhang.config.logs import (
    JsonLines,
    WithoutAddress,
    logging_settings,
    request_id,
    server_logging,
)


def logged(**arguments: Any) -> dict[str, Any]:
    """What one record of a room becomes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    room = logging.Logger("tanzhang.apps.people")
    room.addHandler(handler)
    room.log(**arguments)
    assert stream.getvalue().count("\n") == 1
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


def test_a_line_says_when_how_grave_where_and_what() -> None:
    line = logged(level=logging.WARNING, msg="Piece put back.", extra={"piece": 7})
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "room": "tanzhang.apps.people",
        "message": "Piece put back.",
        "piece": 7,
    }


def test_a_line_names_its_process_and_the_request_that_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TANZHANG_PROCESS", "worker-2")
    token = request_id.set("0123abcd")
    line = logged(level=logging.INFO, msg="Piece settled.")
    request_id.reset(token)
    assert (line["process"], line["request_id"]) == ("worker-2", "0123abcd")
    monkeypatch.delenv("TANZHANG_PROCESS")
    assert {"process", "request_id"} & logged(level=logging.INFO, msg="So.").keys() == set()


@pytest.mark.parametrize(("path", "kept"), [("/a/zhang-san/", True), ("/readyz", False)])
def test_what_django_says_of_a_request_leaves_out_its_address(path: str, kept: bool) -> None:
    record = logging.makeLogRecord(
        {
            "name": "django.request",
            "msg": "%s: %s",
            "args": ("Internal Server Error", path),
            "request": RequestFactory().get(f"{path}?phone=13800000000"),
        }
    )
    assert WithoutAddress().filter(record) is kept
    line = json.loads(JsonLines().format(record))
    assert line["message"] == "A request failed."
    assert "zhang" not in str(line)
    assert "13800000000" not in str(line)


def test_other_lines_stay_as_they_are() -> None:
    record = logging.makeLogRecord({"msg": "Piece %d put back.", "args": (7,)})
    assert WithoutAddress().filter(record)
    assert record.getMessage() == "Piece 7 put back."


def test_what_the_web_server_says_is_a_line_too() -> None:
    program = (
        "import json, logging, sys\n"
        "from granian.log import LogLevels, configure_logging\n"
        "configure_logging(LogLevels.error, json.loads(sys.argv[1]))\n"
        "logging.getLogger('_granian').error('Unexpected exit')\n"
        "logging.getLogger('_granian').warning('unheard')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(server_logging())],
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = map(json.loads, done.stderr.splitlines())
    assert (line["room"], line["message"]) == ("_granian", "Unexpected exit")


def test_an_error_shows_its_kind_and_place_and_not_its_text() -> None:
    try:
        raise ValueError("Zhang San, 138 0000 0000")
    except ValueError:
        line = logged(level=logging.ERROR, msg="Not posted.", exc_info=True)
    assert line["error"] == "ValueError"
    assert line["trace"][0].endswith("test_an_error_shows_its_kind_and_place_and_not_its_text")
    assert "Zhang San" not in json.dumps(line, ensure_ascii=False)


def test_lines_go_to_standard_error_from_the_weight_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TANZHANG_LOG", "info")
    program = (
        "import logging.config, json, sys\n"
        "logging.config.dictConfig(json.loads(sys.argv[1]))\n"
        "logging.getLogger('tanzhang.a').info('heard')\n"
        "logging.getLogger('tanzhang.a').debug('unheard')\n"
        "logging.getLogger('django').info('unheard')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(logging_settings())],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert [json.loads(line)["message"] for line in done.stderr.splitlines()] == ["heard"]
