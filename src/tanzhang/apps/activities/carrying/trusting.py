"""The installations whose statements are taken here, with their keys, as operators decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tanzhang.apps.activities.models import KnownInstallation
from tanzhang.apps.people import api as people
from tanzhang.crypto import trusted
from tanzhang.problems import Problem
from tanzhang.proofs import Trust, read_key_file


@dataclass(frozen=True, slots=True)
class Known:
    """Another installation that we believe."""

    installation: str
    title_zh: str
    title_en: str
    added_at: datetime
    added_by: str

    def title(self, lang: str) -> str:
        """Its name in ``zh`` or ``en``."""
        return self.title_zh if lang == "zh" else self.title_en


def trust_installation(
    key_file: bytes, *, title_zh: str, title_en: str, by: str, replace: bool = False
) -> str:
    """Take statements of the installation whose key file this is; its public name.

    A later file of the same installation takes an earlier one's place if keys of that one vouch for
    every new key, or if ``replace`` says that whoever decides has checked them another way: a file
    names its installation by itself. Raises ``proofs.key_file_malformed``,
    ``carrying.keys_not_endorsed``, and ``carrying.installation_unusable`` for a bare key, which
    names no installation, and for our own.
    """
    offered = read_key_file(key_file)
    name = offered.installation
    if name is None or name == people.installation().id_text:
        raise Problem("carrying.installation_unusable")
    earlier = KnownInstallation.objects.filter(installation=name).order_by("-id").first()
    if earlier is not None and not replace:
        _require_endorsed(offered, read_key_file(bytes(earlier.key_file)))
    KnownInstallation.objects.create(
        installation=name, title_zh=title_zh, title_en=title_en, key_file=key_file, added_by=by
    )
    return name


def _require_endorsed(offered: Trust, known: Trust) -> None:
    """Every key that is offered is known, or a known one vouches for it, link by link."""
    every = {**offered.keys, **known.keys}.values()
    believed = {key.statement() for anchor in known.keys for key in trusted(anchor, every)}
    if not {key.statement() for key in offered.keys.values()} <= believed:
        raise Problem("carrying.keys_not_endorsed", installation=offered.installation)


def known_installations() -> list[Known]:
    """Every installation that we believe, by its public name."""
    rows = KnownInstallation.objects.order_by("installation", "-id").distinct("installation")
    columns = ("installation", "title_zh", "title_en", "added_at", "added_by")
    return [Known(*row) for row in rows.values_list(*columns)]


def trust_in(installation: str) -> Trust:
    """Whom to believe about an installation. Raises ``carrying.installation_unknown``."""
    row = KnownInstallation.objects.filter(installation=installation).order_by("-id").first()
    if row is None:
        raise Problem("carrying.installation_unknown", installation=installation[:40])
    return read_key_file(bytes(row.key_file))
