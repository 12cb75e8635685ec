"""The catalogue of translations as a file that people edit and git merges: sorted, without places.

Our own sentences come first. After them, marked, those of libraries that ship no Chinese of their
own, unless Django already has them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tanzhang.surfaces.look.messages.found import Sentence, sentences


def _folder(package: str) -> Path:
    """Where an installed package lies; it is not imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


PACKAGE = _folder("tanzhang")
PO = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

#: Libraries whose pages we show; their optional parts are not installed.
LIBRARIES = {
    "django-unfold": [
        part
        for part in sorted(_folder("unfold").iterdir())
        if part.is_dir() and part.name not in {"contrib", "static", "__pycache__"}
    ],
    "django-axes": [_folder("axes")],
}
_DJANGO = ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes", "contrib/sessions")

HEADER = """\
# The Chinese sentences of the pages; the keys are the English ones. "make messages" keeps it.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Translations = dict[Sentence, tuple[str, ...]]


def own() -> dict[Sentence, str]:
    """Our own sentences, and where each stands."""
    return sentences([PACKAGE])


def borrowed() -> dict[Sentence, str]:
    """Sentences of libraries that nobody but us translates, and the library's name."""
    known = set().union(*(_compiled_keys(part) for part in _DJANGO))
    return {
        sentence: library
        for library, folders in LIBRARIES.items()
        for sentence in sentences(folders)
        if sentence not in known
    }


def _compiled_keys(part: str) -> set[Sentence]:
    file = _folder("django") / part / "locale/zh_Hans/LC_MESSAGES/django.mo"
    with file.open("rb") as opened:
        return set(_translations(read_mo(opened)))


def read() -> Translations:
    """The catalogue as it is; an untranslated sentence has empty texts."""
    with PO.open("rb") as file:
        return _translations(read_po(file, locale="zh_Hans"))


def read_compiled() -> Translations:
    """What Django reads."""
    with MO.open("rb") as file:
        return _translations(read_mo(file))


def _translations(catalog: Catalog) -> Translations:
    found = {}
    for message in catalog:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id, "")
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        # Babel reads contexts of a compiled file as bytes.
        context = (
            message.context.decode() if isinstance(message.context, bytes) else message.context
        )
        found[Sentence(ids[0], ids[1], context or "")] = tuple(t or "" for t in texts)
    return found


def written(
    ours: Iterable[Sentence], theirs: Mapping[Sentence, str], texts: Translations
) -> tuple[bytes, bytes]:
    """The file for people and the file for Django, the same for the same content."""
    catalog = Catalog(locale="zh_Hans")
    # Babel would write the time of day; a file that is kept changes only with its content.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    for sentence in sorted(set(ours)):
        _add(catalog, sentence, texts, "")
    for sentence in sorted(set(theirs) - set(ours)):
        _add(catalog, sentence, texts, theirs[sentence])
    source, compiled = io.BytesIO(), io.BytesIO()
    write_po(source, catalog, width=0, omit_header=True)
    write_mo(compiled, catalog)
    return HEADER.encode() + source.getvalue().lstrip(), compiled.getvalue()


def _add(catalog: Catalog, sentence: Sentence, texts: Translations, library: str) -> None:
    known = texts.get(sentence, ("",))
    catalog.add(
        (sentence.singular, sentence.plural) if sentence.plural else sentence.singular,
        known if sentence.plural else known[0],
        auto_comments=[library] if library else (),
        flags=(),
        context=sentence.context or None,
    )


def update() -> list[Sentence]:
    """Bring both files up to date; the sentences that still need Chinese words."""
    texts = read() if PO.exists() else {}
    ours, theirs = own(), borrowed()
    source, compiled = written(ours, theirs, texts)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(source)
    MO.write_bytes(compiled)
    return untranslated({*ours, *theirs}, texts)


def untranslated(wanted: Iterable[Sentence], texts: Translations) -> list[Sentence]:
    """Which sentences have no Chinese words, or not in every form."""
    return [sentence for sentence in sorted(wanted) if not all(texts.get(sentence, ("",)))]
