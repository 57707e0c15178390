"""What does a reviewer see? Two records side by side, field by field, and never a score.

What is made here identifies people: it stays where linkage records may be read.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

import duckdb

from datafirst.link.inputs import Records
from datafirst.link.standardise import literal
from datafirst.spec import LinkField

from .labels import PAIR, SCORE
from .page import environment
from .wording import said

Segments = list[tuple[str, bool]]
"""A value in pieces, and whether each differs from the other record's."""

DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Shown:
    """One field of two records."""

    field: str
    left: Segments
    right: Segments
    also_left: tuple[str, ...]
    """Other ways in which the record writes it: aliases, earlier addresses."""
    also_right: tuple[str, ...]
    verdict: str
    """'same', 'same elsewhere' (in another way of writing), 'differs', 'one unknown'."""


@dataclass(frozen=True)
class Pair:
    """Two records to be compared."""

    pair_id: int
    double_review: bool
    dataset_l: str
    record_id_l: str
    dataset_r: str
    record_id_r: str
    fields: tuple[Shown, ...]


def pairs(
    con: duckdb.DuckDBPyConnection,
    fields: Mapping[str, LinkField],
    records: Records,
    sample: str = "sample",
) -> list[Pair]:
    """The pairs of a sample as reviewers see them, in order of pair_id.

    A field that neither record has is not shown.
    """
    written = _written(con, fields, records, sample)
    rows = con.execute(
        "SELECT pair_id, double_review, dataset_l, record_id_l, dataset_r, record_id_r "
        f'FROM "{sample}" ORDER BY pair_id'
    ).fetchall()
    return [
        Pair(n, twice, a, b, c, d, tuple(_shown(fields, written[a, b], written[c, d])))
        for n, twice, a, b, c, d in rows
    ]


def pair(told: Mapping[str, Any]) -> Pair:
    """A pair as asdict() told it."""
    return Pair(**{**told, "fields": tuple(Shown(**each) for each in told["fields"])})


def page(of: str, sample: str, reviewed: Sequence[Pair], titles: Mapping[str, str]) -> str:
    """The pairs as one page that needs nothing else: it shows, keeps and exports decisions."""
    data: dict[str, Any] = {
        "sample": sample,
        "titles": dict(titles),
        "columns": [*PAIR, SCORE, "reviewer", "decided", "reason"],
        "pairs": [asdict(pair) for pair in reviewed],
    }
    return environment().get_template("review.html.j2").render(of=of, data=data) + "\n"


def sheet(reviewed: Sequence[Pair]) -> str:
    """The pairs as CSV for those who review in a spreadsheet: `label` reads it when the scores
    are filled in."""
    fields = list(dict.fromkeys(shown.field for pair in reviewed for shown in pair.fields))
    text = io.StringIO()
    writer = csv.writer(text)
    sides = [f"{field} ({side})" for field in fields for side in ("left", "right")]
    writer.writerow([*PAIR, SCORE, "reason", "double review", *sides])
    for pair in reviewed:
        by_field = {shown.field: shown for shown in pair.fields}
        cells = [cell for field in fields for cell in _cells(by_field.get(field))]
        ids = (pair.dataset_l, pair.record_id_l, pair.dataset_r, pair.record_id_r)
        writer.writerow([*ids, "", "", "yes" if pair.double_review else "", *cells])
    return text.getvalue()


def _cells(shown: Shown | None) -> tuple[str, str]:
    if shown is None:
        return "", ""
    left, right = ("".join(text for text, _ in side) for side in (shown.left, shown.right))
    return (
        "; ".join(filter(None, (left, *shown.also_left))),
        "; ".join(filter(None, (right, *shown.also_right))),
    )


Written = dict[tuple[str, str], dict[str, list[str]]]
"""By record and field, the values that it has: the main one first."""


def _written(
    con: duckdb.DuckDBPyConnection,
    fields: Mapping[str, LinkField],
    records: Records,
    sample: str,
) -> Written:
    ids = " UNION ".join(
        f'SELECT dataset_{side} AS dataset, record_id_{side} AS record_id FROM "{sample}"'
        for side in "lr"
    )
    found: Written = {}
    for dataset, relation in sorted(records.items()):
        columns = {str(row[0]) for row in con.execute(f"DESCRIBE {relation}").fetchall()}
        there = [name for name in fields if name in columns]
        wanted = ", ".join(f'"{name}"' for name in there)
        rows = con.execute(
            f"SELECT record_id, {wanted} FROM {relation} AS r SEMI JOIN ({ids}) AS s "
            f"ON s.dataset = {literal(dataset)} AND s.record_id = r.record_id "
            "ORDER BY record_id, variant"
        ).fetchall()
        for record_id, *values in rows:
            record = found.setdefault((dataset, record_id), {})
            for name, value in zip(there, values, strict=True):
                record.setdefault(name, []).extend(_texts(value))
    return found


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _shown(
    fields: Mapping[str, LinkField], left: dict[str, list[str]], right: dict[str, list[str]]
) -> list[Shown]:
    shown = []
    for name in fields:
        one, other = (list(dict.fromkeys(side.get(name, ()))) for side in (left, right))
        if not (one or other):
            continue
        first, second = one[0] if one else "", other[0] if other else ""
        pieces = marked(first, second)
        also = tuple(one[1:]), tuple(other[1:])
        shown.append(Shown(said(name), *pieces, *also, verdict(one, other)))
    return shown


def verdict(left: Sequence[str], right: Sequence[str]) -> str:
    """How the values of two records compare."""
    if not (left and right):
        return "one unknown"
    if left[0] == right[0]:
        return "same"
    return "same elsewhere" if set(left) & set(right) else "differs"


def marked(left: str, right: str) -> tuple[Segments, Segments]:
    """Two values in pieces that are in both and pieces that are not. Of one alone, all is plain."""
    if not (left and right):
        return [(left, False)] if left else [], [(right, False)] if right else []
    if DATE.fullmatch(left) and DATE.fullmatch(right):  # digit by digit, as dates are read
        runs = [[*run] for _, run in groupby(range(len(left)), lambda i: left[i] == right[i])]
        ways = [(left[run[0]] == right[run[0]], slice(run[0], run[-1] + 1)) for run in runs]
        one, other = ([(text[w], not same) for same, w in ways] for text in (left, right))
        return one, other
    pieces = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return (
        [(left[a:b], tag != "equal") for tag, a, b, _, _ in pieces if b > a],
        [(right[c:d], tag != "equal") for tag, _, _, c, d in pieces if d > c],
    )
