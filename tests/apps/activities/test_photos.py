"""Photo evidence: taken once, stripped, sealed, and removed when somebody has looked."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from clean_database import Database
from guarded_lake import answers, guarded_library, hand_in, walk
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.authenticity.photos import forget_pictures, token_number
from tanzhang.apps.activities.models import PhotoEvidence, Quarantine
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _guarded(database: object, tmp_path: Path) -> None:
    load_catalogue(guarded_library(tmp_path), ["lake"])
    hand_in(walk("w1"), walk("w2", person="bo", device="p2"))


def account(number: int, agreed: bool = True) -> people.AccountEntry:
    found = people.account_numbered(sorted(_accounts())[number])
    if agreed:
        text = people.current_wording(people.purposes()[people.PHOTO].text)
        now_us = time.time_ns() // 1000 - 1_000_000
        people.grant(found, None, text_id=text.id, at_us=now_us, purpose=people.PHOTO)
    return found


def _accounts() -> set[int]:
    from tanzhang.apps.activities.models import ActSignal

    return set(ActSignal.objects.values_list("account_id", flat=True))


def picture(seed: int) -> Image.Image:
    cells = np.random.default_rng(seed).integers(0, 255, (14, 17, 3)).astype(np.uint8)
    return Image.fromarray(cells).resize((900, 700), Image.Resampling.BICUBIC)


def saved(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def with_place(image: Image.Image) -> bytes:
    """A picture as a camera writes it: place, time and serial number beside it."""
    exif = Image.Exif()
    exif[0x0110] = "Fictitious Camera 7"
    exif[0xA431] = "SERIAL-0042"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 27.0)
    return saved(image, exif=exif)


def scene() -> int:
    return rulebook_in_force().scene_ids["lake", "plate"]


def refusal(number: int, uploaded: bytes) -> str:
    with pytest.raises(Problem) as refused:
        activities.hand_in(account(number), scene(), uploaded)
    return refused.value.code


def test_what_a_camera_writes_beside_a_picture_is_nowhere(database: Database) -> None:
    uploaded = with_place(picture(1))
    assert b"SERIAL-0042" in uploaded
    token = activities.hand_in(account(0), scene(), uploaded)
    shown = activities.picture_for_review(token_number(token), reader="reviewer:ling", reason="x")
    assert b"SERIAL-0042" not in shown and b"Fictitious" not in shown
    assert not Image.open(io.BytesIO(shown)).getexif()
    kept = bytes(PhotoEvidence.objects.get().picture or b"")
    assert b"JFIF" not in kept and b"SERIAL-0042" not in kept


def test_the_same_picture_is_taken_once_whoever_hands_it_in() -> None:
    first = picture(2)
    activities.hand_in(account(0), scene(), saved(first, quality=95))
    same = {
        "itself": saved(first, quality=95),
        "saved anew": saved(first, quality=40),
        "another kind": saved(first, "PNG"),
        "smaller": saved(first.resize((450, 350))),
        "cropped": saved(first.crop((45, 35, 855, 665))),
    }
    for how, uploaded in same.items():
        assert refusal(1, uploaded) == "authenticity.photo_known", how
    assert activities.hand_in(account(1), scene(), saved(picture(3)))


def test_pictures_need_a_consent_of_their_own() -> None:
    with pytest.raises(Problem) as refused:
        activities.hand_in(account(0, agreed=False), scene(), saved(picture(4)))
    assert refused.value.code == "authenticity.photo_consent_missing"
    with pytest.raises(Problem) as refused:  # and without one nothing is even opened
        activities.hand_in(account(0, agreed=False), scene(), b"not a picture")
    assert refused.value.code == "authenticity.photo_consent_missing"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = saved(Image.new("L", (4001, 4000)), "PNG")
    decoded = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: decoded.append(self.size))
    assert len(large) < 100_000
    assert refusal(0, large) == "authenticity.photo_unusable"
    assert decoded == []


def test_what_is_no_picture_is_refused() -> None:
    small = saved(picture(5).resize((100, 100)))
    for uploaded in (
        b"",
        b"not a picture",
        saved(picture(5), "BMP"),
        small,
        saved(picture(5))[:900],
    ):
        assert refusal(0, uploaded) == "authenticity.photo_unusable"


def test_an_act_names_a_picture_of_its_own_person_and_scene() -> None:
    token = activities.hand_in(account(0), scene(), saved(picture(6)))
    plate = {"scene": "plate", "in_steps": None, "sig_photo": token, **_inputs()}
    names = {"ada": "ada", "bo": "bo"}
    told = [answers(walk(f"p-{who}", 2, person=who) | plate) for who in names]
    assert sorted(told) == [[("accepted", None)], [("held", "held_for_review")]]
    assert Quarantine.objects.get().rule == "unknown_photo"
    without = {name: value for name, value in plate.items() if name != "sig_photo"}
    assert answers(walk("p3", 3) | without) == [("held", "held_for_review")]


def _inputs() -> dict[str, int]:
    return {f"in_{name}": 1 for name in rulebook_in_force().input_names("luzhou-plate")}


def test_a_picture_goes_when_a_person_decided_or_after_thirty_days() -> None:
    activities.hand_in(account(0), scene(), saved(picture(7)))
    assert forget_pictures() == 0
    PhotoEvidence.objects.create(
        subject_id=account(0).subject_id,
        account_id=account(0).id,
        scene_id=scene(),
        token=7,
        looks=[1],
        digest=bytes(32),
        picture=b"box",
        uploaded_at=datetime.now(UTC) - timedelta(days=31),
    )
    assert forget_pictures() == 1
    with pytest.raises(Problem) as refused:
        activities.picture_for_review(7, reader="reviewer:ling", reason="x")
    assert refused.value.code == "authenticity.photo_gone"


def test_who_looks_at_a_picture_is_written_down() -> None:
    token = activities.hand_in(account(0), scene(), saved(picture(8)))
    activities.picture_for_review(token_number(token), reader="reviewer:ling", reason="a doubt")
    with bulk_transaction() as cursor:
        cursor.execute("select reader, fields, purpose from access_log order by position desc")
        assert cursor.fetchone() == ("reviewer:ling", ["photo"], "review")


def test_the_programme_says_which_scenes_ask_for_pictures() -> None:
    assert activities.photo_scenes(rulebook_in_force(), "lake") == ["plate"]
