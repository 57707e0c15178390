"""Who kept their id is counted from the table of changes, and too few are refused."""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link.lasting import ID_CHANGES, lasting
from datafirst.quality.ids import FEW, LEVELS, Kept, held, kept, sections


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def people(con: duckdb.DuckDBPyConnection, table: str, **persons: str) -> None:
    """A court's records, and who they are at every level."""
    rows = ", ".join(f"('{record}', '{person}')" for record, person in persons.items())
    con.execute(
        f"CREATE TABLE {table} AS SELECT 'court' AS dataset, record_id, 0 AS _row, "
        "person AS person_strict, person AS person_standard, person AS person_loose, "
        f"person AS dataset_person FROM (VALUES {rows}) t(record_id, person)"
    )


def changed(con: duckdb.DuckDBPyConnection, old: dict[str, str], new: dict[str, str]) -> None:
    people(con, "before", **old)
    people(con, "now", **new)
    lasting(con, "before", "v1")
    lasting(con, "now", "v2", "before")


OLD = dict(zip("abcdefghi", "112334567", strict=True))
NEW = dict(zip("abcdefxghy", "ppqqqrrsss", strict=True))
"""Nobody came to a and b; c, d and e became one without a record that is new; x came to f; and y,
which came, showed g and h to be one. Nothing is left of i."""


def test_people_are_untouched_where_no_record_came_or_went(con: duckdb.DuckDBPyConnection) -> None:
    changed(con, OLD, NEW)
    found = kept(con)
    assert [each.level for each in found] == ["strict", "standard", "loose", "dataset"]
    assert set(found) == {
        Kept(level, untouched=3, untouched_kept=2, whole=6, whole_kept=4) for level in LEVELS
    }
    assert held(con) == found


def test_without_a_release_that_is_continued_nobody_is_counted(
    con: duckdb.DuckDBPyConnection,
) -> None:
    people(con, "now", **NEW)
    lasting(con, "now", "v1")
    assert kept(con) == held(con) == ()
    became, who = sections(con)
    assert not who.rows
    assert [row[3] for row in became.rows if row[:2] == ("Strict", "new")] == [4]


def test_the_report_counts_every_change_of_every_level(con: duckdb.DuckDBPyConnection) -> None:
    changed(con, OLD, NEW)
    became, who = sections(con)
    strict = {row[1]: row[3:] for row in became.rows if row[0] == "Strict"}
    assert strict == {
        "retained": (4, 6), "merged": (2, 2), "split": (0, 0), "new": (0, 0), "withdrawn": (1, 1),
    }  # fmt: skip
    assert [row[2:] for row in who.rows[:2]] == [(3, 2, 0.666667, 0.99), (6, 4, 0.666667, None)]
    for section in (became, who):
        assert {len(row) for row in section.rows} == {len(section.header)}


@pytest.mark.parametrize(
    ("people", "lost", "holds"),
    [(0, 0, True), (20, FEW, True), (20, FEW + 1, False), (5000, 50, True), (5000, 51, False)],
)
def test_a_hundredth_may_lose_their_ids_and_a_few_always(
    people: int, lost: int, holds: bool
) -> None:
    assert Kept("strict", people, people - lost, people, 0).holds is holds


def test_a_release_that_renames_people_is_refused_with_counts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    listed = ", ".join(f"{name} {kind}" for name, kind in ID_CHANGES.items())
    con.execute(f"CREATE TABLE changes ({listed})")
    # 3,000 people, every thirtieth of whom another one swallowed.
    con.execute(
        "INSERT INTO changes SELECT 'loose', NULL, i, if(i % 30 = 0, i + 1, i), "
        "if(i % 30 = 0, 'merged', 'retained'), 1, 1, if(i % 30 <= 1, 2, 1) FROM range(3000) t(i)"
    )
    with pytest.raises(LinkageRefused, match="100 of 3,000 loose people") as refused:
        held(con, "changes")
    assert "take `previous` out" in str(refused.value)
