"""Does each way of comparing tell degrees of agreement apart?"""

import pytest
from duckdb import DuckDBPyConnection as Con

from datafirst.link.comparisons import WAYS, way
from datafirst.spec import Comparison


def level(
    con: Con,
    comparison: Comparison,
    left: dict[str, str | None],
    right: dict[str, str | None],
) -> str:
    """The label of the level that two records are at; values are given as SQL."""
    made = way(comparison)
    sides = ", ".join(
        f"(SELECT {', '.join(f'{sql} AS {name}_{side}' for name, sql in made.columns.items())} "
        f"FROM (SELECT {', '.join(f'{v} AS {k}' for k, v in record.items())}))"
        for side, record in (("l", left), ("r", right))
    )
    cases = " ".join(f"WHEN {x.sql} THEN '{x.label}'" for x in made.levels)
    query = (
        f"SELECT CASE WHEN {made.missing} THEN 'missing' {cases} ELSE 'different' END FROM {sides}"
    )
    return str(con.execute(query).fetchall()[0][0])


def text(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else f"'{value}'"


@pytest.mark.parametrize(
    ("compare", "left", "right", "expected"),
    [
        ("exact", "A", "A", "same"),
        ("exact", "A", "B", "different"),
        ("exact", "A", None, "missing"),
        ("identifier", "1999/1234567Q", "1999/1234567Q", "same"),
        ("identifier", "1999/1234567Q", "1999/1234576Q", "different"),
        ("reference", "01AB1234521", "01AB1234521", "same"),
        ("reference", "01AB1234521", "01AB1235421", "one slip apart"),
        ("reference", "01AB1234521", "01AB123452", "one slip apart"),
        ("reference", "01AB1234521", "01AB9934521", "different"),
        ("name", "SMITH", "SMITH", "same"),
        ("name", "JOHNSTON", "JOHNSTONE", "alike to 0.92"),
        ("name", "MARTHA", "MARHTAS", "alike to 0.92"),
        ("name", "DIXON", "DICKSON", "alike to 0.7"),
        ("name", "SMITH", "JONES", "different"),
        ("name", None, None, "missing"),
        ("written_date", "18401217", "18401217", "same"),
        ("written_date", "18401217", "18401247", "one slip apart"),
        ("written_date", "18401217", "18402117", "one slip apart"),
        ("written_date", "18401217", "18501247", "two slips apart, or day and month swapped"),
        ("written_date", "18400312", "18401203", "two slips apart, or day and month swapped"),
        ("written_date", "18401217", "18460930", "within ten years"),
        ("written_date", "18401217", "18610930", "different"),
        ("written_date", "18401217", None, "missing"),
    ],
)
def test_texts(con: Con, compare: str, left: str | None, right: str | None, expected: str) -> None:
    comparison = Comparison(field="f", compare=compare)
    assert level(con, comparison, {"f": text(left)}, {"f": text(right)}) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("P C", "P C", "same pnc"),
        ("P C", "P X", "same pnc"),
        ("P C", "X C", "same cro"),
        ("P C", " C", "same cro"),
        ("P ", "P C", "same pnc"),
        ("P C", "X Y", "different"),
        ("P C", "X ", "different"),
        ("P ", " C", "missing"),
        (" ", "P C", "missing"),
    ],
)
def test_numbers_of_one_office(con: Con, left: str, right: str, expected: str) -> None:
    comparison = Comparison(field="pnc", against="cro", compare="identifiers")
    sides = [dict(zip(("pnc", "cro"), s.split(" "), strict=True)) for s in (left, right)]
    found = [{k: text(v or None) for k, v in side.items()} for side in sides]
    assert level(con, comparison, *found) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2015-03-02", "2015-03-02", "one shared"),
        ("2014-01-01, 2015-03-02", "2015-03-02, 2016-07-08", "one shared"),
        ("2014-01-01, 2015-03-02", "2014-01-01, 2015-03-02, 2016-07-08", "several shared"),
        ("2015-03-02", "2015-03-03", "different"),
        (None, "2015-03-02", "missing"),
        (None, None, "missing"),
    ],
)
def test_days_in_common(con: Con, left: str | None, right: str | None, expected: str) -> None:
    comparison = Comparison(field="days", compare="shared_dates")
    sides = [{"days": f"{text(d and f'[{d}]')}::DATE[]"} for d in (left, right)]
    assert level(con, comparison, *sides) == expected
    assert level(con, comparison, *sides[::-1]) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("ANN LEE", "ANN LEE", "both same"),
        ("ANN LEE", "LEE ANN", "both alike to 0.92, or in the other order"),
        ("JOHNATHAN JOHNSTON", "JOHNATHON JOHNSTONE", "both alike to 0.92, or in the other order"),
        ("ANN LEE", "ZOE LEE", "same last"),
        ("ANN LEE", "ANN KHAN", "same first"),
        ("ANN LEE", "ZOE KHAN", "different"),
        ("ANN ", "ANN LEE", "same first"),
        ("ANN ", "ANN ", "same first"),
        (" ", "ANN LEE", "missing"),
    ],
)
def test_full_names(con: Con, left: str, right: str, expected: str) -> None:
    comparison = Comparison(field="first", against="last", compare="full_name")
    sides = [dict(zip(("first", "last"), s.split(" "), strict=True)) for s in (left, right)]
    found = [{k: text(v or None) for k, v in side.items()} for side in sides]
    assert level(con, comparison, *found) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("1985-03-02", "1985-03-02", "same"),
        ("1985-03-02", "1985-03-07", "one digit apart"),
        ("1985-03-02", "1995-03-02", "one digit apart"),
        ("1985-03-02", "1985-03-19", "same month, or day and month swapped"),
        ("1985-03-12", "1985-12-03", "same month, or day and month swapped"),
        ("1985-12-03", "1985-03-12", "same month, or day and month swapped"),
        ("1985-03-02", "1985-11-19", "within a year"),
        ("1985-03-02", "1992-11-19", "within ten years"),
        ("1985-03-02", "1951-11-19", "different"),
        ("1985-03-02", None, "missing"),
    ],
)
def test_dates_of_birth(con: Con, left: str, right: str | None, expected: str) -> None:
    comparison = Comparison(field="born", compare="date_of_birth")
    sides = [
        {"born": f"{text(d)}::DATE", "born_year_month": f"left({text(d)}, 7)"}
        for d in (left, right)
    ]
    assert level(con, comparison, *sides) == expected
    assert level(con, comparison, *sides[::-1]) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("SW1A 2BJ", "SW1A 2BJ", "same"),
        ("SW1A 2BJ", "SW1A 2BK", "one letter apart"),
        ("SW1A 2BJ", "SW1A 2XX", "same sector"),
        ("SW1A 2BJ", "SW1A 9XX", "same district"),
        ("SW1A 2BJ", "SW19 9XX", "same area"),
        ("SW1A 2BJ", "LS19 9XX", "different"),
    ],
)
def test_postcodes(con: Con, left: str, right: str, expected: str) -> None:
    comparison = Comparison(field="p", compare="postcode")
    sides = [
        {"p": text(p), "p_sector": text(p[:-2]), "p_district": text(p[:4]), "p_area": text(p[:2])}
        for p in (left, right)
    ]
    assert level(con, comparison, *sides) == expected


def test_dates_of_one_event(con: Con) -> None:
    comparison = Comparison(field="d", compare="days_apart", thresholds=(7, 60))
    found = [
        level(con, comparison, {"d": "DATE '2015-01-01'"}, {"d": f"DATE '2015-01-01' - {days}"})
        for days in (0, 7, 8, 60, 61)
    ]
    assert found == [
        "same",
        "up to 7 days apart",
        "up to 60 days apart",
        "up to 60 days apart",
        "different",
    ]


def test_rare_values_weigh_more_only_where_asked() -> None:
    for compare in WAYS.keys() - {"shared_dates"}:
        for frequency in (True, False):
            comparison = Comparison(
                field="f", against="g", compare=compare, thresholds=(), frequency=frequency
            )
            weighed = [x for x in way(comparison).levels if x.frequency]
            assert bool(weighed) == frequency, compare
