"""Changes of the rules at the river and on the coast, each with effect on days that are past."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from river.programmes import write_folder
from tanzhang.apps.activities.api import Resettled, change_rules
from tanzhang.apps.catalogue.api import approve_activation, load_catalogue, propose_activation
from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.engine.packs.tree import day_of

#: The source of every figure that these tests make up.
TESTED = "{zh: 测试, en: test}"


@dataclass(frozen=True)
class RulesEdit:
    """What is written into a copy of the packs folder, and what is put in force by it."""

    edit: Callable[[Path], None]
    names: tuple[str, ...]
    from_day: str


def replaced(file: Path, *pairs: tuple[str, str]) -> None:
    """Replace texts in a file, each of which must be there."""
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, f"{old!r} is not in {file}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def pack_version(
    folder: Path, pack: str, day: str, *pairs: tuple[str, str], examples: str = ""
) -> None:
    """Version 2 of a pack, which supersedes the first from a day on."""
    home = folder / "methodologies" / pack
    text = (home / "pack.yaml").read_text(encoding="utf-8")
    (valid_from,) = (line for line in text.splitlines() if line.startswith("valid_from:"))
    second = home / "2"
    second.mkdir()
    shutil.copy(home / "pack.yaml", second)
    shutil.copy(home / "examples.yaml", second)
    of_version = (
        ('version: "1"', 'version: "2"\nsupersedes: "1"'),
        (valid_from, f"valid_from: {day}"),
    )
    replaced(second / "pack.yaml", *of_version, *pairs)
    if examples:
        (second / "examples.yaml").write_text(f"examples:\n{examples}", encoding="utf-8")


def ended(folder: Path, pack: str, day: str) -> None:
    """Let a pack's first version end before a day."""
    file = folder / "methodologies" / pack / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    (valid_from,) = (line for line in text.splitlines() if line.startswith("valid_from:"))
    replaced(file, (valid_from, f"{valid_from}\nvalid_to: {day}"))


def programme_version(folder: Path, programme: str, day: str, *pairs: tuple[str, str]) -> None:
    """Version 2 of a programme from a day on, like the first but for some texts."""
    file = folder / "programmes" / programme / "programme.yaml"
    head, first = file.read_text(encoding="utf-8").split('  - version: "1"\n')
    second = first.replace("valid_from: 2024-01-01", f"valid_from: {day}")
    for old, new in pairs:
        assert old in second, f"{old!r} is not in {file}"
        second = second.replace(old, new)
    both = f'{head}  - version: "1"\n{first}  - version: "2"\n{second}'
    file.write_text(both, encoding="utf-8")


BIKE_EXAMPLES = "".join(
    f"  - inputs: {{distance_m: {km} km}}\n    reduction_mg: {km * 61_000}\n    source: {TESTED}\n"
    for km in (1, 2, 3)
)


def another_factor(folder: Path) -> None:
    pack_version(
        folder,
        "meituan-bike",
        "2025-05-31",
        ("value: 48.70", "value: 61"),
        examples=BIKE_EXAMPLES,
    )


def rides_in_no_class(folder: Path) -> None:
    pack_version(folder, "meituan-bike", "2025-05-31", ("conflict_class: trip\n", ""))


def bills_counted_as_orders(folder: Path) -> None:
    """Once in a lifetime instead of once a month, and against other things."""
    pack_version(
        folder,
        "citic-payment",
        "2025-05-31",
        ("conflict_class: bill", "conflict_class: order"),
        ("count: 10", "count: 1"),
    )


def bills_end_for_two_days(folder: Path) -> None:
    pack_version(folder, "citic-payment", "2025-06-02")
    ended(folder, "citic-payment", "2025-05-31")


def bills_go_on(folder: Path) -> None:
    """Put in force after ``bills_end_for_two_days``: a third version fills the gap."""
    bills_end_for_two_days(folder)
    home = folder / "methodologies" / "citic-payment"
    shutil.copytree(home / "2", home / "3")
    replaced(
        home / "3" / "pack.yaml",
        ('version: "2"\nsupersedes: "1"', 'version: "3"'),
        ("valid_from: 2025-06-02", "valid_from: 2025-05-31\nvalid_to: 2025-06-02"),
    )


def statements_in_two_versions(folder: Path) -> None:
    pack_version(folder, "citic-ebill", "2025-06-02", ('supersedes: "1"\n', ""))
    ended(folder, "citic-ebill", "2025-06-02")


