"""Every column of the live schema has a class, and a protection that is enough for it."""

from __future__ import annotations

import pytest

from clean_database import Database
from tanzhang.apps.columns import Column, DataClass, Protection, classified, lines_for, parsed

#: The only columns from which somebody could act as a person, and why each may be there:
#: a password of staff is a slow salted hash (Argon2 or PBKDF2), as whoever logs people in needs it;
#: a one-time code is a keyed hash that is worth five minutes and five guesses.
MAY_BE_C3 = {("auth_user", "password"), ("one_time_code", "code_hash")}


def live_columns(database: Database) -> set[tuple[str, str]]:
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select relname, attname from pg_class join pg_attribute on attrelid = pg_class.oid"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
            " and not relispartition and attnum > 0 and not attisdropped"
        ).fetchall()
    return {(str(table), str(name)) for table, name in rows}


@pytest.mark.database
def test_every_column_has_a_class(database: Database) -> None:
    missing = sorted(live_columns(database) - classified().keys())
    assert not missing, f"sort these into apps/columns.yaml:\n{lines_for(missing)}"


@pytest.mark.database
def test_no_class_is_left_of_a_column_that_went(database: Database) -> None:
    assert sorted(classified().keys() - live_columns(database)) == []


def test_every_class_is_protected_enough() -> None:
    weak = [name for name, column in classified().items() if not column.is_protected]
    assert weak == []


def test_what_lets_somebody_act_as_a_person_is_there_only_as_a_hash_of_one_way() -> None:
    found = {name for name, column in classified().items() if column.data_class is DataClass.C3}
    assert found == MAY_BE_C3


@pytest.mark.parametrize(
    ("kind", "is_enough"),
    [
        ("none", True),
        ("none sealed", False),
        ("C1", False),
        ("C1 pseudonym", True),
        ("C1 staff", True),
        ("C1 bounded", True),
        ("C1 one-way hash", False),
        ("C2 pseudonym", False),
        ("C2 staff", False),
        ("C2 bounded", False),
        ("C2 keyed hash", True),
        ("C2 sealed", True),
        ("C3 sealed", False),
        ("C3 keyed hash", False),
        ("C3 one-way hash", True),
    ],
)
def test_the_higher_the_class_the_less_is_enough(kind: str, is_enough: bool) -> None:
    assert parsed({"t": {kind: ["c"]}})["t", "c"].is_protected is is_enough


def test_unknown_classes_and_columns_with_two_are_refused() -> None:
    with pytest.raises(ValueError, match="C4"):
        parsed({"t": {"C4 sealed": ["c"]}})
    with pytest.raises(ValueError, match="hidden"):
        parsed({"t": {"C2 hidden": ["c"]}})
    with pytest.raises(ValueError, match="two classes"):
        parsed({"t": {"none": ["c"], "C1 staff": ["c"]}})


def test_columns_without_a_class_are_named_in_a_form_to_paste() -> None:
    lines = lines_for([("b", "x"), ("a", "y"), ("b", "z")])
    assert lines == "a:\n  CLASS PROTECTION: [y]\nb:\n  CLASS PROTECTION: [x, z]"
    assert parsed({"a": {"C1 pseudonym": ["y"]}}) == {
        ("a", "y"): Column(DataClass.C1, Protection.PSEUDONYM)
    }
