"""Handing in a photo, and reading why a record waits, as a citizen does."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guarded_lake import guarded_library, hand_in, walk
from surfaces.citizen.browser import Browser, Page, browser
from tanzhang.apps.activities.api import drain, find_event
from tanzhang.apps.activities.models import ActSignal, PhotoEvidence
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.apps.people import api as people

pytestmark = pytest.mark.database


@pytest.fixture
def visitor(database: object, tmp_path: Path) -> Browser:
    """Ada's browser; she has one act that waits for a person."""
    load_catalogue(guarded_library(tmp_path), ["lake"])
    hand_in(walk("w1", in_steps=81_000))
    drain()
    found = browser()
    session = found.client.session
    session["account"] = ActSignal.objects.get().account_id
    session.save()
    return found


def photo() -> SimpleUploadedFile:
    cells = np.random.default_rng(3).integers(0, 255, (12, 15, 3)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(cells).resize((600, 500)).save(file, "JPEG")
    return SimpleUploadedFile("plate.jpg", file.getvalue(), "image/jpeg")


def sent(visitor: Browser, scene: str = "plate") -> Page:
    return Page.of(visitor.client.post("/me/photos/", {"scene": scene, "photo": photo()}))


def agree() -> None:
    account = people.account_numbered(ActSignal.objects.get().account_id)
    text = people.current_wording(people.purposes()[people.PHOTO].text)
    at_us = time.time_ns() // 1000 - 1_000_000
    people.grant(account, None, text_id=text.id, at_us=at_us, purpose=people.PHOTO)


def test_a_photo_needs_her_consent_and_is_taken_once(visitor: Browser) -> None:
    assert "clean plate" in visitor.opens("/me/photos/").text
    refused = sent(visitor)
    assert refused.status == 409 and "you have not agreed to pictures" in refused.text
    agree()
    assert "The photo is handed in." in sent(visitor).text
    assert "The same picture was handed in before." in sent(visitor).text
    assert PhotoEvidence.objects.count() == 1


def test_where_a_scene_asks_for_a_picture_she_agrees_to_it_and_takes_it_back(
    visitor: Browser,
) -> None:
    def decides(wish: str) -> None:
        forms = re.findall(r"<form.*?</form>", visitor.opens("/me/consents/").source, re.DOTALL)
        (form,) = [one for one in forms if 'value="photo"' in one]
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        visitor.sends("/me/consents/decide/", **fields, wish=wish)

    assert "For your account as a whole" in visitor.opens("/me/consents/").text
    decides("give")
    assert "The photo is handed in." in sent(visitor).text
    decides("withdraw")
    assert "you have not agreed to pictures" in sent(visitor).text


def test_another_scene_asks_for_no_photo(visitor: Browser) -> None:
    agree()
    assert sent(visitor, "walk").status == 409
    assert PhotoEvidence.objects.count() == 0


def test_a_form_from_elsewhere_is_refused(visitor: Browser) -> None:
    visitor.client.handler.enforce_csrf_checks = True
    assert sent(visitor).status == 403


def test_the_record_says_why_it_waits_and_where_to_object(visitor: Browser) -> None:
    key = find_event("bikes:w1")
    assert key is not None
    page = visitor.opens(f"/records/{key.hex}/")
    assert "A person will look at this record." in page.text
    assert "81000 steps in one day" in page.text
    assert "What came with it" in page.text
    assert f"/records/{key.hex}/appeal/" in page.source
    visitor.client.cookies["lang"] = "zh-hans"
    assert "一天 81000 步" in visitor.opens(f"/records/{key.hex}/").text
