"""How are the changes between two releases shown in a terminal?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from datafirst.link.lasting import CHANGES
from datafirst.spec.linkage import LEVELS

from .people import COUNTED

MANY = 6
"""Codes named in a line; how many more there are is told."""
NOTHING = "–"


def shown(answer: Mapping[str, Any]) -> Iterator[RenderableType]:
    """What changed, from the whole to its parts; a part in which nothing changed is left out."""
    yield _heading(answer)
    yield from _table("Why", ("what", "of", "was", "is"), _why(answer))
    yield _of_tables(answer)
    yield from _table("Variables", ("table", "variable", "change", "was", "is"), _variables(answer))
    yield from _table(
        "Codes", ("table", "variable", "added", "removed", "relabelled"), _codes(answer)
    )
    yield from _changed_values(answer)
    yield from _ledger(answer)
    yield from _people(answer)


def _heading(answer: Mapping[str, Any]) -> Text:
    old, new = answer["old"], answer["new"]
    lines = [f"From release {_side(old)}", f"to release   {_side(new)}", ""]
    lines.append(f"Compared: {answer['from']}.")
    lines += [f"Not compared: {note}." for note in answer["not_compared"]]
    for change, shares in answer["shares"].items():
        if shares:
            lines.append(f"Shares {change}: {', '.join(shares)}.")
    lines.append(answer["pseudonyms"]["says"])
    for told in answer["method_changes"]:
        lines.append(f"{told['version']} {told['share']}: {told['says']}")
    return Text("\n".join(lines))


def _side(side: Mapping[str, Any]) -> str:
    run = f"run {side['run']}" if side["run"] else "not made"
    return f"{side['version']} ({side['date']}, {side['status']}, {run}): {side['title']}"


def _why(answer: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for change in answer["why"]:
        yield change["what"], change["of"], change["old"], change["new"]


def _of_tables(answer: Mapping[str, Any]) -> Table:
    headings = ("table", "change", "variables", "rows", "in both", "gone", "new", "changed")
    shown = _empty("Tables", headings, left=2)
    for table in answer["tables"]:
        rows = table["rows"]
        counts = (rows.get(name) for name in ("both", "only_old", "only_new", "changed"))
        shown.add_row(
            f"{table['share']}.{table['table']}",
            table["change"],
            _two(table["variables"]),
            _two(rows),
            *(_said(count) for count in counts),
        )
    return shown


def _variables(answer: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for found in answer["variables"]:
        what = found.get("what")
        yield (
            f"{found['share']}.{found['table']}",
            found["variable"],
            f"{found['change']}: {what}" if what else found["change"],
            found.get("old"),
            found.get("new"),
        )


def _codes(answer: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    for found in answer["codes"]:
        lists = (_few(found[change]) for change in ("added", "removed", "relabelled"))
        yield f"{found['share']}.{found['table']}", found["variable"], *lists


def _changed_values(answer: Mapping[str, Any]) -> Iterator[Table]:
    lines = [
        (f"{table['share']}.{table['table']}", name, count)
        for table in answer["tables"]
        for name, count in sorted(table["rows"].get("values", {}).items(), key=lambda v: -v[1])
    ]
    yield from _table("Values changed in rows of both", ("table", "variable", "rows"), lines, 2)


def _ledger(answer: Mapping[str, Any]) -> Iterator[Table]:
    headings = ("share", "source table", "outcome", "reason", "was", "is")
    yield from _table(
        "Source rows",
        headings,
        ([line[key] for key in ("share", "table", "outcome", "reason", "old", "new")]
         for line in answer["ledger"]),
        4,
    )  # fmt: skip


def _people(answer: Mapping[str, Any]) -> Iterator[Table]:
    people = answer["people"]
    if any(people.get("records", {}).values()):
        records = people["records"]
        title = "People, by their linkage records: {both:,} in both".format(**records)
        title += "; {only_old:,} only in the old, {only_new:,} only in the new".format(**records)
        lines = ([level, *(people[level][name] for name in COUNTED)] for level in LEVELS)
        yield from _table(title, ("threshold", *COUNTED), lines, 1)
    if told := people.get("ids"):
        title = "Identifiers of people, which the new release goes on with"
        lines = ([level, *(counts[change] for change in CHANGES)] for level, counts in told.items())
        yield from _table(title, ("level", *CHANGES), lines, 1)


def _table(
    title: str, headings: Sequence[str], lines: Iterable[Sequence[Any]], left: int = 9
) -> Iterator[Table]:
    """A table of lines, if there are any."""
    shown = _empty(title, headings, left)
    for line in lines:
        shown.add_row(*(_said(cell) for cell in line))
    if shown.row_count:
        yield shown


def _empty(title: str, headings: Sequence[str], left: int) -> Table:
    shown = Table(title=title, title_justify="left", expand=False)
    for place, heading in enumerate(headings):
        shown.add_column(heading, justify="left" if place < left else "right", overflow="fold")
    return shown


def _two(counts: Mapping[str, Any]) -> str:
    """One number where it is the same in both, else from and to."""
    old, new = counts["old"], counts["new"]
    return _said(old) if old == new else f"{_said(old)} → {_said(new)}"


def _few(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - MANY} more" if len(codes) > MANY else ""
    return ", ".join(codes[:MANY]) + more


def _said(cell: Any) -> str:
    if cell is None:
        return NOTHING
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
