"""A source that is not as it must be is refused with the entry that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tanzhang.problems import Problem
from tanzhang.workbench.pulling import read_source, read_sources

SFTP = """
partner = "bikes"
programme = "river"
url = "sftp://export@files.example.cn/out"
map = "rides.toml"
files = "*.csv.gz"
host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=="
password_file = "secret"
every_minutes = 15
"""


def written(folder: Path, text: str, name: str = "bikes.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_beside_the_source_and_the_rest_as_it_says(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, SFTP))
    assert (source.name, source.every_minutes, source.port) == ("bikes", 15, 22)
    assert source.map == tmp_path / "rides.toml"
    assert source.password_file == tmp_path / "secret"


def test_the_day_stands_in_a_url_where_it_says_so(tmp_path: Path) -> None:
    text = 'partner="b"\nprogramme="p"\nmap="m"\nurl="https://h.example.cn:8443/rides-{day}.csv"'
    source = read_source(written(tmp_path, text))
    assert source.url_of(date(2026, 11, 20)) == "https://h.example.cn:8443/rides-2026-11-20.csv"
    assert (source.port, source.every_minutes) == (8443, 60)


def test_a_folder_of_sources_is_read_by_name(tmp_path: Path) -> None:
    for name in ("b.toml", "a.toml", "notes.txt"):
        written(tmp_path, SFTP, name)
    assert [source.name for source in read_sources(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('partner = "bikes"', "", "partner"),
        ('partner = "bikes"', 'partner = ""', "partner"),
        ('partner = "bikes"', "partner = 5", "partner"),
        ("every_minutes = 15", "every_minutes = 0", "every_minutes"),
        ("every_minutes = 15", 'every_minutes = "15"', "every_minutes"),
        ("every_minutes = 15", 'colour = "red"', "colour"),
        ("sftp://export@files", "ftp://export@files", "url"),
        ("sftp://export@files", "sftp://export:secret@files", "url"),
        ("sftp://export@files", "sftp://files", "key_file"),
        ('password_file = "secret"', "", "key_file"),
        ('password_file = "secret"', 'password_file = "a"\nkey_file = "b"', "key_file"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "whatever", "host_key"),
        ("*.csv.gz", "../*.csv", "files"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, where: str) -> None:
    assert old in SFTP
    with pytest.raises(Problem, match=r"pulls\.source_malformed") as refusal:
        read_source(written(tmp_path, SFTP.replace(old, new)))
    assert refusal.value.details["where"] == where


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"pulls\.source_malformed"):
        read_source(written(tmp_path, "partner ="))
