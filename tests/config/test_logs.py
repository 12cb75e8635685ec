"""A log line is one JSON object that names no person."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from typing import Any

import pytest

from tanzhang.config.logs import JsonLines, logging_settings


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
