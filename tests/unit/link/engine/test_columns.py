"""Has each value of a column one code, equal values the same one, as SQL says what is equal?"""

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from datafirst.link.engine.columns import Columns, columns
from datafirst.link.engine.conditions import NotUnderstood

TYPES = {
    "VARCHAR": ["''", "'a'", "'A'", "'é'", "'e\u0301'", "'😀'", "' a'", "'a '", "'a'"],
    "INTEGER": ["1", "2", "-1", "1"],
    "HUGEINT": [
        "170141183460469231731687303715884105727",
        "0",
        "17014118346046923173168730371588410",
    ],
    "UBIGINT": ["18446744073709551615", "18446744073709551614", "0", "0"],
    "DECIMAL(18, 4)": ["1", "1.0000", "1.0001", "-1"],
    "DOUBLE": ["0", "'-0.0'", "'nan'", "'-nan'", "'inf'", "0.1", "0.10000000000000002", "0.1"],
    "FLOAT": ["0", "'-0.0'", "'nan'", "0.1", "0.1"],
    "BOOLEAN": ["true", "false", "true"],
    "DATE": ["'2020-02-29'", "'infinity'", "'0001-01-01'", "'2020-02-29'"],
    "TIMESTAMP": ["'2020-02-29 00:00'", "'2020-02-29'", "'2020-02-29 00:00:00.000001'"],
    "TIMESTAMPTZ": ["'2020-01-01 12:00+00'", "'2020-01-01 13:00+01'", "'2020-01-01 12:00:01+00'"],
    "TIME": ["'12:00'", "'12:00:00'", "'12:00:01'"],
    "UUID": ["'00000000-0000-0000-0000-00000000000a'", "'00000000-0000-0000-0000-00000000000A'"],
    "BLOB": ["'a'", "'\\x00'", "'a'"],
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def source(con: duckdb.DuckDBPyConnection, kind: str, *tables: list[str]) -> Columns:
    """Tables of a column x of a type, each value twice, and none."""
    for n, values in enumerate(tables):
        con.execute(f"CREATE TABLE t{n} (unique_id INTEGER, i INTEGER, x {kind})")
        for i, value in enumerate([*values, "NULL"] * 2):
            con.execute(f"INSERT INTO t{n} VALUES ({i}, {i}, {value})")
    return columns(con, {f"d{n}": f"t{n}" for n in range(len(tables))})


def as_said(made: Columns, sql: str, codes: np.ndarray) -> None:
    """Two records have one code where SQL says that what they have is equal, and -1 is null."""
    union = " UNION ALL ".join(
        f"SELECT {n} AS t, i, {sql} AS v FROM {table}"
        for n, table in enumerate(made.tables.values())
    )
    equal = "SELECT coalesce(a.v = b.v, false) FROM e AS a, e AS b ORDER BY a.t, a.i, b.t, b.i"
    said = np.array(made.con.execute(f"WITH e AS ({union}) {equal}").fetchall()).reshape(
        len(codes), -1
    )
    assert np.array_equal((codes[:, None] == codes) & (codes[:, None] >= 0), said)


@pytest.mark.parametrize("kind", TYPES)
def test_one_code_for_what_sql_calls_equal(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    made = source(con, kind, TYPES[kind], TYPES[kind][::-1])
    found = made.coded('"x"')
    as_said(made, "x", found.codes)
    assert found.codes.dtype == np.int32
    assert len(found.values) == found.codes.max() + 1


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("INTERVAL", ["'1 month'", "'30 days'"]),
        ("ENUM('p', 'q')", ["'p'", "'q'"]),
        ("INTEGER[]", ["[1]", "[2]"]),
        ("STRUCT(a INTEGER)", ["{'a': 1}", "{'a': 2}"]),
    ],
)
def test_types_that_are_equal_otherwise_are_not_understood(
    con: duckdb.DuckDBPyConnection, kind: str, values: list[str]
) -> None:
    with pytest.raises(NotUnderstood):
        source(con, kind, values).coded('"x"')


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("VARCHAR", 'upper("x")'),
        ("VARCHAR", "coalesce(\"x\", 'A')"),
        ("VARCHAR", "nullif(\"x\", 'a')"),
        ("DOUBLE", 'CAST("x" AS VARCHAR)'),
        ("DECIMAL(18, 4)", 'CAST("x" AS VARCHAR)'),
        ("DATE", "year(\"x\")"),
        ("VARCHAR", "upper(\"x\") || \"i\" % 2"),
    ],
)  # fmt: skip
def test_what_is_derived_is_as_if_asked_of_each_record(
    con: duckdb.DuckDBPyConnection, kind: str, sql: str
) -> None:
    """Minus nought is another text than nought, though they are equal."""
    made = source(con, kind, TYPES[kind])
    as_said(made, sql, made.coded(sql).codes)


@pytest.mark.parametrize("name", ["code", "Code", "place", "v", "values_told"])
def test_a_column_may_be_called_anything(con: duckdb.DuckDBPyConnection, name: str) -> None:
    quoted = f'"{name}"'
    values = ["zb", "aa", "za", None, "zc", "ab"]
    con.execute(f"CREATE TABLE t (unique_id INTEGER, {quoted} VARCHAR)")
    con.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(values)))
    found = columns(con, {"d": "t"}).coded(f"substr({quoted}, 1, 1)")
    first = [found.values[code].as_py() if code >= 0 else None for code in found.codes.tolist()]
    assert first == ["z", "a", "z", None, "z", "a"]