def statements_end_early(folder: Path) -> None:
    """Put in force after ``statements_in_two_versions``: the first one ends two days earlier."""
    pack_version(folder, "citic-ebill", "2025-06-02", ('supersedes: "1"\n', ""))
    ended(folder, "citic-ebill", "2025-05-31")


def walks_and_orders_end(folder: Path) -> None:
    ended(folder, "hankou-walk", "2025-05-31")
    ended(folder, "beijing-takeaway", "2025-06-01")


#: Below the baseline, so that no look-back is needed: 2.5 kWh a person, 0.4403 g/Wh.
METER_EXAMPLES = "".join(
    f"  - inputs: {{energy_wh: {7500 - saved_wh} Wh, household_size: 3}}\n    on: 2026-01-01\n"
    f"    reduction_mg: {saved_wh * 4403 // 10}\n    source: {TESTED}\n"
    for saved_wh in (1500, 1000, 500)
)


def a_shorter_look_back(folder: Path) -> None:
    pack_version(
        folder,
        "shenzhen-electricity",
        "2025-05-30",
        ("days: 7", "days: 2"),
        examples=METER_EXAMPLES,
    )


def a_longer_look_back(folder: Path) -> None:
    pack_version(
        folder,
        "shenzhen-electricity",
        "2025-06-02",
        ("days: 7", "days: 70"),
        examples=METER_EXAMPLES,
    )


def other_terms_at_the_river(folder: Path) -> None:
    """Another value for every limit and rule of points, another pack for a scene, a new limit."""
    programme_version(
        folder,
        "river",
        "2025-05-31",
        ("amount: 700 g", "amount: 250 g"),
        ("count: 3, per: week", "count: 1, per: week"),
        ("amount: 2 kg, per: month, whole: true", "amount: 1 kg, per: month"),
        ("    points:\n", "      yearly: {scope: account, amount: 900 g, per: year,"
         " kind: assumption, source: " + TESTED + "}\n    points:\n"),
        ("grams_per_point: 10 g", "grams_per_point: 7 g"),
        ("daily_max: 40", "daily_max: 12"),
        ("available_after_days: 1", "available_after_days: 5"),
        ("expires_after_years: 1", "expires_after_years: 3"),
        ("tour: {title: {zh: 郊游, en: touring}, pack: meituan-bike",
         "tour: {title: {zh: 郊游, en: touring}, pack: beijing-bike"),
    )  # fmt: skip


def walks_are_rides(folder: Path) -> None:
    """A scene names a pack that does not know what was reported."""
    programme_version(
        folder,
        "river",
        "2025-05-31",
        ("walk: {title: {zh: 步行, en: walking}, pack: hankou-walk",
         "walk: {title: {zh: 步行, en: walking}, pack: meituan-bike"),
    )  # fmt: skip


def tours_are_orders(folder: Path) -> None:
    """So does another, whose pack comes before that of its acts."""
    programme_version(
        folder,
        "river",
        "2025-05-31",
        ("tour: {title: {zh: 郊游, en: touring}, pack: meituan-bike",
         "tour: {title: {zh: 郊游, en: touring}, pack: beijing-takeaway"),
    )  # fmt: skip


def rides_that_know_steps(folder: Path) -> None:
    """Put in force after ``walks_are_rides``: the pack that walks are to be read by can do it."""
    walks_are_rides(folder)
    pack_version(
        folder,
        "meituan-bike",
        "2025-05-31",
        (
            "    maximum: 100000\n",
            "    maximum: 100000\n    optional: true\n    default: 0\n"
            "  steps: {title: {zh: 步数, en: steps}, unit: step, minimum: 0, maximum: 200000,"
            " optional: true, default: 0}\n",
        ),
        (
            "factors:\n",
            "factors:\n  per_step: {title: {zh: 每步, en: per step}, value: 0.03, unit: g/step,"
            f" kind: assumption, source: {TESTED}}}\n",
        ),
        ("formula: distance_m * per_km", "formula: distance_m * per_km + steps * per_step"),
    )


def tours_are_rides_of_the_city_which_end(folder: Path) -> None:
    """A scene names a pack that is not in force on the last days."""
    ended(folder, "beijing-bike", "2025-06-02")
    programme_version(
        folder,
        "river",
        "2025-05-31",
        ("tour: {title: {zh: 郊游, en: touring}, pack: meituan-bike",
         "tour: {title: {zh: 郊游, en: touring}, pack: beijing-bike"),
    )  # fmt: skip


