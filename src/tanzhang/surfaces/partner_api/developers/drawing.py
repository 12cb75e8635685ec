"""The OpenAPI document as rows of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a member of a body."""

    name: str
    place: str
    form: str
    is_needed: bool
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a status means."""

    status: str
    form: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    note: str
    is_public: bool
    fields: tuple[Field, ...]
    bodies: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A body, or a part of one."""

    name: str
    note: str
    form: str
    fields: tuple[Field, ...]


def operations(document: Document) -> list[Operation]:
    """Every address, in the document's order."""
    return [
        _operation(document, method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def schemas(document: Document) -> list[Model]:
    """Every body and part of one, by name."""
    models = document["components"]["schemas"]
    return [
        Model(
            name,
            said.get("description", ""),
            "" if "properties" in said else form(said),
            tuple(_members(said)),
        )
        for name, said in sorted(models.items())
    ]


def form(said: Document) -> str:
    """A schema in a few words: ``string``, ``list of Item``, ``"1.0"``, ``integer or null``."""
    if "$ref" in said:
        return str(said["$ref"]).rpartition("/")[2]
    if "const" in said:
        return f'"{said["const"]}"'
    if "enum" in said:
        return " | ".join(str(value) for value in said["enum"])
    for union in ("anyOf", "oneOf"):
        if union in said:
            return " | ".join(form(each) for each in said[union])
    kind = str(said.get("type", "any"))
    if kind == "array":
        return f"[{form(said.get('items', {}))}]"
    if kind == "object" and isinstance(said.get("additionalProperties"), dict):
        return f"{{name: {form(said['additionalProperties'])}}}"
    return f"{kind} ({said['format']})" if "format" in said else kind


def _operation(document: Document, method: str, path: str, said: Document) -> Operation:
    body = said.get("requestBody", {}).get("content", {})
    return Operation(
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        note=said.get("description", ""),
        is_public=not said.get("security"),
        fields=tuple(_parameters(said)),
        bodies=tuple((kind, form(content["schema"])) for kind, content in body.items()),
        answers=tuple(_answers(document, said)),
    )


def _parameters(said: Document) -> Iterator[Field]:
    for each in said.get("parameters", []):
        note = each.get("description", "")
        yield Field(each["name"], each["in"], form(each["schema"]), each["required"], note)


def _members(said: Document) -> Iterator[Field]:
    needed = set(said.get("required", []))
    for name, member in said.get("properties", {}).items():
        yield Field(name, "", form(member), name in needed, member.get("description", ""))


def _answers(document: Document, said: Document) -> Iterator[Answer]:
    for status, answer in said["responses"].items():
        shared = document["components"]["responses"].get(status) if "$ref" in answer else None
        content = (shared or answer).get("content", {})
        kinds = [form(each["schema"]) for each in content.values()]
        codes = [code for each in content.values() for code in each.get("examples", {})]
        yield Answer(str(status), " | ".join(kinds), tuple(codes if shared else []))
