"""``tanzhang import`` and ``tanzhang quantify`` as a script sees them."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from clean_database import SECRET, EmptiedDatabase
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
MAP_2013 = str(ROOT / "maps" / "citibike-2013.toml")
MAP_2021 = str(ROOT / "maps" / "citibike-2021.toml")

HEADER = (
    "tripduration,starttime,stoptime,start station id,start station name,"
    "start station latitude,start station longitude,end station id,end station name,"
    "end station latitude,end station longitude,bikeid,usertype,birth year,gender"
)
VERDICTS = ("accepted", "duplicate", "conflict", "rejected", "held")


def trip(number: int, *, end: int = 2, day: int | None = None, bike: int | None = None) -> str:
    """A made-up trip of 1,814 m; each number has its own bike, day and hour."""
    at = f"2019-02-{day or 1 + number % 28:02d} {6 + number % 12:02d}"
    north = {1: "40.7200,-74.0400", 2: "40.7300,-74.0500"}
    return (
        f"600,{at}:00:00.0000,{at}:10:00.0000,1,Pier,{north[1]},{end},Park,{north[end]},"
        f"{number if bike is None else bike},Subscriber,1980,1"
    )


def file_of(folder: Path, rows: list[str], name: str = "trips.csv") -> Path:
    """A CSV file with these rows."""
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def answer(*words: object, exit_code: int = 0) -> dict[str, Any]:
    """What a command answers with ``--json``."""
    result = run(*words, "--json")
    assert result.exit_code == exit_code, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def imported(path: Path, *more: object, exit_code: int = 0) -> dict[str, Any]:
    """The answer of an import by the older mapping; its verdicts add up to its rows."""
    told = answer("import", path, "--map", MAP_2013, *more, exit_code=exit_code)
    assert told["rows"] == sum(told[verdict] for verdict in VERDICTS)
    return told


def counts(told: dict[str, Any]) -> dict[str, int]:
    return {name: told[name] for name in VERDICTS if told[name]}


def refusal(*words: object) -> str:
    """The code of the problem that a command raises."""
    with pytest.raises(Problem) as raised:
        run(*words)
    return raised.value.code


def load_citic() -> None:
    from tanzhang.apps.catalogue.api import load_catalogue
    from tanzhang.engine.packs import load_packs

    load_catalogue(load_packs(), ["citic"])


@pytest.fixture
def citic(database: object) -> None:
    """The programme ``citic``, loaded."""
    load_citic()


@pytest.fixture
def digest_after(citic: None, _emptied_database: EmptiedDatabase) -> Callable[[list[Path]], str]:
    """The digest of the books after importing these files into an empty database."""
    from django.db import connections

    from tanzhang.apps.activities.api import digest

    def after(paths: list[Path]) -> str:
        connections.close_all()
        _emptied_database.clean(keeping=SECRET)
        load_citic()
        for path in paths:
            imported(path)
        return digest()

    return after


ONE_MG = 88342  # 1,814 m at 48.70 g/km


# --- import -------------------------------------------------------------------------------------


def test_a_file_becomes_settled_grams_and_a_second_import_changes_nothing(
    citic: None, tmp_path: Path
) -> None:
    rows = [trip(number) for number in range(20)]
    path = file_of(tmp_path, [*rows, rows[3], trip(50, end=1)])
    first = imported(path, "--programme", "citic", "--partner", "citibike")
    assert counts(first) == {"accepted": 20, "duplicate": 1, "rejected": 1}
    assert first["reduction_mg"] == 20 * ONE_MG
    assert first["outcomes"] == {"credited": 20}
    assert first["codes"] == {"round_trip": 1, "same_content": 1}
    assert first["fictitious"] is True and first["dry_run"] is False
    again = imported(path)
    assert counts(again) == {"duplicate": 21, "rejected": 1}
    assert (again["reduction_mg"], again["outcomes"]) == (20 * ONE_MG, {"credited": 20})


def shuffled_pieces(folder: Path, rows: list[str]) -> list[Path]:
    """The rows in five files and no order, and a sixth file that repeats some of them."""
    mixed = random.Random(5).sample(rows, len(rows))
    pieces = [mixed[place::5] for place in range(5)]
    pieces.append(mixed[: len(mixed) // 3])
    return [file_of(folder, piece, f"piece-{place}.csv") for place, piece in enumerate(pieces)]


def test_pieces_in_any_order_and_again_end_in_the_same_books(
    digest_after: Callable[[list[Path]], str], tmp_path: Path
) -> None:
    # Ten riders, each with three trips at once in each of six hours: two of three lose.
    hours = (trip(number, day=1 + number % 5, bike=number % 10) for number in range(60))
    rows = [hour.replace(":00:00.0", f":{m:02d}:00.0", 1) for hour in hours for m in (0, 3, 6)]
    whole = digest_after([file_of(tmp_path, rows)])
    assert digest_after(shuffled_pieces(tmp_path, rows)) == whole
    assert digest_after([file_of(tmp_path, rows[3:])]) != whole


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(citic: None, tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(1), trip(2), trip(1), trip(3, end=1)])
    dry = imported(path, "--dry-run")
    assert counts(dry) == {"accepted": 2, "duplicate": 1, "rejected": 1}
    assert (dry["dry_run"], dry["reduction_mg"], dry["outcomes"]) == (True, None, {})
    assert counts(imported(path)) == {"accepted": 2, "duplicate": 1, "rejected": 1}
    assert counts(imported(path, "--dry-run")) == {"duplicate": 3, "rejected": 1}


def test_without_settling_nothing_is_credited_until_a_worker_comes(
    citic: None, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [trip(1)])
    waiting = imported(path, "--no-settle")
    assert (waiting["accepted"], waiting["reduction_mg"], waiting["outcomes"]) == (1, 0, {})
    assert imported(path)["reduction_mg"] == ONE_MG


def test_a_trip_in_the_repeated_hour_is_held_and_earns_nothing(citic: None, tmp_path: Path) -> None:
    night = trip(1).replace("2019-02-02 07", "2020-11-01 01")
    told = imported(file_of(tmp_path, [night, trip(2)]), "--results", tmp_path / "r.csv")
    assert counts(told) == {"accepted": 1, "held": 1}
    assert told["outcomes"] == {"credited": 1, "held": 1}
    assert told["reduction_mg"] == ONE_MG
    assert pl.read_csv(tmp_path / "r.csv")["code"][0] == "repeated_hour"


def test_every_row_has_its_line_in_the_results(citic: None, tmp_path: Path) -> None:
    rows = [trip(1), trip(2, end=1), "1,2,3", trip(3).replace("2019-02-04", "2919-02-04"), trip(4)]
    results = tmp_path / "results.jsonl"
    told = imported(file_of(tmp_path, rows), "--results", results, "--lang", "zh")
    lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    assert [line["row"] for line in lines] == [1, 2, 3, 4, 5]
    assert [line["code"] for line in lines] == [
        None,
        "round_trip",
        "ragged_row",
        "time_out_of_range",
        None,
    ]
    assert all(line["reason"] for line in lines if line["code"])
    assert lines[2]["reason"] == "该行的单元格数与表头不一致。"
    assert all(len(line["event_key"]) == 32 for line in lines if line["verdict"] == "accepted")
    assert counts(told) == {"accepted": 2, "rejected": 3}


def test_a_file_that_breaks_on_the_way_keeps_the_rows_before(citic: None, tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(number) for number in range(300)])
    noise = random.Random(1).randbytes(5 * 2**20).hex().encode()
    whole = path.read_bytes() + b"\n".join(noise[n : n + 100] for n in range(0, len(noise), 100))
    packed = tmp_path / "cut.csv.gz"
    packed.write_bytes(gzip.compress(whole, 1)[:-1000])
    told = imported(packed, exit_code=1)
    assert told["problem"]["code"] == "imports.gzip_broken"
    assert told["accepted"] == 300 and told["reduction_mg"] == 300 * ONE_MG
    assert set(told["codes"]) == {"ragged_row"}


def test_a_later_month_needs_a_new_mapping_only(citic: None, tmp_path: Path) -> None:
    header = (
        "ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,"
        "end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual"
    )
    at = "2022-05-01 08:00:00,2022-05-01 08:10:00"
    rest = f"{at},Pier,JC1,Park,JC2,40.72,-74.04,40.73,-74.05,member"
    path = tmp_path / "202205.csv"
    lines = [header, f"A1,classic_bike,{rest}", f"B2,docked_bike,{rest}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    told = answer("import", path, "--map", MAP_2021)
    assert counts(told) == {"accepted": 2}
    assert told["reduction_mg"] == 2 * ONE_MG


def test_a_person_reads_counts_and_reasons_in_her_language(citic: None, tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(1), trip(2, end=1)])
    said = run("import", path, "--map", MAP_2013, "--lang", "zh").stdout
    assert "已受理" in said and "该行程的起点与终点是同一站点" in said and "虚构" in said
    assert "accepted" in run("import", path, "--map", MAP_2013, "--lang", "en").stdout


@pytest.mark.usefixtures("citic")
def test_unknown_names_are_refused_before_anything_is_kept(tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(1)])
    strange = ("import", path, "--map", MAP_2013)
    assert refusal(*strange, "--programme", "atlantis") == "catalogue.programme_unknown"
    assert refusal(*strange, "--partner", "nobody") == "partners.partner_unknown"
    assert counts(imported(path)) == {"accepted": 1}


def test_what_cannot_be_opened_is_refused_without_a_database(tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(1)])
    no_map = ("import", path, "--map", tmp_path / "no.toml")
    assert refusal(*no_map) == "imports.map_missing"
    assert refusal("import", tmp_path / "no.csv", "--map", MAP_2013) == "imports.file_missing"
    assert refusal("import", path, "--map", MAP_2021) == "imports.columns_missing"
    anonymous = tmp_path / "anonymous.toml"
    text = Path(MAP_2013).read_text(encoding="utf-8").replace('partner = "citibike"\n', "")
    anonymous.write_text(text, encoding="utf-8")
    assert refusal("import", path, "--map", anonymous) == "imports.address_missing"
    bad = ("import", path, "--map", MAP_2013, "--results", tmp_path / "r.doc")
    assert refusal(*bad) == "imports.results_unwritable"
    itself = ("quantify", path, "--pack", "meituan-bike", "--map", MAP_2013, "--out", path)
    assert refusal(*itself) == "imports.results_unwritable"


# --- quantify -----------------------------------------------------------------------------------


def quantified(path: Path, *more: object) -> dict[str, Any]:
    return answer("quantify", path, "--pack", "meituan-bike", "--map", MAP_2013, *more)


def test_a_file_is_quantified_row_by_row(tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(1), trip(1), trip(2, end=1), trip(3)])
    told = quantified(path, "--out", tmp_path / "mg.csv")
    assert told == {
        "rows": 4,
        "quantified": 3,
        "rejected": 1,
        "reduction_mg": 3 * ONE_MG,
        "codes": {"round_trip": 1},
    }
    assert pl.read_csv(tmp_path / "mg.csv")["reduction_mg"].to_list() == [
        ONE_MG,
        ONE_MG,
        None,
        ONE_MG,
    ]


def test_an_unknown_pack_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(1)])
    words = ("quantify", path, "--pack", "nothing", "--map", MAP_2013)
    assert refusal(*words) == "packs.pack_unknown"


def test_quantifying_touches_no_database(tmp_path: Path) -> None:
    path = file_of(tmp_path, [trip(1)])
    program = (
        "import sys\n"
        "from tanzhang.surfaces.cli import main\n"
        f"sys.argv = ['tanzhang', 'quantify', {str(path)!r}, '--pack', 'meituan-bike',"
        f" '--map', {MAP_2013!r}, '--json']\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert not left.code\n"
        "assert not {'django', 'psycopg'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["reduction_mg"] == ONE_MG


# --- the real months ----------------------------------------------------------------------------


REAL = ("citibike-jc-201902.csv.gz", "citibike-jc-202011.csv.gz")


def real(name: str) -> Path:
    """A real monthly file; the test is skipped where it is absent."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the real trips are not here: {path} is absent")
    return path


