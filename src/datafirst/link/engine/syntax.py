"""How does DuckDB read an expression, and how does it write it down?

DuckDB's own parser is asked, because what binds tighter than what is then as it will be when
Splink runs the same SQL, and because it writes one expression always in one way.
"""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

import duckdb

from .conditions import NotUnderstood

Node: TypeAlias = dict[str, Any]
"""A part of an expression, as DuckDB's `json_serialize_sql` gives it."""

_PLAIN = {"type", "cte_map", "select_list", "from_table", "aggregate_handling"}
"""What a SELECT of one expression, from nothing, consists of."""

_UNSTEADY = re.compile(r"current_|local|session_|(age|alias)$")
"""What DuckDB calls consistent but reads a clock, or the name by which a column is known."""

_EXACT = re.compile(r"(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL\(.*)$")


def parsed(sql: str) -> Node:
    """An expression as a tree."""
    if "\0" in sql:
        raise NotUnderstood("a character that no text has")
    read = (
        "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true, skip_default := true)"
    )
    told = json.loads(_asked(read, f"SELECT {sql}\n")[0])
    if told.get("error") or len(told["statements"]) != 1:
        raise NotUnderstood("a condition that cannot be parsed")
    node = told["statements"][0]["node"]
    alone = not set(node) - _PLAIN and node["from_table"]["type"] == "EMPTY"
    if not alone or len(node["select_list"]) != 1 or "alias" in node["select_list"][0]:
        raise NotUnderstood("more than one expression")
    found: Node = _unplaced(node["select_list"][0])
    return found


def written(node: Node) -> str:
    """A tree as an expression."""
    select = {
        "type": "SELECT_NODE",
        "cte_map": {},
        "select_list": [node],
        "from_table": {"type": "EMPTY"},
        "aggregate_handling": "STANDARD_HANDLING",
    }
    told = json.dumps({"error": False, "statements": [{"node": select}]})
    sql: str = _asked("SELECT json_deserialize_sql(?)", told)[0]
    return sql.removeprefix("SELECT ")


def nodes(node: Any) -> Iterator[Node]:
    """A tree and everything in it."""
    if isinstance(node, dict):
        if "class" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from nodes(each)


def called(node: Node, *names: str) -> bool:
    """Whether it is a call of one of these functions, and of nothing but its arguments."""
    plain = not set(node) & {"filter", "distinct"} and "orders" not in node.get("order_bys", {})
    return node["class"] == "FUNCTION" and plain and node["function_name"] in names


def arguments(call: Node) -> list[Node]:
    """What a function is called with."""
    return [each["expression"] for each in call.get("arguments", [])]


def truth(node: Node) -> bool | None:
    """What a constant says as a condition."""
    told: bool | None = _asked(f"SELECT CAST({written(node)} AS BOOLEAN)")[0]
    return told


def number(node: Node) -> tuple[Fraction, float]:
    """A constant: as it is written, and as DuckDB compares it with a DOUBLE."""
    asked = "SELECT typeof(n), CAST(n AS VARCHAR), TRY_CAST(n AS DOUBLE)"
    kind, text, value = _asked(f"{asked} FROM (SELECT {written(node)} AS n)")
    if _EXACT.match(kind):
        return Fraction(text), value
    if kind in ("DOUBLE", "FLOAT") and value is not None and abs(value) < float("inf"):
        return Fraction(value), value
    raise NotUnderstood("a comparison with a constant that is no number")


@cache
def steady() -> frozenset[str]:
    """The functions of DuckDB that give the same for the same, whenever they are called."""
    found = _reader().execute(
        "SELECT function_name, bool_and(coalesce(stability = 'CONSISTENT', true)), "
        "string_agg(macro_definition, ' ') FROM duckdb_functions() "
        "WHERE function_type IN ('scalar', 'macro') AND internal GROUP BY ALL ORDER BY ALL"
    )
    functions = found.fetchall()
    unsteady = {name for name, same, _ in functions if not same or _UNSTEADY.match(name)}
    macros = {
        name
        for name, _, definition in functions
        for word in re.findall(r"\w+", definition or "")
        if word in unsteady or _UNSTEADY.match(word)
    }
    return frozenset(name for name, _, _ in functions) - unsteady - macros


def _asked(query: str, *told: str) -> tuple[Any, ...]:
    """One row of DuckDB's, which has no data here: only the text of the model is read."""
    try:
        row: tuple[Any, ...] = _reader().execute(query, list(told)).fetchall()[0]
    except duckdb.Error:
        raise NotUnderstood("a constant or an expression that DuckDB refuses") from None
    return row


def _reader() -> duckdb.DuckDBPyConnection:
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _unplaced(node: Any) -> Any:
    """A tree without the places that its parts had in the text, so that equal ones are equal."""
    if isinstance(node, list):
        return [_unplaced(each) for each in node]
    if not isinstance(node, dict):
        return node
    places = ("query_location", "query_location_length", "alias")
    return {key: _unplaced(each) for key, each in node.items() if key not in places}
