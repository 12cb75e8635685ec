"""``tanzhang partner oidc``: where a partner's people log in; the secret stays where it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clean_database import Database
from tanzhang.apps.partners.api import provider_of
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import partner as partner_cli

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

ISSUER = "https://id.bank.example"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """The secret's file."""
    file = tmp_path / "bank.secret"
    file.write_text("very secret\n", encoding="ascii")
    return file


def run(secret: Path, issuer: str = ISSUER, code: str = "bank", *more: str) -> str:
    arguments = ["oidc", code, "--issuer", issuer, "--client-id", "tanzhang"]
    arguments += ["--client-secret-file", str(secret), *more]
    done = CliRunner().invoke(partner_cli.app, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def refused(*what: object) -> str:
    with pytest.raises(Problem) as problem:
        run(*what)  # type: ignore[arg-type]
    return problem.value.code


def test_it_says_what_is_to_be_registered(secret: Path) -> None:
    assert "/enter/oidc/bank/callback/" in run(secret)
    told = json.loads(run(secret, ISSUER, "bank", "--json"))
    assert told["enter"] == "/enter/oidc/bank/"
    assert told["issuer"] == ISSUER
    assert provider_of("bank").secret() == "very secret"


def test_the_secret_is_not_in_the_database(secret: Path, database: Database) -> None:
    run(secret)
    with database.connect("owner") as owner:
        (row,) = owner.execute("select partner_oidc::text from partner_oidc").fetchall()
    assert "very secret" not in row[0]
    assert str(secret) in row[0]


def test_a_second_word_replaces_the_first(secret: Path) -> None:
    run(secret)
    run(secret, "https://login.bank.example/realm")
    assert provider_of("bank").issuer == "https://login.bank.example/realm"


def test_what_cannot_be_used_is_refused(secret: Path, database: Database) -> None:
    for issuer in ("id.bank.example", f"{ISSUER}?a=1", f"{ISSUER}#a", "ftp://id.bank.example"):
        assert refused(secret, issuer) == "partners.oidc_issuer_refused"
    described = f"{ISSUER}/.well-known/openid-configuration"
    assert refused(secret, described) == "partners.oidc_issuer_refused"
    assert refused(secret.with_name("missing")) == "partners.oidc_secret_unreadable"
    assert refused(secret, ISSUER, "nobody") == "partners.partner_unknown"
    run(secret, "http://127.0.0.1:9")
    database.turn("live")
    assert refused(secret, "http://127.0.0.1:9") == "partners.oidc_issuer_refused"
