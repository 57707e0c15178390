"""Which of two records does each part of a condition read?

A column of a comparison is called name_l or name_r, and one of a blocking rule or a veto l.name or
r.name. What reads one record only is rewritten over that record's own columns.
"""

import json
from collections.abc import Iterator
from typing import Any

from .conditions import NotUnderstood, Side
from .syntax import Node, nodes, parsed, steady, written

_MARKS: dict[Side, str] = {"l": "\ue000", "r": "\ue001"}
"""What the name of a column ends in once its record is known: characters for private use, so that a
condition that has them is refused, and DuckDB puts every name that has one into quotes."""

_SUFFIXES: dict[str, Side] = {"_l": "l", "_r": "r"}

_SIDES = {mark: side for side, mark in _MARKS.items()}

_KNOWN = frozenset(
    [
        "BETWEEN",
        "CASE",
        "CAST",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "LAMBDA",
        "OPERATOR",
        "TYPE",
    ]
)
"""The parts of expressions whose value follows from the record alone. Not among them: COLLATE,
because two texts that are equal by a collation are two values."""

_TRUTHS = frozenset(["OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "COMPARE_IN"])


def sided(sql: str) -> Node:
    """A condition as a tree, whose columns are marked with the record that they are of."""
    node = parsed(sql)
    if any(mark in json.dumps(node, ensure_ascii=False) for mark in _SIDES):
        raise NotUnderstood("a character for private use")
    for each in nodes(node):
        _check(each)
    ways = set()
    for column, bound in _columns(node):
        ways.add(len(column["column_names"]))
        name, side = _named(column["column_names"])
        if name.lower() in bound:
            raise NotUnderstood("a column that has the name of a lambda's parameter")
        column["column_names"] = [name + _MARKS[side]]
    if len(ways) > 1:
        raise NotUnderstood("columns that are named in two ways")
    return node


def sides(node: Node) -> set[Side]:
    """The records that a part reads."""
    names = [each["column_names"][0] for each in nodes(node) if each["class"] == "COLUMN_REF"]
    return {_SIDES[name[-1]] for name in names if name[-1] in _SIDES}


def of_record(node: Node) -> str:
    """A part that reads one record, as an expression over that record's columns."""
    text = written(node)
    for mark in _SIDES:
        text = text.replace(mark, "")
    return text


def said_of_record(node: Node) -> str:
    """The same of a condition. What DuckDB only takes for one is made one."""
    text = of_record(node)
    is_truth = node["class"] in ("COMPARISON", "CONJUNCTION", "BETWEEN")
    return text if is_truth or node["type"] in _TRUTHS else f"CAST({text} AS BOOLEAN)"


def across(first: Node, second: Node) -> tuple[str, str] | None:
    """Two parts as expressions over the left and over the right record, if one is of each."""
    if (sides(first), sides(second)) == ({"l"}, {"r"}):
        return of_record(first), of_record(second)
    if (sides(first), sides(second)) == ({"r"}, {"l"}):
        return of_record(second), of_record(first)
    return None


def columns_read(expression: str) -> list[str]:
    """The columns that an expression over one record reads, in order of their names."""
    return sorted({column["column_names"][-1] for column, _ in _columns(parsed(expression))})


def _check(node: Node) -> None:
    if node["class"] not in _KNOWN:
        raise NotUnderstood(node["class"])
    if node["class"] == "LAMBDA" and node.get("syntax_type") != "LAMBDA_KEYWORD":
        raise NotUnderstood("->")  # a lambda or a part of a JSON text: only the binder knows
    if node["class"] == "FUNCTION" and node["function_name"] not in steady():
        raise NotUnderstood(node["function_name"])


def _columns(
    node: Any, bound: frozenset[str] = frozenset()
) -> Iterator[tuple[Node, frozenset[str]]]:
    """The columns of a tree, and what names of a lambda's parameters hold where each stands."""
    if isinstance(node, dict):
        if node.get("class") == "COLUMN_REF":
            if node["column_names"][0].lower() not in bound:
                yield node, bound
            return
        if node.get("class") == "LAMBDA":
            given = (column["column_names"][0] for column, _ in _columns(node["lhs"]))
            bound |= {name.lower() for name in given}
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _columns(each, bound)


def _named(names: list[str]) -> tuple[str, Side]:
    """A column's own name, and the record that it is of."""
    match names:
        case [name] if name[-2:].lower() in _SUFFIXES:
            own, side = name[:-2], _SUFFIXES[name[-2:].lower()]
        case [table, own] if f"_{table.lower()}" in _SUFFIXES:
            side = _SUFFIXES[f"_{table.lower()}"]
        case _:
            raise NotUnderstood("a column that is of neither record")
    if own.lower() in ("", "rowid"):
        raise NotUnderstood("rowid")  # a record's place in a table, and ours is another table
    return own, side
