"""Static files are collected once, under names of their content, and again when one has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

#: Collects twice, and once more after a source was changed; a folder of its own is a source.
PROGRAM = """
import json, sys
from pathlib import Path
from tanzhang.config import setup
setup()
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from tanzhang.config import static_files
own = Path(sys.argv[1])
settings.STATICFILES_DIRS = [own]
settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
told = [static_files.collect()]
told.append(static_files.collect())
told.append(staticfiles_storage.url("a.css"))
(own / "a.css").write_text("main { color: navy }")
told.append(static_files.collect())
fresh = type(staticfiles_storage._wrapped)()
told.append(fresh.url("a.css"))
print(json.dumps(told))
"""


def collected(home: Path, own: Path, **environment: str) -> list[object]:
    """What the program tells, in a home of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(own)],
        env=os.environ | {"TANZHANG_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answer: list[object] = json.loads(done.stdout)
    return answer


def test_files_are_collected_when_they_have_changed_and_not_again(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.css").write_text("main { color: teal }" * 100)
    first, second, name, third, new_name = collected(tmp_path, own, TANZHANG_STATIC="hashed")
    assert (first, second, third) == (True, False, True)
    assert name != new_name
    for url in (name, new_name):
        assert (tmp_path / str(url).removeprefix("/")).is_file()
    assert (tmp_path / f"{str(name).removeprefix('/')}.gz").is_file()


def test_plain_files_are_not_collected(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.css").write_text("main { color: teal }")
    told = collected(tmp_path, own, TANZHANG_STATIC="plain")
    assert told == [False, False, "/static/a.css", False, "/static/a.css"]
    assert not (tmp_path / "static").exists()
