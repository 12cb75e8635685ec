"""The endpoints as django-ninja serves them. Bodies and answers are the gate's and the rooms' own.

No body is parsed here: a batch goes to its room as the bytes that were signed.
"""

from __future__ import annotations

from typing import Never

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import ValidationError

from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.endpoints import SUBJECTS

api = NinjaAPI(
    title="Tanzhang 碳账 partner API",
    version="v1",
    urls_namespace="partner_api_v1",
    openapi_url=None,
    docs_url=None,
)
for subject in SUBJECTS:
    api.add_router("", subject.router)


@api.exception_handler(ValidationError)
def parameter_invalid(request: HttpRequest, error: ValidationError) -> Never:
    """A parameter of the query is not as documented."""
    places = sorted({str(fault["loc"][-1]) for fault in error.errors})
    raise Problem("gate.schema_invalid", where=places)
