"""Stands what is kept of a record beside its id, whatever the order of its table?"""

import datetime
from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from datafirst.link.engine.assembled import Steps, steps
from datafirst.link.engine.columns import columns
from datafirst.link.engine.conditions import Condition, NotUnderstood
from datafirst.link.engine.kept import kept
from datafirst.link.engine.language import condition
from datafirst.link.engine.plan import Adjustment, Comparison, Level, Plan, Rule
from datafirst.link.engine.program import LIST, TRUTH, VALUE
from datafirst.link.engine.rows import Kept


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as made:
        yield made


def asking(*asked: Condition | str, adjusting: str | None = None) -> Steps:
    """The steps of a plan that asks this of a pair."""
    by = Adjustment(adjusting, -3.0, 1.0, 0.0) if adjusting else None
    trees = [condition(each) if isinstance(each, str) else each for each in asked]
    levels = [Level(tree, 1.0, n + 1, by) for n, tree in enumerate(trees)]
    one = Comparison("c", (*levels, Level(None, -1.0, 0)))
    return steps(Plan((one,), (Rule(('"k"',), None),), False, 0.0))


SAME = '"x_l" = "x_r"'


def code(of: Steps, made: Kept, sql: str, kind: str = VALUE) -> list[int]:
    found: list[int] = made.rows[:, of.made.columns[kind, sql]].tolist()
    return found


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("INTEGER", [3, -1, 2, 0]),
        ("UBIGINT", [2**64 - 1, 0, 2**63, 5]),
        ("UTINYINT", [200, 100, 255, 0]),
        ("BIGINT", [2**62, -(2**62) - 5, 2**63 - 1, -(2**63)]),
        ("TINYINT", [100, -100, 127, -128]),
        ("VARCHAR", ["10", "9", "é", "a"]),
        ("VARCHAR", ["😀", "\uffff", "", "Z"]),
        ("DATE", [datetime.date(2020, 1, n) for n in (9, 1, 31, 2)]),
    ],
)
def test_records_are_in_the_order_of_their_ids(
    con: duckdb.DuckDBPyConnection, kind: str, ids: list[object]
) -> None:
    """Which is DuckDB's order, and that of what is compared with it."""
    con.execute(f"CREATE TABLE given (unique_id {kind}, x VARCHAR, k INTEGER)")
    con.executemany("INSERT INTO given VALUES (?, ?, 1)", [[i, str(i)] for i in ids])
    con.execute("CREATE TABLE t AS SELECT *, [row_number() OVER (ORDER BY unique_id) < 3] AS f "
                "FROM given ORDER BY rowid")  # fmt: skip
    asked = ['jaro_similarity("x_l", "x_r") > 0.5', 'list_has_any("f_l", "f_r")']
    of = asking(*asked, '"x_l" || "k_l" = \'é1\' AND "x_r" = \'é\'')
    made = kept(columns(con, {"d": "t"}), of, {})
    rows = con.execute("SELECT unique_id, x FROM t ORDER BY unique_id").fetchall()
    assert made.ids.to_pylist() == [row[0] for row in rows]
    begin, at = made.tables.begin, made.tables.text_at[of.made.columns[VALUE, '"x"']]
    text = [made.tables.text[begin[at + n] : begin[at + n + 1]] for n in code(of, made, '"x"')]
    assert [bytes(each).decode() for each in text] == [row[1] for row in rows]
    assert code(of, made, '"f"', LIST) == [0, 0, 1, 1]
    said = [2 * (row[1] == "é") for row in rows]
    truth = [made.rows[:, n].tolist() for (sort, _), n in of.made.columns.items() if sort == TRUTH]
    assert truth == [said, said]


def test_datasets_stand_in_the_order_of_their_names(con: duckdb.DuckDBPyConnection) -> None:
    """As Splink orders them: by the name and what it puts between that and an id."""
    names = ["b", "a", "a-", "a1", "a-_", "A"]
    for n, name in enumerate(names):
        con.execute(f"CREATE TABLE t{n} AS SELECT {n} - i AS unique_id, '{name}' AS x, 1 AS k, "
                    f"[{n}] AS f FROM range(2) AS r(i)")  # fmt: skip
    of = asking(SAME, 'list_has_any("f_l", "f_r")')
    made = kept(columns(con, {name: f"t{n}" for n, name in enumerate(names)}), of, {})
    each = con.execute("SELECT x FROM (SELECT unnest(?) AS x) ORDER BY x || '-__-'", [names])
    order = [row[0] for row in each.fetchall()]
    assert made.ids.to_pylist() == [
        i for name in order for i in sorted([names.index(name), names.index(name) - 1])
    ]
    assert made.dataset.tolist() == [n for n in range(6) for _ in range(2)]
    for column in (code(of, made, '"x"'), code(of, made, '"f"', LIST)):
        assert column[::2] == column[1::2] and len(set(column)) == 6


