"""What the catalogue holds, as the engine reads it: the compiled texts, and what was decided."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.db import connection

from tanzhang.apps.catalogue.models import SourceFile
from tanzhang.engine.packs import PackLibrary, ProgrammeFile, load_packs
from tanzhang.engine.packs.activated import Activated
from tanzhang.problems import Problem

#: Whoever changes the catalogue holds this advisory lock till the end of the transaction: "cata".
_LOCK: Final = 0x63617461

#: Of several activations of one version the earliest day counts, and the end agreed to last: by the
#: order of proposals, because a clock may go back and a version waits in one proposal at a time.
_ACTIVATED: Final = """
select coalesce(pack.code, programme.code), coalesce(pv.version, gv.version),
       min(activation.from_day),
       (array_agg(item."end" order by activation.id desc))[1]
from activation_item item
join activation on activation.id = item.activation_id
join activation_decision decision on decision.activation_id = activation.id
left join pack_version pv on pv.id = item.pack_version_id
left join pack on pack.id = pv.pack_id
left join programme_version gv on gv.id = item.programme_version_id
left join programme on programme.id = gv.programme_id
where decision.decision in ('approved', 'installed')
group by 1, 2
"""

_OPEN: Final = """
select coalesce(pack.code, programme.code) || '@' || coalesce(pv.version, gv.version),
       item.activation_id
from activation_item item
left join activation_decision decision on decision.activation_id = item.activation_id
left join pack_version pv on pv.id = item.pack_version_id
left join pack on pack.id = pv.pack_id
left join programme_version gv on gv.id = item.programme_version_id
left join programme on programme.id = gv.programme_id
where decision.activation_id is null
"""

_STAMP: Final = """
select (select count(*) from source_file), (select max(loaded_at) from source_file),
       count(*), max(decided_at) from activation_decision
"""


def lock_catalogue() -> None:
    """Wait for whoever is changing the catalogue, and keep others waiting till we commit."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def stamp() -> tuple[object, ...]:
    """A value that is another one as soon as anything was loaded or decided."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        return tuple(cursor.fetchone())


def activated_versions() -> dict[str, Activated]:
    """What was approved or installed, by the version's name (``meituan-bike@1``)."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVATED)
        return {
            f"{code}@{version}": Activated(from_day, end)
            for code, version, from_day, end in cursor.fetchall()
        }


def open_proposals() -> dict[str, int]:
    """The number of the undecided proposal that a version waits in, by the version's name."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        return dict(cursor.fetchall())


def loaded_library() -> PackLibrary:
    """All that is loaded, in force or not. Raises ``catalogue.nothing_loaded`` if nothing is."""
    texts = tuple(SourceFile.objects.order_by("path").values_list("path", "text"))
    if not texts:
        raise Problem("catalogue.nothing_loaded")
    return _compiled(texts)


def loaded_programme(code: str) -> ProgrammeFile:
    """A programme with all its loaded versions, in force or not.

    Raises ``catalogue.nothing_loaded`` and ``catalogue.programme_unknown``.
    """
    programmes = loaded_library().programmes
    if code not in programmes:
        known = ", ".join(programmes)
        raise Problem("catalogue.programme_unknown", programme=code, known=known)
    return programmes[code]


@lru_cache(maxsize=4)
def _compiled(texts: tuple[tuple[str, str], ...]) -> PackLibrary:
    """Compile the stored texts, laid out as the folder that they came from."""
    with tempfile.TemporaryDirectory(prefix="tanzhang-packs-") as folder:
        for path, text in texts:
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return load_packs(folder)