def test_a_columns_values_are_read_once(con: duckdb.DuckDBPyConnection) -> None:
    """Whichever records are asked for, until it is not needed any more."""
    made = source(con, "VARCHAR", ["'a'", "'b'"])
    made.only(np.array([0, 2], np.int32)).coded('upper("x")')
    con.execute("DROP TABLE t0")
    assert made.coded('lower("x")').codes.tolist() == [0, 1, -1, 0, 1, -1]
    made.forget()
    with pytest.raises(duckdb.CatalogException):
        made.coded('"x"')


@pytest.mark.parametrize("sql", ['"x"', 'upper("x")', '"x" || "i" % 2', '"y"', "i + 1"])
def test_some_records_have_what_they_have_among_all(
    con: duckdb.DuckDBPyConnection, sql: str
) -> None:
    """Of tables whose order is another, and some of some."""
    for t in ("t0", "t1"):
        con.execute(
            f"CREATE TABLE {t} AS SELECT 6 - i AS unique_id, i, y, x FROM (SELECT i, "
            "nullif(substr('babcab', i::INTEGER, 1), 'c') AS x, [i % 2] AS y "
            "FROM range(1, 7) AS r(i))"
        )
    made = columns(con, {"b": "t0", "a": "t1"})
    some = np.array([10, 2, 3, 7], np.int32)
    whole, part = made.column(sql).to_pylist(), made.only(some).column(sql).to_pylist()
    assert part == [whole[n] for n in some]
    again = made.only(some).only(np.array([3, 0], np.int32))
    assert again.column(sql).to_pylist() == [whole[7], whole[10]]
    assert again.ids.to_pylist() == [made.ids[n].as_py() for n in (7, 10)]
    assert again.dataset.tolist() == [1, 1] and len(again) == 2
    if sql != '"y"':
        found = made.only(some).coded(sql)
        values = [*found.values.to_pylist(), None]
        assert [values[code] for code in found.codes.tolist()] == part
    is_known = f"({sql}) IS NOT NULL"
    assert np.array_equal(made.only(some).truths(is_known), made.truths(is_known)[some])


def test_who_a_query_names_is_found_whatever_the_order(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE t AS SELECT 9 - i AS unique_id FROM range(10) AS r(i)")
    made = columns(con, {"d": "t"})
    asked = {"t": "SELECT nullif(unique_id, 7) > 4 AS v FROM t"}
    assert made.holds(asked).tolist() == [5, 6, 8, 9]
    assert made.only(np.array([8, 7, 2, 5], np.int32)).holds(asked).tolist() == [0, 3]


def test_tables_that_differ_in_a_columns_type_are_not_understood(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for table, kind in (("a", "INTEGER"), ("b", "BIGINT")):
        con.execute(f"CREATE TABLE {table} AS SELECT 1 AS unique_id, 1::{kind} AS x")
    with pytest.raises(NotUnderstood):
        columns(con, {"a": "a", "b": "b"}).coded('"x"')


@pytest.mark.parametrize("sql", ["\"x\" = 'a'", '("x" = \'a\') AND "i" > 0'])
def test_truths_have_three_values(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    made = source(con, "VARCHAR", ["'a'", "'b'"])
    first = 2 if sql.endswith("'a'") else 0
    assert made.truths(sql).tolist() == [first, 0, 1, 2, 0, 1]
    with pytest.raises(NotUnderstood):
        made.truths('"i"')


@pytest.mark.parametrize(
    ("kind", "value", "sql"),
    [
        ("VARCHAR", "'no'", 'CAST("x" AS INTEGER)'),
        ("VARCHAR", "'no'", "strptime(\"x\", '%Y')"),
        ("VARCHAR", "'no'", "CAST(\"x\" || \"i\" AS INTEGER)"),
        ("INTEGER", "-1", "CAST(\"x\" AS UTINYINT)"),
        ("INTEGER", "2147483647", "\"x\" + 1"),
        ("VARCHAR", "'no'", '"source_dataset"'),
        ("VARCHAR", "'no'", '"tf_x"'),
    ],
)  # fmt: skip
def test_what_fails_for_some_record_is_left_to_sql(
    con: duckdb.DuckDBPyConnection, kind: str, value: str, sql: str
) -> None:
    """Its name says nothing of the record."""
    made = source(con, kind, [value])
    for asked in (made.coded, made.truths):
        with pytest.raises(NotUnderstood) as refused:
            asked(sql)
        assert not {"no", "-1", "2147483647"} & set(refused.value.what.split())


@pytest.mark.parametrize("before", ["true", "false"])
def test_how_tables_are_scanned_is_as_before_afterwards(
    con: duckdb.DuckDBPyConnection, before: str
) -> None:
    con.execute(f"SET preserve_insertion_order = {before}")
    asked = "SELECT current_setting('preserve_insertion_order')::VARCHAR"
    made = source(con, "VARCHAR", ["'a'"])
    assert made.column(f"({asked})").to_pylist() == ["true"] * 4
    with pytest.raises(NotUnderstood):
        made.column('CAST("x" AS INTEGER)')
    assert con.execute(asked).fetchall() == [(before,)]
