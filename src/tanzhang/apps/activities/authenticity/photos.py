"""Photo evidence: a picture is handed in once, whoever hands it in.

Whatever a camera writes beside the picture (place, time, serial numbers) is dropped before anything
is kept. What stays are an exact digest and the looks; the picture itself is sealed under the
person's own key and removed when a person has looked at it, or after thirty days.
"""

from __future__ import annotations

import io
import secrets
import time
import uuid
import warnings
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
from PIL import Image, ImageOps, UnidentifiedImageError

from tanzhang.apps.activities.authenticity.models import SLOTS, ActSignal, PhotoEvidence
from tanzhang.apps.activities.authenticity.sections import judged_scenes, sections
from tanzhang.apps.activities.authenticity.signals import keyed
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.engine.authenticity.looks import ALIKE_BITS, CELLS, PARTS, look
from tanzhang.engine.log import sm3
from tanzhang.problems import Problem

MOST_BYTES: Final = 6 * 2**20

#: More is not decoded: each takes several bytes of memory, and a small file can claim many.
MOST_PIXELS: Final = 16_000_000
LEAST_SIDE: Final = 240
_KEPT_SIDE: Final = 1280
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_KEPT_DAYS: Final = 30

_BROKEN: Final = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)

#: Two pictures at once wait for each other, so that neither misses the other's look.
_LOCK: Final = 0x70686F74

_ALIKE: Final = """
select 1 from photo_evidence, unnest(looks) as known, unnest(%s::bigint[]) as new
where bit_count((known # new)::bit(64)) <= %s limit 1
"""


def photo_scenes(rules: RulesInForce, programme: str) -> list[str]:
    """The scenes of a programme whose packs ask for a picture."""
    asking = {s.pack for s in sections(rules) if s.entry.rules.photo}
    return [scene for scene, pack in judged_scenes(rules, programme).items() if pack in asking]


def hand_in(account: people.AccountEntry, scene_id: int, uploaded: bytes) -> str:
    """Take a picture for an act of a scene; the code that the act's report names.

    Raises ``authenticity.photo_consent_missing``, ``authenticity.photo_unusable`` and, for a
    picture that anybody has handed in before, ``authenticity.photo_known``.
    """
    token = secrets.token_hex(12)
    with bulk_transaction() as cursor:
        now_us = time.time_ns() // 1000
        if not people.consent_live(cursor, account.id, None, people.PHOTO, now_us):
            raise Problem("authenticity.photo_consent_missing")
        picture = _opened(uploaded)  # before the lock: decoding takes long
        looks = _looks(picture)
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        digest = sm3(uploaded)
        cursor.execute("select 1 from photo_evidence where digest = %s", [digest])
        known = cursor.fetchone() is not None
        cursor.execute(_ALIKE, [looks, ALIKE_BITS])
        if known or cursor.fetchone() is not None:
            raise Problem("authenticity.photo_known")
        sealed = people.vault.seal(cursor, account.subject_id, "photo", _stripped(picture))
        PhotoEvidence.objects.create(
            subject_id=account.subject_id,
            account_id=account.id,
            scene_id=scene_id,
            looks=looks,
            token=token_number(token),
            digest=digest,
            picture=sealed,
        )
    return token


def token_number(token: str) -> int:
    """A picture's code as signals keep it."""
    numbers = keyed(pl.Series([token]), "photo", people.installation_secret())
    return int(numbers[0])


def picture_for_review(token: int, *, reader: str, reason: str) -> bytes:
    """The picture, for a person at the desk; the reading is written down for the citizen to see.

    Raises ``authenticity.photo_gone``.
    """
    with bulk_transaction() as cursor:
        kept = PhotoEvidence.objects.filter(token=token).first()
        if kept is None or kept.picture is None:
            raise Problem("authenticity.photo_gone")
        people.note_access(
            cursor,
            kept.subject_id,
            reader_kind=people.ReaderKind.STAFF,
            reader=reader,
            purpose="review",
            fields=["photo"],
            reason=reason,
        )
        return people.vault.unseal(cursor, kept.subject_id, "photo", bytes(kept.picture))


def remove_picture_of(key: uuid.UUID) -> None:
    """Take away the picture of an act that a person has decided about; digest and looks stay."""
    tokens = [
        getattr(stored, slot)
        for stored in ActSignal.objects.filter(event_key=key)
        for slot in _photo_slots(stored.pack_id)
    ]
    PhotoEvidence.objects.filter(token__in=[t for t in tokens if t is not None]).update(
        picture=None
    )


def _photo_slots(pack_id: int) -> list[str]:
    """Where acts of a pack keep the token of their picture."""
    own = [s.entry.rules.slots for s in sections(rulebook_in_force()) if s.pack_id == pack_id]
    return [SLOTS[slots.index("photo")] for slots in own if "photo" in slots]


def forget_pictures() -> int:
    """Take away every picture older than thirty days; how many."""
    old = datetime.now(UTC) - timedelta(days=_KEPT_DAYS)
    kept = PhotoEvidence.objects.filter(uploaded_at__lt=old, picture__isnull=False)
    return kept.update(picture=None)


def _opened(uploaded: bytes) -> Image.Image:
    """The picture, upright, as plain colours; nothing that stood beside it."""
    if not uploaded or len(uploaded) > MOST_BYTES:
        raise _unusable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(uploaded), formats=_FORMATS)
            width, height = opened.size
            if width * height > MOST_PIXELS or min(width, height) < LEAST_SIDE:
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGB")
    except _BROKEN:
        raise _unusable() from None


def _unusable() -> Problem:
    return Problem(
        "authenticity.photo_unusable",
        mib=MOST_BYTES // 2**20,
        side=LEAST_SIDE,
        millions=MOST_PIXELS // 10**6,
    )


def _looks(picture: Image.Image) -> list[int]:
    """The looks of the whole picture and of its middle parts."""
    grey = picture.convert("L")
    width, height = grey.size
    found = []
    for part in PARTS:
        inset = (width * (100 - part) // 200, height * (100 - part) // 200)
        box = (*inset, width - inset[0], height - inset[1])
        cells = grey.resize(CELLS[::-1], Image.Resampling.BOX, box)
        found.append(look(np.asarray(cells, np.int64)))
    return found


def _stripped(picture: Image.Image) -> bytes:
    """The picture alone, smaller, saved anew."""
    small = picture.copy()
    small.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
    plain = Image.frombytes("RGB", small.size, small.tobytes())  # no information of the file's
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=85)
    return written.getvalue()
