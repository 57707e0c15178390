"""How do records become rows of codes? Column by column, each read once."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..compiled import kernel
from .assembled import Steps
from .columns import Columns
from .conditions import NotUnderstood
from .inventory import inventories
from .lists import Listed, lists
from .places import AROUND, BEHIND
from .program import APART, EQUAL, LIST, SHARED, TRUTH
from .rows import Kept, Rows, Tables
from .values import Codes, numbers, texts, together

AT_ONCE = 4
"""Columns that are written into rows together."""


def kept(source: Columns, of: Steps, shares: Mapping[str, str]) -> Kept:
    """The records of tables, as the steps need them.

    `shares` names, by column, a table with the frequency `tf_<column>` of its values.
    """
    columns = list(of.made.columns)
    held: dict[int, Codes] = {}
    values: dict[int, pa.Array] = {}
    listed: dict[int, tuple[NDArray[np.int32], NDArray[np.int64]]] = {}
    for group in _groups(of):
        each = together(source.coded(columns[n][1]) for n in group)
        for n, one in zip(group, each, strict=True):
            held[n], values[n] = one.codes, one.values
    for n, (kind, sql) in enumerate(columns):
        if kind == TRUTH:
            held[n] = source.truths(sql)
    for n, (one, element, begin) in _lists(source, of).items():
        held[n], listed[n] = one.codes, (element, begin)
    found = [_shares(source.con, a.column, values[n], shares) for a, n in _adjusting(of)]
    rarest = {
        a.column: float(np.nanmin(share, initial=0.0))
        for (a, _), share in zip(_adjusting(of), found, strict=True)
    }
    tables = _tables(of, values, listed, found)
    return Kept(_beside(held, len(source)), tables, source.dataset, source.ids, rarest)


def _beside(held: dict[int, Codes], records: int) -> Rows:
    """Columns of codes as rows. They are let go as they are written."""
    rows = np.empty((records, len(held)), np.int32)
    for at in range(0, len(held), AT_ONCE):
        those = [held.pop(n) for n in range(at, min(at + AT_ONCE, rows.shape[1]))]
        many = len(those)
        _written(rows, at, many, *those, *those[:1] * (AT_ONCE - many))
    return rows


@kernel
def _written(rows: Rows, at: int, many: int, a: Codes, b: Codes, c: Codes, d: Codes) -> None:
    """Four columns side by side: written one by one, each would fetch every row from memory."""
    for n in range(rows.shape[0]):
        rows[n, at] = a[n]
        if many > 1:
            rows[n, at + 1] = b[n]
        if many > 2:
            rows[n, at + 2] = c[n]
        if many > 3:
            rows[n, at + 3] = d[n]


def _groups(of: Steps) -> list[list[int]]:
    """The columns of values, those together that are asked to be equal: they share codes."""
    values = [n for n, (kind, _) in enumerate(of.made.columns) if kind not in (TRUTH, LIST)]
    return _compared(values, [(a, b) for how, a, b, _ in of.made.cheap if how == EQUAL])


def _groups_of_lists(of: Steps) -> list[list[int]]:
    """The columns of lists, those together that are asked what they have in common."""
    listed = [n for n, (kind, _) in enumerate(of.made.columns) if kind == LIST]
    return _compared(listed, [(a, b) for kind, a, b in of.made.measures if kind == SHARED])


def _lists(source: Columns, of: Steps) -> dict[int, Listed]:
    columns = [sql for _, sql in of.made.columns]
    groups = _groups_of_lists(of)
    each = ((group, lists([source.column(columns[n]) for n in group])) for group in groups)
    return {n: one for group, found in each for n, one in zip(group, found, strict=True)}


def _compared(those: Collection[int], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    above = {n: n for n in those}

    def first(n: int) -> int:
        return n if above[n] == n else first(above[n])

    for a, b in pairs:
        one, other = sorted((first(a), first(b)))
        above[other] = one
    groups: dict[int, list[int]] = {}
    for n in above:
        groups.setdefault(first(n), []).append(n)
    return list(groups.values())


def _adjusting(of: Steps) -> Iterable[tuple[Any, int]]:
    return zip(of.adjustments, of.frequencies, strict=True)


def _shares(
    con: duckdb.DuckDBPyConnection, column: str, values: pa.Array, shares: Mapping[str, str]
) -> NDArray[np.float64]:
    """log2 of the frequency of each of these values."""
    if column not in shares:
        raise NotUnderstood("frequencies that are not given")
    told = pa.table({"code": pa.array(np.arange(len(values))), "value": values})
    con.register("values_told", told)
    try:
        found = con.sql(
            f'SELECT CAST(known."tf_{column}" AS DOUBLE) AS share FROM values_told AS told '
            f'LEFT JOIN "{shares[column]}" AS known ON known."{column}" = told.value '
            "ORDER BY told.code"
        ).to_arrow_table()
    finally:
        con.unregister("values_told")
    share = found.column("share").fill_null(np.nan).to_numpy()
    if len(share) != len(values):
        raise NotUnderstood("frequencies that name a value twice")
    if ((share <= 0) | (share > 1)).any():
        raise NotUnderstood("frequencies that are no shares")
    logs: NDArray[np.float64] = np.log2(share)
    return logs


def _tables(
    of: Steps,
    values: Mapping[int, pa.Array],
    listed: Mapping[int, tuple[NDArray[np.int32], NDArray[np.int64]]],
    shares: list[NDArray[np.float64]],
) -> Tables:
    many = len(of.made.columns)
    compared = {n for kind, a, b in of.made.measures if kind != SHARED for n in (a, b)}
    apart = {n for how, a, b, _ in of.made.cheap if how == APART for n in (a, b)}
    text, begin, text_at = _joined(
        many, {n: texts(values[n]) for n in sorted(compared)}, np.uint8, AROUND, BEHIND
    )
    element, list_begin, list_at = _joined(many, listed, np.int32)
    number_at, number = _placed(many, {n: numbers(values[n]) for n in sorted(apart)})
    share_at, share = _placed(len(shares), dict(enumerate(shares)))
    longest = int(np.diff(begin).max(initial=0))
    return Tables(
        text, begin, inventories(text, begin), text_at, number, number_at, element, list_begin,
        list_at, share, share_at,
        longest,
    )  # fmt: skip


def _joined(
    many: int, each: Mapping[int, tuple[Any, Any]], kind: Any, before: int = 0, after: int = 0
) -> tuple[Any, Any, Any]:
    """Contents and where they begin, columns one after the other."""
    begin_at = np.full(many, -1, np.int64)
    contents, begins = [np.zeros(before, kind)], [np.empty(0, np.int64)]
    length, beginnings = before, 0
    for n, (content, begin) in each.items():
        begin_at[n] = beginnings
        contents.append(content)
        begins.append(begin + length)
        length, beginnings = length + len(content), beginnings + len(begin)
    contents.append(np.zeros(after, kind))
    return np.concatenate(contents), np.concatenate(begins), begin_at


def _placed(
    many: int, each: Mapping[int, NDArray[np.float64]]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    at = np.full(many, -1, np.int64)
    length = 0
    for n, numbers_ in each.items():
        at[n], length = length, length + len(numbers_)
    return at, np.concatenate([np.empty(0), *each.values()])
