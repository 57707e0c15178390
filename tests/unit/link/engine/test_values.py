"""Has each value one code, equal values the same one, as SQL says what is equal?"""

from collections.abc import Iterator
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.values import (
    Coded,
    Source,
    coded,
    dictionary,
    numbers,
    texts,
    together,
    truths,
)

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


def source(con: duckdb.DuckDBPyConnection, kind: str, *tables: list[str]) -> Source:
    """Tables of a column x of a type, each value twice, and none."""
    for n, values in enumerate(tables):
        con.execute(f"CREATE TABLE t{n} (i INTEGER, x {kind})")
        for i, value in enumerate([*values, "NULL"] * 2):
            con.execute(f"INSERT INTO t{n} VALUES ({i}, {value})")
    return Source(con, {f"d{n}": f"t{n}" for n in range(len(tables))})


def as_said(made: Source, sql: str, codes: np.ndarray) -> None:
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
    found = coded(made, '"x"', {})
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
        coded(source(con, kind, values), '"x"', {})


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
    as_said(made, sql, coded(made, sql, {}).codes)


@pytest.mark.parametrize("name", ["code", "Code", "place", "v", "values_told"])
def test_a_column_may_be_called_anything(con: duckdb.DuckDBPyConnection, name: str) -> None:
    quoted = f'"{name}"'
    values = ["zb", "aa", "za", None, "zc", "ab"]
    con.execute(f"CREATE TABLE t ({quoted} VARCHAR)")
    con.executemany("INSERT INTO t VALUES (?)", [[value] for value in values])
    found = coded(Source(con, {"d": "t"}), f"substr({quoted}, 1, 1)", {})
    first = [found.values[code].as_py() if code >= 0 else None for code in found.codes.tolist()]
    assert first == ["z", "a", "z", None, "z", "a"]


def test_a_columns_values_are_read_once(con: duckdb.DuckDBPyConnection) -> None:
    made, known = source(con, "VARCHAR", ["'a'", "'b'"]), dict[str, Coded]()
    coded(made, 'upper("x")', known)
    con.execute("DROP TABLE t0")
    assert coded(made, 'lower("x")', known).codes.tolist() == [0, 1, -1, 0, 1, -1]


def test_columns_that_are_held_against_each_other_share_codes() -> None:
    each = [dictionary(pa.chunked_array([pa.array(of)])) for of in (["a", "b"], ["c", "b", None])]
    one, other = together(each)
    assert one.codes[1] == other.codes[1]
    assert len({*one.codes.tolist(), *other.codes.tolist()} - {-1}) == 3
    assert other.codes[2] == -1
    with pytest.raises(NotUnderstood):
        together([*each, dictionary(pa.chunked_array([pa.array([1])]))])


def test_tables_that_differ_in_a_columns_type_are_not_understood(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("CREATE TABLE a AS SELECT 1::INTEGER AS x; CREATE TABLE b AS SELECT 1::BIGINT AS x")
    with pytest.raises(NotUnderstood):
        coded(Source(con, {"a": "a", "b": "b"}), '"x"', {})


@pytest.mark.parametrize("sql", ["\"x\" = 'a'", '("x" = \'a\') AND "i" > 0'])
def test_truths_have_three_values(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    made = source(con, "VARCHAR", ["'a'", "'b'"])
    first = 2 if sql.endswith("'a'") else 0
    assert truths(made, sql, {}).tolist() == [first, 0, 1, 2, 0, 1]
    with pytest.raises(NotUnderstood):
        truths(made, '"i"', {})


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
    for asked in (coded, truths):
        with pytest.raises(NotUnderstood) as refused:
            asked(made, sql, {})
        assert not {"no", "-1", "2147483647"} & set(refused.value.what.split())


@pytest.mark.parametrize("before", ["true", "false"])
def test_how_tables_are_scanned_is_as_before_afterwards(
    con: duckdb.DuckDBPyConnection, before: str
) -> None:
    con.execute(f"SET preserve_insertion_order = {before}")
    asked = "SELECT current_setting('preserve_insertion_order')::VARCHAR"
    with pytest.raises(KeyError), Source(con, {}).scanned_in_order():
        assert con.execute(asked).fetchall() == [("true",)]
        raise KeyError
    assert con.execute(asked).fetchall() == [(before,)]


def test_numbers_differ_as_values_do() -> None:
    dates = pa.array([0, 1, 20_000, -1], pa.date32())
    assert numbers(dates).tolist() == [0, 1, 20_000, -1]
    assert numbers(pa.array([-5, 2**53 - 1], pa.int64())).tolist() == [-5, 2**53 - 1]
    assert numbers(pa.array([2, 255], pa.uint8())).tolist() == [2, 255]
    assert numbers(pa.array([0.1, -2.0])).tolist() == [0.1, -2.0]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([2**53]),
        pa.array([-(2**53) - 1, 0]),
        pa.array([0.5], pa.float32()),
        pa.array(["1"]),
        pa.array([True]),
        pa.array([1], pa.timestamp("us")),
        pa.array([1], pa.decimal128(9, 2)),
    ],
    ids=lambda values: str(values.type),
)
def test_other_differences_are_not_understood(values: pa.Array) -> None:
    with pytest.raises(NotUnderstood):
        numbers(values)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_texts_are_side_by_side(kind: pa.DataType) -> None:
    """Those of a part of an array too, and none of none."""
    whole = pa.array(["zz", "a", "", "é😀", "b"], kind)
    text, begin = texts(whole[1:4])
    each = [bytes(text[a:b]).decode() for a, b in pairwise(begin)]
    assert each == ["a", "", "é😀"]
    assert [len(part) for part in texts(pa.array([], kind))] == [0, 1]
    with pytest.raises(NotUnderstood):
        texts(pa.array([b"a"]))
