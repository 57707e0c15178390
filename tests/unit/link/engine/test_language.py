"""Does the tree of a condition say of every pair what its SQL says?"""

import re
from collections.abc import Iterator

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings

from datafirst.link.engine.conditions import (
    Alike,
    And,
    Apart,
    Condition,
    Edits,
    Equal,
    Holds,
    IsTrue,
    Not,
    NotUnderstood,
    Or,
    Shared,
    columns,
    cost,
    parts,
)
from datafirst.link.engine.language import condition, keys

from .asking import CONDITIONS, EQUALITIES, RELATIONS, SAID_OF_ONE
from .crossed import TRUE, records, said, told


def leaves(tree: Condition) -> list[Condition]:
    inner = [leaf for part in parts(tree) for leaf in leaves(part)]
    return inner or [tree]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as con:
        records(con)
        yield con


@settings(max_examples=30, deadline=None)
@given(sql=CONDITIONS)
def test_a_tree_is_true_where_its_sql_is(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert np.array_equal(told(con, condition(sql)) == TRUE, said(con, sql) == TRUE)


@settings(max_examples=30, deadline=None)
@given(sql=CONDITIONS)
def test_below_a_not_false_and_null_are_told_apart(
    con: duckdb.DuckDBPyConnection, sql: str
) -> None:
    assert np.array_equal(told(con, condition(f"NOT ({sql})")), said(con, f"NOT ({sql})"))


@settings(max_examples=10, deadline=None)
@given(sql=CONDITIONS)
def test_columns_may_be_named_by_their_table(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    by_table = re.sub(r'"(\w+)_([lr])"', r'\2."\1"', sql)
    assert condition(by_table) == condition(sql)
    assert np.array_equal(said(con, by_table), said(con, sql))


@pytest.mark.parametrize(
    "measure",
    [
        "len(list_intersect(a_l, a_r))",
        "array_length(list_intersect(a_r, a_l))",
        "levenshtein(t_l, u_r)",
        "jaro_similarity(u_l, u_r)",
        "abs(n_r - n_l)",
    ],
)
def test_a_measure_may_stand_in_any_relation_to_a_number(
    con: duckdb.DuckDBPyConnection, measure: str
) -> None:
    each = [f"NOT ({measure} {says} {n})" for says in RELATIONS for n in ("0", "1", "-1", "0.5")]
    for sql in each:
        tree = condition(sql)
        assert np.array_equal(told(con, tree), said(con, sql)), sql
        for leaf in leaves(tree):
            assert getattr(leaf, "up_to", 0) >= 0 or isinstance(leaf, Apart), "never is no number"
            assert getattr(leaf, "at_least", 1) >= 1 or isinstance(leaf, Alike), "nor is always"


@pytest.mark.parametrize("form", SAID_OF_ONE)
def test_whatever_is_said_of_a_condition_false_and_null_are_told_apart(
    con: duckdb.DuckDBPyConnection, form: str
) -> None:
    equal = [f"t_l {says} u_r" for says in EQUALITIES]
    for inner in (*equal, "len(list_intersect(a_l, a_r)) = 1", "list_has_any(b_l, b_r)"):
        for sql in (form.format(inner), f"NOT {form.format(f'NOT ({inner})')}"):
            tree = condition(sql)
            assert np.array_equal(told(con, tree) == TRUE, said(con, sql) == TRUE), sql


def test_equal_expressions_are_one_text() -> None:
    left, right = "substr( l.surname,1,3)||'x'", """SUBSTR(r."surname", 1, 3) || 'x'"""
    assert condition(f"{left} = {right}") == Equal(*["(substr(\"surname\", 1, 3) || 'x')"] * 2)
    assert condition('"first name_l" = x_R') == Equal('"first name"', '"x"')
    assert condition('"a ""b""_l" = "é_l_r"') == Equal('"a ""b"""', '"é_l"')


@pytest.mark.parametrize(
    ("sql", "tree"),
    [
        ("t_l = u_r", Equal('"t"', '"u"')),
        ("t_r = u_l", Equal('"u"', '"t"')),
        ("l.t <> r.t", Not(Equal('"t"', '"t"'))),
        ("jaro_similarity(t_r, u_l) > 0.7", Alike("jaro", '"u"', '"t"', np.nextafter(0.7, 1))),
        ("0.7 > jaro_winkler_similarity(t_l, t_r)", Not(Alike("jaro_winkler", '"t"', '"t"', 0.7))),
        ("levenshtein(t_l, t_r) < 2", Edits("levenshtein", '"t"', '"t"', 1)),
        ("1 >= damerau_levenshtein(t_r, u_l)", Edits("damerau_levenshtein", '"u"', '"t"', 1)),
        ("abs(n_r - m_l) <= 366", Apart('"m"', '"n"', 366.0)),
        ("abs(n_l - n_r) < 3", Apart('"n"', '"n"', np.nextafter(3.0, 0))),
        ("list_has_any(a_r, b_l)", Shared('"b"', '"a"', 1)),
        ("len(list_intersect(a_l, a_r)) >= 3", Shared('"a"', '"a"', 3)),
        (
            "a_l = 'x' AND a_r = 'x'",
            And((Holds("l", "(\"a\" = 'x')"), Holds("r", "(\"a\" = 'x')"))),
        ),
        ("1=1", And(())),
        ("1 = 1 AND FALSE", Or(())),
        ("t_l = t_r IS NOT TRUE", Not(IsTrue(Equal('"t"', '"t"')))),
        ("l.c", Holds("l", 'CAST("c" AS BOOLEAN)')),
    ],
)
def test_each_form_has_its_leaf(sql: str, tree: object) -> None:
    assert condition(sql) == tree


def test_keys_are_the_equalities_that_must_hold() -> None:
    same = Equal('"t"', '"t"')
    assert keys("1=1") == ((), None)
    assert keys('l."t" = r."t"') == ((same,), None)
    assert keys("l.t = r.t AND (l.t = r.t AND l.u = r.t) AND 1=1") == (
        (same, Equal('"u"', '"t"')),
        None,
    )
    assert keys("l.t = r.t AND (l.u = r.u OR l.c) AND r.u IS NOT NULL") == (
        (same,),
        And((condition("l.u = r.u OR l.c"), Holds("r", '("u" IS NOT NULL)'))),
    )
    assert keys("l.t = r.t OR l.u = r.u") == ((), condition("l.t = r.t OR l.u = r.u"))
    assert keys("l.t = r.t AND FALSE") == ((), Or(()))


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("t_l = u_r AND random() < 0.5", "random"),
        ("n_l = n_r AND d_l < today()", "today"),
        ("t_l = uuid()", "uuid"),
        ("age(d_l) = age(d_r)", "age"),
        ("d_l < current_date", "a column that is of neither record"),
        ("match_key = 1", "a column that is of neither record"),
        ("l.t = r.t AND rowid_l = 1", "rowid"),
        ("l.t = u_r", "columns that are named in two ways"),
        ("n_l < m_r", "one record's value < the other's"),
        ("n_l - m_r < 1", "-"),
        ("n_l BETWEEN 0 AND m_r", "COLUMN_REF"),
        ("concat(t_l, t_r) = 'ab'", "concat"),
        ("list_contains(b_l, t_r)", "list_contains"),
        ("t_l LIKE t_r", "~~"),
        ("CASE WHEN t_l = t_r THEN TRUE ELSE FALSE END", "CASE"),
        ("jaro_winkler_similarity(t_l, t_r, 0.9) > 0", "jaro_winkler_similarity"),
        ("jaro_winkler_similarity(t_l, 'SMITH') > n_r", "one record's value > the other's"),
        ("levenshtein(t_l, t_r) <= n_l", "levenshtein <= COLUMN_REF"),
        ("levenshtein(t_l, t_r) <= '1'", "a comparison with a constant that is no number"),
        ("levenshtein(t_l, t_r)", "levenshtein"),
        ("abs(n_l - n_r) <= 2.99999999999999999999", "a number of more digits than a DOUBLE has"),
        ("abs(date_diff('week', d_l, d_r)) < 1", "abs"),
        ("date_diff('day', d_l, d_r) < 1", "date_diff"),
        ("t_l COLLATE NOCASE = t_r", "COLLATE"),
        ("t_l IN (SELECT t FROM records)", "SUBQUERY"),
        ("list_filter(b_l, x -> x = 'SMITH') = b_r", "->"),
        (
            "list_filter(b_l, lambda t: t = t_l) = b_r",
            "a column that has the name of a lambda's parameter",
        ),
        ("l.s.x = r.s.x", "a column that is of neither record"),
        ("t_l = t_r) OR (TRUE", "a condition that cannot be parsed"),
        ("t_l = t_r, TRUE", "more than one expression"),
        ("t_l = t_r AS same", "more than one expression"),
        ("t_l = t_r FROM records", "more than one expression"),
        ("t_l = '\ue000' AND u_l = u_r", "a character for private use"),
        ("no_such_function(t_l) = t_r", "no_such_function"),
    ],
)
def test_what_is_not_understood_is_named_and_no_value_is(sql: str, what: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        condition(sql)
    assert refused.value.what == str(refused.value) == what
    assert "SMITH" not in str(refused.value)


def test_a_condition_reads_and_costs_what_its_parts_do() -> None:
    sql = "NOT (n_l = m_r AND u_l IS NULL) OR (abs(n_l - n_r) <= 1) IS TRUE"
    assert columns(condition(sql)) == {'"n"', '"m"', '("u" IS NULL)'}
    assert cost(condition(sql)) == "cheap"
    for dear in (
        "list_has_any(a_l, a_r)",
        "levenshtein(t_l, t_r) > 1",
        "jaro_similarity(t_l, u_r) > 1",
    ):
        assert cost(condition(f"{sql} AND NOT ({dear}) IS TRUE")) == "dear"
        assert columns(condition(dear)) <= {'"a"', '"t"', '"u"'}
