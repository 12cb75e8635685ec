"""Events as a partner of the river reports them."""

from __future__ import annotations

import json
from typing import Any


def event(external_id: str = "e1", /, partner: str = "bikes", **changes: Any) -> dict[str, Any]:
    """A bike ride of ada's."""
    return {
        "specversion": "1.0",
        "id": external_id,
        "source": f"/{partner}",
        "type": "cn.tanzhang.activity.reported.v1",
        "time": "2025-05-03T08:00:00+08:00",
        "subject": "ada",
        "data": {
            "scene": "bike",
            "ended_at": "2025-05-03T08:10:00+08:00",
            "inputs": {"distance_m": 2000},
        },
    } | changes


def batch(*events: Any) -> bytes:
    """A batch in its plain form."""
    return json.dumps(events or [event()], ensure_ascii=False).encode()
