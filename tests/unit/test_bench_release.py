"""Does the benchmark of a release measure what each stage read, and tell how it grows?"""

import importlib
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst import stages
from datafirst.settings import PROJECT, Settings
from datafirst.store import Store, store


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The modules of the benchmark, by name."""
    monkeypatch.syspath_prepend(str(PROJECT / "benchmarks"))
    yield importlib.import_module
    for name in ("release", "release_stage", "release_table"):
        sys.modules.pop(name, None)


@pytest.fixture
def landing(s3: Settings, tmp_path: Path) -> Store:
    """A store with two parts of a table, the same table as CSV, and something that is no table."""
    made = store("landing", s3).make()
    for number in range(2):
        for form in ("parquet", "csv"):
            path = tmp_path / f"part-{number}.{form}"
            duckdb.sql(f"COPY (SELECT range AS n, 'x, y' AS t FROM range(10)) TO '{path}'")
            made.put_once(f"t/{path.name}", path)
    made.put_once("t.json", b"{}")
    return made


def cost(bench: Any, **told: float) -> Any:
    return bench("release_table").Cost(**told)


def test_growth_is_the_slope_of_logarithms(bench: Any) -> None:
    table = bench("release_table")
    sizes = {n: [("link x", cost(bench, wall=n**1.5, cpu=3 * n, peak_mb=7))] for n in (10, 50, 99)}
    assert [line.split() for line in table.growth(sizes)][1:] == [
        ["link", "1.50", "1.00", "0.00"],
        ["the", "release", "1.50", "1.00", "0.00"],
    ]
    assert list(table.growth({10: sizes[10]})) == []


def test_kinds_are_summed_and_their_peak_is_the_highest(bench: Any) -> None:
    table = bench("release_table")
    found = [
        ("extract a", cost(bench, wall=1, cpu=2, peak_mb=30, floor_wall=0.5, floor_cpu=1)),
        ("extract b", cost(bench, wall=2, cpu=2, peak_mb=20, floor_wall=0.5, floor_cpu=1)),
        ("synthesise", cost(bench, wall=9)),
    ]
    assert table.kinds(found)["extract"] == cost(
        bench, wall=3, cpu=4, peak_mb=30, floor_wall=1, floor_cpu=2
    )
    extract, _, whole = [line.split() for line in table.summary(found)][1:]
    assert extract == ["extract", "3.0", "4.0", "30", "1.0", "2.0", "3.0", "2.0", "100.0%"]
    assert whole[2:4] == ["3.0", "4.0"]  # without what invents the sources


def test_a_stage_names_the_tables_that_it_read_and_the_formats_that_it_wrote(
    bench: Any, landing: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def packaged() -> dict[str, Any]:
        landing.read("t/part-0.parquet")
        landing.find("t.json")
        landing.put_once("out/part.csv", b"n\n1\n")
        return {"rows": 1}

    monkeypatch.setattr(stages, "package", packaged, raising=False)
    monkeypatch.setattr(Store, "pointer", Store.pointer)
    monkeypatch.setattr(Store, "_put", Store._put)
    assert bench("release_stage").stage("package", []) == {
        "rows": 1,
        "read": [(landing.bucket, "t/part-0.parquet")],
        "formats": [".csv"],
    }


@pytest.mark.parametrize("forms", [["parquet"], ["csv"], ["csv", "parquet"]])
def test_the_floor_copies_what_was_read(
    bench: Any, landing: Store, s3: Settings, forms: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release_stage, copied = bench("release_stage"), []
    unlink = Path.unlink

    def counted(path: Path, *rest: Any, **named: Any) -> None:
        if path.stem == "copied":
            reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
            copied.append((path.suffix, duckdb.sql(f"FROM {reader}('{path}')").fetchall()))
        unlink(path, *rest, **named)

    monkeypatch.setattr(Path, "unlink", counted)
    read = [(landing.bucket, f"t/part-{n}.{form}") for n in range(2) for form in forms]
    spent = release_stage.floor(read, [".parquet"])
    assert spent["wall"] > 0
    # Where a table was read in two formats, each is written as it was read.
    expected = [".parquet"] if len(forms) == 1 else [".csv", ".parquet"]
    assert [form for form, _ in copied] == expected
    whole = sorted([(str(n), "x, y") for n in range(10)] * 2)
    assert all(sorted((str(n), text) for n, text in rows) == whole for _, rows in copied)