@pytest.mark.shared
def test_real_trips_shuffled_split_and_repeated_end_in_the_same_books(
    digest_after: Callable[[list[Path]], str], tmp_path: Path
) -> None:
    texts = [gzip.decompress(real(name).read_bytes()).decode() for name in REAL]
    rows = [row for text in texts for row in text.splitlines()[1::8]]
    whole = digest_after([file_of(tmp_path, rows)])
    assert digest_after(shuffled_pieces(tmp_path, rows)) == whole


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows"), [("citibike-jc-201902.csv.gz", 18_565), ("citibike-jc-202011.csv.gz", 21_275)]
)
def test_a_real_month_is_accounted_for_row_by_row(
    citic: None, tmp_path: Path, name: str, rows: int
) -> None:
    path = real(name)
    results = tmp_path / "results.parquet"
    told = imported(path, "--results", results)
    assert told["rows"] == rows
    assert told["accepted"] + told["held"] == sum(told["outcomes"].values())
    lines = pl.read_parquet(results)
    assert lines["row"].to_list() == list(range(1, rows + 1))
    again = imported(path)
    assert again["duplicate"] == told["accepted"] + told["held"]
    assert again["rejected"] == told["rejected"]
    assert again["reduction_mg"] == told["reduction_mg"] <= quantified(path)["reduction_mg"]