def a_limit_goes_at_the_river(folder: Path) -> None:
    programme_version(folder, "river", "2025-05-31")
    file = folder / "programmes" / "river" / "programme.yaml"
    first, second = file.read_text(encoding="utf-8").split('  - version: "2"\n')
    second = re.sub(r"      daily:.*?(?=      rides:)", "", second, flags=re.DOTALL)
    second = re.sub(r"      monthly:.*?(?=    points:)", "", second, flags=re.DOTALL)
    file.write_text(f'{first}  - version: "2"\n{second}', encoding="utf-8")


def other_terms_on_the_coast(folder: Path) -> None:
    programme_version(
        folder,
        "coast",
        "2025-06-01",
        ("count: 2, kind", "count: 1, kind"),
        ("beijing-bike: 3", "beijing-bike: 1"),
        ("per_act_daily_max: 7", "per_act_daily_max: 4"),
        ("on_duplicate: true", "on_duplicate: false"),
        ("amount: 9 kg", "amount: 400 g"),
    )


def much_at_once(folder: Path) -> None:
    another_factor(folder)
    bills_counted_as_orders(folder)
    other_terms_at_the_river(folder)


EDITS = {
    "another factor": RulesEdit(another_factor, ("meituan-bike@2",), "2025-05-31"),
    "rides in no class": RulesEdit(rides_in_no_class, ("meituan-bike@2",), "2025-05-31"),
    "bills are orders": RulesEdit(bills_counted_as_orders, ("citic-payment@2",), "2025-05-31"),
    "no bills for two days": RulesEdit(
        bills_end_for_two_days, ("citic-payment@1", "citic-payment@2"), "2019-01-01"
    ),
    "bills go on": RulesEdit(
        bills_go_on, ("citic-payment@1", "citic-payment@3", "citic-payment@2"), "2019-01-01"
    ),
    "statements in two versions": RulesEdit(
        statements_in_two_versions, ("citic-ebill@1", "citic-ebill@2"), "2019-01-01"
    ),
    "statements end early": RulesEdit(
        statements_end_early, ("citic-ebill@1", "citic-ebill@2"), "2019-01-01"
    ),
    "walks and orders end": RulesEdit(
        walks_and_orders_end, ("hankou-walk@1", "beijing-takeaway@1"), "2019-01-01"
    ),
    "a shorter look-back": RulesEdit(
        a_shorter_look_back, ("shenzhen-electricity@2",), "2025-05-30"
    ),
    "a longer look-back": RulesEdit(a_longer_look_back, ("shenzhen-electricity@2",), "2025-06-02"),
    "other terms at the river": RulesEdit(other_terms_at_the_river, ("river@2",), "2025-05-31"),
    "walks are rides": RulesEdit(walks_are_rides, ("river@2",), "2025-05-31"),
    "a limit goes": RulesEdit(a_limit_goes_at_the_river, ("river@2",), "2025-05-31"),
    "other terms on the coast": RulesEdit(other_terms_on_the_coast, ("coast@2",), "2025-06-01"),
    "much at once": RulesEdit(
        much_at_once,
        ("meituan-bike@2", "citic-payment@2", "river@2"),
        "2019-01-01",
    ),
    "tours are rides of the city, which end": RulesEdit(
        tours_are_rides_of_the_city_which_end, ("beijing-bike@1", "river@2"), "2019-01-01"
    ),
    "rides that know steps": RulesEdit(
        rides_that_know_steps, ("meituan-bike@2",), "2025-06-02"
    ),
    "tours are orders": RulesEdit(tours_are_orders, ("river@2",), "2025-05-31"),
}  # fmt: skip


@cache
def changed_library(name: str) -> PackLibrary:
    """The packs and programmes with one of ``EDITS`` written into them."""
    made = tempfile.mkdtemp(prefix="tzp-")
    atexit.register(shutil.rmtree, made)
    folder = write_folder(Path(made))
    EDITS[name].edit(folder)
    return load_packs(folder)


def propose(name: str) -> int:
    """Load an edit and let one person propose it; the proposal's number."""
    load_catalogue(changed_library(name), ["river", "coast"])
    edit = EDITS[name]
    return propose_activation(edit.names, from_day=day_of(edit.from_day), by="Ling")


def approve(number: int) -> Resettled:
    """Another person approves; everything that it reaches waits to be settled again."""
    return change_rules(lambda: [approve_activation(number, by="Bo")])


def put_in_force(name: str) -> Resettled:
    """Propose and approve an edit."""
    return approve(propose(name))
