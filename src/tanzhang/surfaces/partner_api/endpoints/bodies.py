"""Small bodies of requests, checked against their documented form."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tanzhang.problems import Problem

Form = TypeVar("Form", bound=BaseModel)


def read_body(form: type[Form], body: bytes) -> Form:
    """The body as its form. Raises ``gate.schema_invalid`` with the places that are wrong.

    Numbers are not taken for texts, nor texts for numbers.
    """
    try:
        return form.model_validate_json(body, strict=True)
    except ValidationError as error:
        places = sorted({".".join(map(str, fault["loc"])) or "body" for fault in error.errors()})
        raise Problem("gate.schema_invalid", where=places) from error
