"""``make messages``: bring the catalogue of sentences up to date and name what is untranslated."""

from __future__ import annotations

import sys

from tanzhang.surfaces.look.messages import catalogue


def main() -> int:
    """Update both files; 1 if a sentence still needs Chinese words."""
    missing = catalogue.update()
    for sentence in missing:
        sys.stdout.write(f"untranslated: {sentence.singular}\n")
    sys.stdout.write(f"{catalogue.PO.name}: {len(catalogue.read())} sentences\n")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
