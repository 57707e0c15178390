"""Keys and joins are matters of whole tables, and counts add up."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.errors import ValidationFailed
from datafirst.spec import Join, Rule, Table, Variable
from datafirst.validate.examine import examine, quarantine
from datafirst.validate.report import Report, excesses


def variable(name: str, **constraints: object) -> Variable:
    return Variable(name=name, role="research", type="integer", description="A.", **constraints)  # type: ignore[arg-type]


def table(name: str, *variables: Variable, **more: object) -> Table:
    return Table(
        id=f"court.{name}",
        title="T",
        description="T.",
        grain="One row.",
        key=(variables[0].name,),
        variables={v.name: v for v in variables},
        **more,  # type: ignore[arg-type]
    )


CASE = table("case", variable("case_id"), variable("n", minimum=0))
JOIN = Join(on=("case_id",), table="court.case", unmatched_up_to=0.5)
HEARING = table(
    "hearing", variable("hearing"), variable("case_id", missing_up_to=1.0), joins=(JOIN,)
)


class Frames:
    """Tables written as parts of a few rows."""

    def __init__(self, folder: Path, rows: int = 2, **frames: pl.DataFrame) -> None:
        self.folder, self.rows, self.frames = folder, rows, frames

    def __call__(self, table: Table) -> Iterable[Path]:
        for i, part in enumerate(self.frames[table.name].iter_slices(self.rows)):
            path = self.folder / f"{table.name}-{i}.parquet"
            part.write_parquet(path)
            yield path


def broken_rows(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> pl.DataFrame:
    quarantine(con, table, folder / "quarantine.parquet")
    return pl.read_parquet(folder / "quarantine.parquet")


def test_later_rows_with_the_same_key_are_set_aside_across_parts(tmp_path: Path) -> None:
    frame = pl.DataFrame({"case_id": [1, 2, 3, 1, 2, 1], "n": [0] * 6})
    con = duckdb.connect()
    report = examine(con, [CASE], Frames(tmp_path, case=frame))[CASE.id]
    assert (report.rows, report.quarantined, report.broken) == (6, 3, {"key": 3})
    assert broken_rows(con, CASE, tmp_path)["_row"].to_list() == [3, 4, 5]


def test_a_good_row_is_not_lost_to_a_bad_one_before_it(tmp_path: Path) -> None:
    frame = pl.DataFrame({"case_id": [1, 1, 1], "n": [-1, 0, 0]})
    con = duckdb.connect()
    report = examine(con, [CASE], Frames(tmp_path, case=frame))[CASE.id]
    assert report.broken == {"key": 1, "minimum:n": 1}
    assert broken_rows(con, CASE, tmp_path).rows() == [(0, "minimum:n", True), (2, "key", True)]


def test_rows_are_named_by_their_own_number_where_they_have_one(tmp_path: Path) -> None:
    frame = pl.DataFrame({"case_id": [1, 2], "n": [0, -1], "_row": [70, 80]})
    con = duckdb.connect()
    examine(con, [CASE], Frames(tmp_path, case=frame))
    assert broken_rows(con, CASE, tmp_path)["_row"].to_list() == [80]


def test_rows_that_point_nowhere_are_counted_and_a_null_points_nowhere(tmp_path: Path) -> None:
    frames = Frames(
        tmp_path,
        case=pl.DataFrame({"case_id": [1, 2], "n": [0, 0]}),
        hearing=pl.DataFrame({"hearing": [1, 2, 3, 4], "case_id": [1, 2, 9, None]}),
    )
    reports = examine(duckdb.connect(), [HEARING, CASE], frames)
    assert reports[HEARING.id].unmatched == {"case_id in court.case": 1}
    assert reports[HEARING.id].quarantined == 0


@pytest.mark.parametrize("parts", [0, 1])
def test_rows_that_point_into_a_table_without_rows_are_counted(tmp_path: Path, parts: int) -> None:
    hearings = pl.DataFrame({"hearing": [1, 2], "case_id": [1, None]})
    nothing = pl.DataFrame(schema={"case_id": pl.Int64, "n": pl.Int64})
    nothing.write_parquet(tmp_path / "empty.parquet")
    frames = Frames(tmp_path, hearing=hearings)
    con = duckdb.connect()
    reports = examine(
        con,
        [CASE, HEARING],
        lambda t: [tmp_path / "empty.parquet"] * parts if t is CASE else frames(t),
    )
    assert reports[HEARING.id].unmatched == {"case_id in court.case": 1}
    assert reports[CASE.id] == Report(rows=0)
    assert broken_rows(con, CASE, tmp_path).is_empty()


def test_a_part_without_a_column_of_the_key_is_refused_by_name(tmp_path: Path) -> None:
    frames = Frames(tmp_path, case=pl.DataFrame({"n": [1]}))
    with pytest.raises(ValidationFailed, match="required:case_id"):
        examine(duckdb.connect(), [CASE], frames)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(-1, 2)), min_size=1, max_size=30)
)
def test_the_counts_add_up_however_the_rows_are_cut(rows: list[tuple[int, int | None]]) -> None:
    import tempfile

    frame = pl.DataFrame(rows, schema={"case_id": pl.Int64, "n": pl.Int64}, orient="row")
    with tempfile.TemporaryDirectory() as folder:
        reports, sets = [], []
        for size in (1, 7, 100):
            con = duckdb.connect()
            reports.append(examine(con, [CASE], Frames(Path(folder), size, case=frame))[CASE.id])
            sets.append(broken_rows(con, CASE, Path(folder)))
    assert reports[0] == reports[1] == reports[2]
    assert sets[0].equals(sets[1]) and sets[1].equals(sets[2])
    report, found = reports[0], sets[0]
    assert sum(report.first_broken.values()) == report.quarantined == found["_row"].n_unique()
    assert sum(report.broken.values()) == found.height == found.unique(["_row", "rule"]).height
    good = frame.with_row_index("_row").filter(~pl.col("_row").is_in(found["_row"].to_list()))
    assert (
        good["case_id"].is_unique().all() and (good["n"] >= 0).all() and not good["n"].has_nulls()
    )
    assert set(good["case_id"]) == {case for case, n in rows if n is not None and n >= 0}


def test_rows_that_are_tolerated_exceptions_are_kept_and_counted(tmp_path: Path) -> None:
    rule = Rule(says="It is even.", holds="n % 2 = 0", except_up_to=0.4)
    even = CASE.model_copy(update={"rules": (rule,)})
    frame = pl.DataFrame({"case_id": [1, 2, 3], "n": [1, 2, 4]})
    report = examine(duckdb.connect(), [even], Frames(tmp_path, case=frame))[even.id]
    assert (report.quarantined, report.exceptions) == (0, {"rule:it_is_even": 1})
    assert not list(excesses(even, report))
    [excess] = excesses(even, Report(rows=3, exceptions={"rule:it_is_even": 2}))
    assert "2 of 3 rows are exceptions to rule:it_is_even (66.67%)" in excess


@pytest.mark.parametrize(
    ("report", "says"),
    [
        (Report(rows=100, quarantined=11, broken={"key": 11}), "11 of 100 rows break a rule"),
        (Report(rows=100, missing={"n": 51}), "51 of 100 rows have no n"),
        (Report(rows=100, unmatched={"case_id in court.case": 51}), "rows find no case_id in"),
    ],
)
def test_only_what_is_beyond_its_tolerance_is_an_excess(report: Report, says: str) -> None:
    n = variable("n", missing_up_to=0.5)
    tolerant = table("t", variable("case_id"), n, quarantine_up_to=0.1, joins=(JOIN,))
    [excess] = excesses(tolerant, report)
    assert says in excess
    within = Report(
        rows=100,
        quarantined=10,
        missing={"n": 50, "case_id": 60},
        unmatched={"case_id in court.case": 50},
    )
    assert not list(excesses(tolerant, within))
