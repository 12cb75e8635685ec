"""What cannot be done is said in the reader's language, or as JSON, with a documented exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import django.db.utils
import psycopg
import pytest

from clean_database import Database
from tanzhang.problems import Problem
from tanzhang.surfaces.cli.refusals import language, refusal_of

NOWHERE = dict.fromkeys(
    ("DATABASE_URL", "DATABASE_OWNER_URL"), "postgresql://app@/ours?host=/nowhere"
)


def migrated(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``tanzhang migrate`` where no server is."""
    return subprocess.run(
        [sys.executable, "-m", "tanzhang", "migrate", *words],
        env=os.environ | NOWHERE | {"LC_ALL": ""} | environment,
        capture_output=True,
        text=True,
    )


def test_a_refusal_is_three_sentences_and_a_code_on_standard_error() -> None:
    done = migrated()
    assert done.returncode == 1
    assert done.stdout == ""
    assert "The database does not let us in." in done.stderr
    assert "[database.unreachable]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "environment"),
    [(["--lang", "zh"], {}), (["--lang=zh"], {}), ([], {"LANG": "zh_CN.UTF-8"})],
)
def test_a_refusal_is_chinese_for_who_asks_so_or_speaks_it(
    words: list[str], environment: dict[str, str]
) -> None:
    assert "无法连接数据库。" in migrated(*words, **environment).stderr


def test_a_refusal_is_one_json_object_for_a_script() -> None:
    done = migrated("--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert set(answer) == {"code", "what", "why", "now", "details"}
    assert answer["code"] == "database.unreachable"
    assert "/nowhere" in answer["details"]["said"]
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "en"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        ([], {"LANG": "fr_FR.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang"], {"LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_language_is_the_option_else_the_locale(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], lang: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(arguments) == lang


@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM unheard_of", "SELECT unheard_of FROM subject", "SELECT unheard_of()"],
)
def test_a_database_without_our_tables_asks_for_migration(
    database: Database, statement: str
) -> None:
    from django.db import connection

    with connection.cursor() as cursor, pytest.raises(django.db.utils.ProgrammingError) as raised:
        cursor.execute(statement)
    problem = refusal_of(raised.value)
    assert problem is not None
    assert problem.code == "database.not_migrated"


def test_a_fault_of_the_program_is_no_refusal() -> None:
    assert refusal_of(ZeroDivisionError()) is None
    assert refusal_of(psycopg.errors.UniqueViolation()) is None
    problem = Problem("database.not_migrated")
    assert refusal_of(problem) is problem


def test_a_lost_connection_is_a_refusal_with_or_without_django_round_it() -> None:
    lost = psycopg.OperationalError("the connection is lost")
    wrapped = django.db.utils.OperationalError()
    wrapped.__cause__ = lost
    for error in (lost, wrapped):
        problem = refusal_of(error)
        assert problem is not None
        assert problem.details == {"said": "the connection is lost"}


def test_an_interrupted_command_leaves_with_130(tmp_path: Path) -> None:
    program = (
        "import time, typer\n"
        "from tanzhang.surfaces import cli\n"
        "from tanzhang.surfaces.cli import root, server\n"
        "def slow() -> None:\n    print('on', flush=True)\n    time.sleep(60)\n"
        "server.stop = slow\n"
        "import sys; sys.argv = ['tanzhang', 'stop']\n"
        "cli.main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
