"""``make messages``: bring the catalogue of sentences up to date and name what is untranslated."""

from __future__ import annotations

import sys

from tanzhang.surfaces.look.messages import catalogue

if __name__ == "__main__":
    missing = catalogue.update()
    for sentence in missing:
        sys.stdout.write(f"untranslated: {sentence.singular}\n")
    sys.stdout.write(f"{catalogue.PO.name}: {len(catalogue.read())} sentences\n")
    sys.exit(bool(missing))
