"""``tanzhang partner`` as an operator and as a script see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people.installation import InstallationEntry
from tanzhang.apps.people.models import Kind
from tanzhang.crypto.keys import Algorithm, generate, load_private
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

#: Long after any test runs.
LATER, MUCH_LATER = "2100-01-01T00:00+08:00", "2101-01-01T00:00+08:00"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["partner", *words], catch_exceptions=False)


def answer(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def refusal(*words: str) -> str:
    with pytest.raises(Problem) as refused:
        run(*words)
    return refused.value.code


@pytest.fixture
def key_files(tmp_path: Path) -> list[str]:
    """Three public keys in files, of both algorithms."""
    files = []
    for place, algorithm in enumerate((Algorithm.SM2, Algorithm.P256, Algorithm.SM2)):
        file = tmp_path / f"{place}.pem"
        file.write_text(generate(algorithm).public.pem, encoding="ascii")
        files.append(str(file))
    return files


def programme() -> str:
    from tanzhang.apps.catalogue.api import rulebook_in_force

    return rulebook_in_force().programme_code(partners.partner("bikes").programme_id)


def test_whom_the_programme_names_gets_its_first_key_and_may_call(key_files: list[str]) -> None:
    told = answer("create", "bikes", "--programme", programme(), "--public-key", key_files[1])
    assert (told["partner"], told["algorithm"]) == ("bikes", "p256")
    assert told["scenes"]
    assert partners.caller("bikes", told["key"]).algorithm is Algorithm.P256
    again = ("create", "bikes", "--programme", programme(), "--public-key", key_files[0])
    assert refusal(*again) == "partners.partner_exists"


def test_a_new_partner_needs_titles_and_is_told_that_no_scene_names_it(
    key_files: list[str],
) -> None:
    words = ("create", "trams", "--programme", programme(), "--public-key", key_files[0])
    assert refusal(*words) == "partners.title_missing"
    shown = run(*words, "--title-zh", "电车", "--title-en", "trams", "--lang", "en")
    assert shown.exit_code == 0
    assert "can report nothing" in shown.stdout
    found = answer("show", "trams")
    assert (found["title"], found["scenes"]) == ({"zh": "电车", "en": "trams"}, [])
    assert [made["kind"] for made in found["agreements"]] == ["report"]


@pytest.mark.parametrize("algorithm", ["sm2", "p256"])
def test_a_pair_is_made_for_a_fictitious_partner_and_its_private_half_shown_to_its_owner_alone(
    tmp_path: Path, algorithm: str
) -> None:
    out = tmp_path / "private.pem"
    words = ("create", "bikes", "--programme", programme(), "--generate", "--out", str(out))
    told = answer(*words, "--algorithm", algorithm)
    assert out.stat().st_mode & 0o777 == 0o600
    pair = load_private(out.read_text(encoding="ascii"))
    assert (pair.key_id, told["private_key_file"]) == (told["key"], str(out))
    assert partners.caller("bikes", told["key"]).key.verify(b"said", pair.sign(b"said"))


def test_a_private_key_overwrites_nothing_and_stays_nowhere_if_it_opens_nothing(
    tmp_path: Path,
) -> None:
    out = tmp_path / "private.pem"
    out.write_text("precious", encoding="ascii")
    words = ["create", "nobody", "--programme", programme(), "--generate", "--out"]
    assert refusal(*words, str(out)) == "partners.key_file_exists"
    assert out.read_text(encoding="ascii") == "precious"
    other = tmp_path / "other.pem"
    assert refusal(*words, str(other)) == "partners.title_missing"
    assert not other.exists()
    assert refusal(*words, str(tmp_path / "no" / "folder")) == "partners.file_unreadable"


def test_where_partners_may_be_real_they_make_their_keys_themselves(
    tmp_path: Path, database: Database
) -> None:
    with database.connect("owner") as owner:
        owner.execute("truncate account cascade")  # with accounts it keeps its kind
        owner.execute("update installation set kind = 'live'")
    out = tmp_path / "private.pem"
    words = ("create", "bikes", "--programme", programme(), "--generate", "--out", str(out))
    assert refusal(*words) == "partners.pair_not_ours"
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--generate",),
        ("--public-key", "a", "--generate", "--out", "b"),
        ("--public-key", "a", "--out", "b"),
        ("--generate", "--out", "b", "--algorithm", "rsa"),
    ],
)
def test_a_first_key_comes_in_one_way(words: tuple[str, ...]) -> None:
    assert run("create", "bikes", "--programme", "river", *words).exit_code == 2


def test_keys_are_added_rotated_and_revoked(key_files: list[str]) -> None:
    first = answer("key", "add", "bikes", "--public-key", key_files[0])
    assert (first["state"], first["purpose"], first["active_until"]) == ("live", "sign", None)
    words = ("rotate", "bikes", "--public-key", key_files[1], "--from", LATER)
    second = answer(*words, "--overlap-days", "2")
    assert (second["state"], second["active_from"]) == ("announced", "2099-12-31T16:00:00+00:00")
    assert second["old_until"] == "2100-01-02T16:00:00+00:00"
    since = "2026-01-01T00:00+00:00"
    revoked = answer("revoke", "bikes", first["key"], "--compromised-since", since)
    assert (revoked["state"], revoked["compromised_since"]) == (
        "revoked",
        "2026-01-01T00:00:00+00:00",
    )
    answer("key", "add", "bikes", "--public-key", key_files[2], "--encrypt")
    listed = answer("key", "list", "bikes")["keys"]
    assert [(key["state"], key["purpose"]) for key in listed] == [
        ("revoked", "sign"),
        ("announced", "sign"),
        ("live", "encrypt"),
    ]
    assert answer("key", "list", "bank")["keys"] == []
    assert refusal("revoke", "bank", second["key"]) == "partners.key_unknown"


def test_what_is_no_key_and_no_instant_is_refused(key_files: list[str], tmp_path: Path) -> None:
    missing, odd = str(tmp_path / "missing"), tmp_path / "odd"
    odd.write_bytes(b"\xff\xfe")
    for file in (missing, str(odd)):
        words = ("key", "add", "bikes", "--public-key", file)
        assert refusal(*words) == "partners.file_unreadable"
    odd.write_text("no key", encoding="ascii")
    assert refusal("key", "add", "bikes", "--public-key", str(odd)) == "crypto.key_malformed"
    for instant in ("tomorrow", "2100-01-01", "2100-01-01T00:00"):
        words = ("key", "add", "bikes", "--public-key", key_files[0], "--from", instant)
        assert refusal(*words) == "partners.instant_malformed"


def test_agreements_are_made_and_ended(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_bytes(b"abc")
    scene = answer("show", "bikes")["scenes"][0]
    words = ("agree", "bikes", "--kind", "report", "--scenes", scene, "--by", "Ling")
    until = ("--from", LATER, "--until", MUCH_LATER, "--text", str(text))
    made = answer(*words, *until, "--grade", "3", "--items-a-day", "10", "--calls-a-minute", "2")
    assert (made["scenes"], made["default_grade"], made["holds"]) == ([scene], 3, False)
    assert (made["items_a_day"], made["calls_a_minute"]) == (10, 2)
    assert made["text_sm3"] == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    shown = answer("show", "bikes")["agreements"]
    assert [entry["valid_until"] for entry in shown] == [
        "2100-12-31T16:00:00+00:00",
        "2099-12-31T16:00:00+00:00",
    ]
    number = str(made["agreement"])
    ended = answer("end", "bikes", number, "--reason", "leaves", "--by", "Ling", "--at", LATER)
    assert ended["valid_until"] == ended["valid_from"]
    words = ("end", "bank", number, "--reason", "leaves", "--by", "Ling")
    assert refusal(*words) == "partners.agreement_unknown"


def test_scenes_of_others_need_a_second_person(monkeypatch: pytest.MonkeyPatch) -> None:
    live = InstallationEntry("00112233445566ff", Kind.LIVE)
    monkeypatch.setattr("tanzhang.apps.partners.agreements.installation", lambda: live)
    assert "bill" not in answer("show", "bikes")["scenes"]
    words = ("agree", "bikes", "--kind", "report", "--scenes", "bill", "--by", "Ling")
    assert refusal(*words) == "partners.approval_missing"
    assert refusal(*words, "--approved-by", "ling") == "partners.approval_missing"
    made = answer(*words, "--approved-by", "Wang", "--most-grade", "2")
    assert (made["approved_by"], made["most_grade"]) == ("Wang", 2)


def test_an_agreement_names_known_scenes_and_a_known_kind(tmp_path: Path) -> None:
    words = ("agree", "bikes", "--by", "Ling", "--kind")
    assert refusal(*words, "report", "--scenes", "flying") == "partners.scene_unknown"
    assert run(*words, "report", "--scenes", " , ").exit_code == 2
    assert run(*words, "everything").exit_code == 2
    gone = ("--text", str(tmp_path / "gone"))
    assert refusal(*words, "report", *gone) == "partners.file_unreadable"


def test_a_partner_is_switched_off_and_on_with_a_reason() -> None:
    why = ("--reason", "odd reports", "--by", "Ling")
    assert answer("suspend", "bikes", *why)["standing"] == "suspended"
    assert answer("resume", "bikes", *why)["standing"] == "active"
    assert answer("close", "bikes", *why)["standing"] == "closed"
    assert refusal("resume", "bikes", *why) == "partners.standing_unfit"
    changes = answer("show", "bikes")["changes"]
    assert [change["standing"] for change in changes] == ["suspended", "active", "closed"]
    assert {(change["reason"], change["by"]) for change in changes} == {("odd reports", "Ling")}
    standings = {line["partner"]: line["standing"] for line in answer("list")["partners"]}
    assert (standings["bikes"], standings["bank"]) == ("closed", "active")
    assert run("suspend", "bank", "--reason", " ", "--by", "Ling").exit_code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_is_said_in_the_readers_language(
    key_files: list[str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang])
    why = ("--reason", "r", "--by", "b")
    said = [
        run("key", "add", "bikes", "--public-key", key_files[0]).stdout,
        run("rotate", "bikes", "--public-key", key_files[1]).stdout,
        run("key", "list", "bikes").stdout,
        run("agree", "bikes", "--kind", "pull", "--by", "b", "--until", LATER).stdout,
        run("suspend", "bikes", *why).stdout,
        run("show", "bikes").stdout,
        run("list").stdout,
    ]
    key_id = partners.partner_keys(partners.partner("bikes").id)[0].key_id
    since = ("--compromised-since", "2026-01-01T00:00Z")
    said.append(run("revoke", "bikes", key_id, *since).stdout)
    assert all(said)
    word = {"zh": "暂停", "en": "suspended"}[lang]
    assert word in said[5]
    assert word in said[6]
    is_chinese = [any("一" <= sign <= "鿿" for sign in text) for text in said]
    assert is_chinese == [lang == "zh"] * len(said)
