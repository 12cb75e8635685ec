"""A database that applied a migration as it was before is known by what it lacks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clean_database import Database
from tanzhang.config import doctor, health
from tanzhang.config.shape import lacking_columns

pytestmark = pytest.mark.database


@pytest.fixture
def of_before(database: Database) -> Iterator[None]:
    """A database without a table and a column that rewritten migrations make now."""
    hide = (
        "alter table installation_secret rename to hidden_secret",
        'alter table impact_assessment rename column "owner" to hidden_owner',
    )
    show = (
        "alter table hidden_secret rename to installation_secret",
        'alter table impact_assessment rename column hidden_owner to "owner"',
    )
    with database.connect("owner", autocommit=True) as owner:
        for change in hide:
            owner.execute(change)
        yield
        for change in show:
            owner.execute(change)


def test_a_database_of_this_version_lacks_nothing() -> None:
    assert lacking_columns() == []


@pytest.mark.usefixtures("of_before")
def test_a_database_of_before_is_not_ready_and_the_doctor_says_what_to_do() -> None:
    lacking = lacking_columns()
    assert "impact_assessment.owner" in lacking
    assert "installation_secret.sealed" in lacking
    assert health.pending_migrations() == [], "Django sees nothing to do"
    assert health.missing_parts() == ["migrations"]
    (found,) = [one for one in doctor.examine() if one.code.startswith("migrations.")]
    assert (found.code, found.weight) == ("migrations.rewritten", "fail")
    assert found.details == {"count": len(lacking), "first": lacking[0]}
    assert lacking[0] in found.sentence("zh")
    assert "tanzhang migrate" in found.remedy("en")
