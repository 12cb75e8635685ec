"""Logs: one JSON object a line on standard error, free of personal data.

A log line says what happened, never to whom: the message is a fixed sentence, its values are
numbers, codes and opaque ids in ``extra``. Exceptions show their type and place, not their text,
because a database's error text quotes the row that it refused. Below that lies a net that masks
what has a person's shape, whoever wrote it (``scrubbing``).

=====================  ========================================================================
``TANZHANG_LOG``       the least weight of the house's own messages; default ``warning``
``TANZHANG_PROCESS``   this process's name in its log lines, such as ``worker-2``
=====================  ========================================================================
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from tanzhang.config import environment
from tanzhang.config.scrubbing import scrubbed_line
from tanzhang.problems import Problem

#: What every record has; everything else came in through ``extra``.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_ENDS = logging.getLogger("tanzhang.process")

#: The id of the web request that this thread is answering; empty outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: time, level, room, message, extra values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "message": record.getMessage(),
        }
        context = {"process": environment.text("TANZHANG_PROCESS"), "request_id": request_id.get()}
        line |= {name: value for name, value in context.items() if value}
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__qualname__
            if isinstance(record.exc_info[1], Problem):
                line["problem"] = record.exc_info[1].code
            line["trace"] = [
                f"{place.filename}:{place.lineno} {place.name}"
                for place in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(scrubbed_line(line), ensure_ascii=False, default=str)


class WithoutAddress(logging.Filter):
    """Takes away what Django says of a request: its address, and the request as a whole.

    Both may hold what a person typed. The access log names the request by its id and its route.
    Answers of ``/readyz`` are not failures, and probes ask for many.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = vars(record).pop("request", None)
        if request is None:
            return True
        record.msg, record.args = "A request failed.", ()
        return bool(request.path_info != "/readyz")


def tell_what_ends_us() -> None:
    """Let what ends a server's process be a log line, not a traceback that quotes what failed."""

    def end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            _ENDS.critical("This process ends by a fault.", exc_info=(kind, error, trace))

    def end_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            end(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = end
    threading.excepthook = end_thread


def logging_settings() -> dict[str, Any]:
    """A ``dictConfig``: warnings and worse, what the house itself says, and the access log."""
    threshold = environment.text("TANZHANG_LOG", "warning").upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_address": {"()": "tanzhang.config.logs.WithoutAddress"}},
        "formatters": {"lines": {"()": "tanzhang.config.logs.JsonLines"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "filters": ["without_address"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "tanzhang": {"level": threshold},
            "tanzhang.access": {"level": "INFO"},
            # A refused request is in the access log; only a fault of ours is said twice.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "CRITICAL"},
            "axes": {"level": "ERROR"},  # it names who tried to log in, and from where
        },
    }


def server_logging() -> dict[str, Any]:
    """The part of a ``dictConfig`` that the web server itself takes."""
    settings = logging_settings()
    server = {"handlers": ["stderr"], "propagate": False}
    return {name: settings[name] for name in ("filters", "formatters", "handlers")} | {
        "loggers": {"_granian": server, "granian.access": server}
    }
