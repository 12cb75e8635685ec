"""The OpenAPI 3.1 document: what the endpoints say of themselves, and what holds for all of them.

Answers and refusals come from the one list of codes, so that the document cannot know fewer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api import refusals, schemas
from tanzhang.surfaces.partner_api.api import api
from tanzhang.surfaces.partner_api.codes import CODES, Check, sentences_of
from tanzhang.surfaces.partner_api.endpoints import RULES
from tanzhang.surfaces.partner_api.gate.sent import VERSIONS
from tanzhang.surfaces.partner_api.rules import Rule

REFERENCE = "#/components/schemas/{model}"

DESCRIPTION = """\
Every request is signed (profile PCA1), every answer is signed too. Read “Sign a request” at
/developers/sign/ first. All amounts are whole numbers. Every refusal is problem+json with a stable
code; /developers/errors/ explains each.
"""

#: Checks that only some endpoints know.
_OF_SIGNED = {*Check} - {Check.ROUTE, Check.IDEMPOTENCY, Check.SCHEMA}
_OF_PUBLIC = {Check.SIZE, Check.SYNTAX, Check.NETWORK_ADDRESS, Check.ANY_TIME}
_NOT_WITHOUT_SIGNATURE = {"SIG_MISSING", "SIG_MALFORMED"}

_HEADERS = {
    "X-Request-Id": "Names this answer in our logs; part of what is signed.",
    "X-Api-Version": "The dated version that answered.",
    "Tanzhang-Signature": "Our signature over status, your nonce, request id, time and body.",
}


def text() -> bytes:
    """The document as it is published."""
    return json.dumps(document(), ensure_ascii=False, separators=(",", ":")).encode()


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="v1")))
    made["info"] = {"title": api.title, "version": VERSIONS[-1], "description": DESCRIPTION}
    made["servers"] = [{"url": "/"}]
    _, further = models_json_schema(
        [(model, "validation") for model in schemas.FURTHER], ref_template=REFERENCE
    )
    components = made["components"]
    components["schemas"] |= further["$defs"]
    components["responses"] = _refusals()
    components["headers"] = {
        name: {"description": said, "required": True, "schema": {"type": "string"}}
        for name, said in _HEADERS.items()
    }
    components["securitySchemes"] = {"PCA1": _scheme()}
    for path, operations in made["paths"].items():
        rules = RULES[path[1:].replace("{", "<").replace("}", ">")]
        for method, operation in operations.items():
            _complete(operation, rules[method.upper()])
    return made


def _complete(operation: dict[str, Any], rule: Rule) -> None:
    """What the gate adds to an operation: its parameters, refusals, headers, signature."""
    operation["security"] = [] if rule.is_public else [{"PCA1": []}]
    operation["parameters"] = [*operation.get("parameters", []), *_parameters(rule)]
    has_input = rule.media_types or any(p["in"] != "header" for p in operation["parameters"])
    for answer in operation["responses"].values():
        answer["headers"] = {
            name: {"$ref": f"#/components/headers/{name}"} for name in sorted(_HEADERS)
        }
    for status in sorted(_statuses(rule, bool(has_input))):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}


def _parameters(rule: Rule) -> list[dict[str, Any]]:
    version = {
        "in": "header",
        "name": "X-Api-Version",
        "required": False,
        "schema": {"type": "string", "enum": list(VERSIONS)},
        "description": "The dated version that you expect; the newest if left out.",
    }
    key = {
        "in": "header",
        "name": "Idempotency-Key",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:~-]{1,128}$"},
        "description": "Yours; the same for each repetition of the same request.",
    }
    return [version, key] if rule.is_done_once else [version]


def _statuses(rule: Rule, has_input: bool) -> set[int]:
    """The statuses of refusals that an endpoint may answer."""
    checks = set(_OF_PUBLIC if rule.is_public else _OF_SIGNED) | {Check.ROUTE}
    if not rule.agreement:
        checks -= {Check.AGREEMENT}
    if rule.is_done_once:
        checks |= {Check.IDEMPOTENCY}
    if has_input:
        checks |= {Check.SCHEMA}
    left_out = _NOT_WITHOUT_SIGNATURE if rule.is_public else set()
    return {c.status for name, c in CODES.items() if c.check in checks and name not in left_out}


def _refusals() -> dict[str, Any]:
    """One component a status, with all codes that it may carry."""
    by_status: dict[int, list[str]] = defaultdict(list)
    for name, code in CODES.items():
        by_status[code.status].append(name)
    return {
        str(status): {
            "description": "; ".join(f"{name}: {_meaning(name)}" for name in names),
            "headers": {
                name: {"$ref": f"#/components/headers/{name}"}
                for name in ("X-Api-Version", "X-Request-Id")
            },
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": REFERENCE.format(model="Refusal")},
                    "examples": {name: {"value": _example(name)} for name in names},
                }
            },
        }
        for status, names in sorted(by_status.items())
    }


def _meaning(name: str) -> str:
    return Problem(sentences_of(name)).part("what", "en")


def _example(name: str) -> dict[str, Any]:
    _, body = refusals.document(Problem(sentences_of(name)), "0123456789abcdef")
    example: dict[str, Any] = json.loads(body)
    return example


def _scheme() -> dict[str, Any]:
    return {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": (
            'PCA1-SM2-SM3 partner="…",key="…",ts="…",nonce="…",sig="…" over the canonical string '
            "of twelve lines; /developers/sign/ builds one step by step."
        ),
    }