def test_the_order_of_a_scan_is_not_left_to_chance(con: duckdb.DuckDBPyConnection) -> None:
    """A connection that need not keep it, a table of several row groups, two threads."""
    con.execute(
        "CREATE TABLE t AS SELECT i AS unique_id, i % 1000 AS x, i AS k FROM range(1000000) AS r(i)"
    )
    con.execute("SET preserve_insertion_order = false")
    of = asking(SAME, '"x_l" > 500 AND "x_r" > 500', '"unique_id_l" % 7 = "unique_id_r" % 7')
    made = kept(columns(con, {"d": "t"}), of, {})
    known, number = made.ids.to_numpy(), np.arange(1_000_000)
    assert np.array_equal(known, number)
    for sql, value in (('"x"', number % 1000), ('("unique_id" % 7)', number % 7)):
        column = made.rows[:, of.made.columns[VALUE, sql]]
        pairs = np.unique(np.stack([column, value]), axis=1)
        assert pairs.shape[1] == len(np.unique(value)), "one code for each value"
    truth = made.rows[:, of.made.columns[TRUTH, '("x" > 500)']]
    assert np.array_equal(truth == 2, number % 1000 > 500)


def test_values_of_columns_that_are_compared_share_codes(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE TABLE t AS SELECT *, 1 AS k FROM (VALUES (1, 'a', 'c', 'z', ['p'], ['r']), "
        "(2, 'b', 'd', 'a', ['q'], ['p', 'q']), (3, 'c', 'a', 'b', NULL, ['q'])) "
        "AS v(unique_id, x, y, z, f, g)"
    )
    of = asking('"x_l" = "y_r"', '"y_l" = "z_r"', 'list_has_any("f_l", "g_r")')
    made = kept(columns(con, {"d": "t"}), of, {})
    x, y, z = (code(of, made, f'"{name}"') for name in "xyz")
    assert (x[0], x[1], x[2], y[2]) == (z[1], z[2], y[0], x[0])
    assert len({*x, *y, *z}) == 5
    element, begin, at = made.tables.element, made.tables.list_begin, made.tables.list_at
    told = {}
    for name in "fg":
        start = begin[at[of.made.columns[LIST, f'"{name}"']] :]
        each = code(of, made, f'"{name}"', LIST)
        told[name] = [set(element[start[n] : start[n + 1]].tolist()) for n in each if n >= 0]
    (p,), (q,) = told["f"]
    first, *others = told["g"]
    assert others == [{p, q}, {q}]
    assert not first & {p, q}


@pytest.mark.parametrize("name", ["x", "value", "code", "place", "known"])
@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT", "DECIMAL(6, 5)"])
def test_frequencies_are_those_of_the_lookup(
    con: duckdb.DuckDBPyConnection, name: str, kind: str
) -> None:
    """Of a value that is not there it is not known; a column may be called anything."""
    own = f'i % 3 AS "{name}"'
    con.execute(f"CREATE TABLE t AS SELECT i AS unique_id, {own}, 1 AS k FROM range(6) AS r(i)")
    con.execute(
        f'CREATE TABLE s ("{name}" BIGINT, "tf_{name}" {kind});'
        "INSERT INTO s VALUES (2, 0.1), (0, 1), (7, 0.5)"
    )
    of = asking(f'"{name}_l" = "{name}_r"', adjusting=name)
    made = kept(columns(con, {"d": "t"}), of, {name: "s"})
    codes = code(of, made, f'"{name}"')
    share = made.tables.share[made.tables.share_at[0] + np.array(codes)]
    tenth = con.execute(f"SELECT log2(0.1::{kind}::DOUBLE)").fetchall()[0][0]
    assert np.array_equal(share, [0.0, np.nan, tenth] * 2, equal_nan=True)
    assert made.rarest == {name: tenth}


@pytest.mark.parametrize("told", ["(1, 0.5), (1, 0.25)", "(1, 0.0)", "(1, 1.5)", "(1, -0.5)", None])
def test_what_are_no_frequencies_is_not_understood(
    con: duckdb.DuckDBPyConnection, told: str | None
) -> None:
    con.execute("CREATE TABLE t AS SELECT i AS unique_id, i AS x, 1 AS k FROM range(3) AS r(i)")
    if told:
        con.execute(
            f"CREATE TABLE s AS SELECT x, tf_x::DOUBLE AS tf_x FROM (VALUES {told}) v(x, tf_x)"
        )
    with pytest.raises(NotUnderstood):
        kept(columns(con, {"d": "t"}), asking(SAME, adjusting="x"), {"x": "s"} if told else {})


def test_no_records_at_all(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE t (unique_id INTEGER, x VARCHAR, f VARCHAR[], k INTEGER)")
    of = asking('levenshtein("x_l", "x_r") <= 1', 'list_has_any("f_l", "f_r")')
    made = kept(columns(con, {"d": "t"}), of, {})
    assert made.rows.shape == (0, len(of.made.columns))
    assert (len(made.ids), len(made.dataset), made.tables.longest) == (0, 0, 0)
