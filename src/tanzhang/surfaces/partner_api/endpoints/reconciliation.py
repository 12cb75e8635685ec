"""``/v1/reconciliation``: the signed file of each day, and your own count beside it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from tanzhang.apps.activities import api as activities
from tanzhang.surfaces.partner_api.endpoints.replies import as_it_is, reply
from tanzhang.surfaces.partner_api.gate.call import call_of
from tanzhang.surfaces.partner_api.rules import Rule

JSON = ("application/json",)

DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Day = Annotated[str, Field(pattern=DAY)]
#: As it is described; of anything else there is no file, and that is the answer.
AskedDay = Annotated[str, Field(json_schema_extra={"pattern": DAY})]
Hex64 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Counted = Annotated[int, Field(ge=0)]
Total = Literal["received", "accepted", "duplicate", "conflict", "rejected", "held"]

router = Router(tags=["reconciliation"])
RULES = {
    ("GET", "reconciliation"): Rule("reconciliation"),
    ("GET", "reconciliation/<day>"): Rule("reconciliation"),
    ("GET", "reconciliation/<day>/detail"): Rule("reconciliation"),
    ("POST", "reconciliation/<day>/own-count"): Rule("reconciliation", media_types=JSON),
}


class File(Schema):
    """The file of one day."""

    day: Day
    rows: Counted
    detail_sm3: Hex64


class Files(Schema):
    """The latest four hundred days."""

    files: list[File]


class Part(Schema):
    """One part of the detail."""

    part: Annotated[int, Field(ge=1)]
    rows: Counted
    sm3: Hex64


class Statement(Schema):
    """The signed totals: ``received`` is the sum of the five outcomes."""

    model_config = ConfigDict(extra="allow")

    format: str
    installation: str
    partner: str
    day: Day
    time_zone: str
    batches: Counted
    received: Counted
    accepted: Counted
    duplicate: Counted
    conflict: Counted
    rejected: Counted
    held: Counted
    reduction_mg: int
    points: int
    detail_bytes: Counted
    detail_sm3: Hex64 = Field(description="Of all parts, joined in their order.")
    parts: list[Part]


class OwnCount(Schema):
    """What you counted: any of the totals, and perhaps the ids of all events that you sent."""

    model_config = ConfigDict(extra="forbid")

    counts: dict[Total, Counted]
    ids: list[str] | SkipJsonSchema[None] = None


class Pair(Schema):
    """One total as each side counted it."""

    ours: Counted
    theirs: Counted


class Comparison(Schema):
    """How your count differs from our file."""

    day: Day
    agrees: bool
    breaks: Counted
    differences: dict[str, Pair]
    only_ours: list[str] = Field(description="Ids that only our file has; at most 1,000.")
    only_theirs: list[str] = Field(description="Ids that only you sent; at most 1,000.")


@router.get("/reconciliation", operation_id="files", summary="The files there are", response=Files)
def files(request: HttpRequest) -> HttpResponse:
    """One a day since your first batch, the newest first; each is made after its day."""
    found = activities.reconciliation_files(call_of(request).caller.partner.id)
    listed: list[dict[str, Any]] = [
        {"day": line.day, "rows": line.row_count, "detail_sm3": line.detail_sm3} for line in found
    ]
    return reply({"files": listed})


@router.get(
    "/reconciliation/{day}", operation_id="file", summary="A day's totals", response=Statement
)
def file(request: HttpRequest, day: Path[AskedDay]) -> HttpResponse:
    """A signed document, the same bytes at every download."""
    partner_id = call_of(request).caller.partner.id
    return as_it_is(activities.reconciliation_statement(partner_id, day))


@router.get(
    "/reconciliation/{day}/detail",
    operation_id="file_detail",
    summary="A day's lines",
    openapi_extra={
        "responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    },
)
def file_detail(request: HttpRequest, day: Path[AskedDay], part: Query[int] = 1) -> HttpResponse:
    """CSV (RFC 4180, UTF-8), a line for each event of each batch, 50,000 lines a part.

    The totals list the parts with their digests. The header stands in the first part.
    """
    partner_id = call_of(request).caller.partner.id
    detail = activities.reconciliation_detail(partner_id, day, part)
    return HttpResponse(detail, content_type="text/csv; charset=utf-8")


@router.post(
    "/reconciliation/{day}/own-count",
    operation_id="own_count",
    summary="Compare with your own count",
    response=Comparison,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": OwnCount.model_json_schema()}},
        }
    },
)
def own_count(request: HttpRequest, day: Path[AskedDay]) -> HttpResponse:
    """Whatever differs is a break; our operators see it too."""
    call = call_of(request)
    return reply(activities.compare(call.caller.partner.id, day, call.body).told())
