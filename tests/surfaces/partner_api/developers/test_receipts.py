"""The pages name every reason of an outcome, and show a withdrawal that is taken."""

from __future__ import annotations

import json
import re

import pytest

from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner
from tanzhang.engine.acts import Reason
from tanzhang.surfaces.partner_api.developers import pages

#: Told by no word of their own: nothing speaks against the act, or a bound does by its name.
WORDLESS = {Reason.NONE, Reason.BOUND}


def text(name: str) -> str:
    return (pages.folder() / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["receipts.md", "receipts.zh-CN.md"])
def test_every_reason_is_told(page: str) -> None:
    table = re.split(r"^## (?:Reasons|原因)$", text(page), flags=re.M)[1]
    firsts = " ".join(line.split("|")[1] for line in table.splitlines() if line.startswith("|"))
    told = set(re.findall(r"`(\w+)`", firsts))
    assert told == {reason.name.lower() for reason in Reason if reason not in WORDLESS}


@pytest.mark.database
def test_the_shown_withdrawal_takes_an_act_back(bikes: Partner) -> None:
    [shown] = re.findall(r"^```json\n(\{[^`]*withdrawn\.v1[^`]*)^```$", text("events.md"), re.M)
    withdrawal = json.loads(shown)
    kept = {name: withdrawal[name] for name in ("id", "time")}
    assert bikes.post("/v1/events:batch", batch(event(**kept))).json()["counts"]["accepted"] == 1
    subject = event()["subject"]
    answer = bikes.post("/v1/events:batch", batch(withdrawal | {"subject": subject})).json()
    assert [(item["outcome"], item["code"]) for item in answer["items"]] == [("accepted", None)]
