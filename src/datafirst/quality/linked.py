"""Whose records were linked and whose were not, and how sure are the links?

Who is not linked may have no other record, or one that was not found. Where a group is linked less
than others, what is counted of linked people leaves some of them out (Bohensky and others 2010).
"""

import math
from collections.abc import Iterator, Sequence

import duckdb

from .charts import DASHES, FOR, SOFT, STEP, Chart, Row, category, chart, matrix, number
from .groups import ELSEWHERE, GROUPS, NOT_KNOWN, NOT_TOLD
from .section import Section
from .share import told

SMALL = 0.1
"""A standardised difference below which groups are commonly taken for balanced (Austin 2009)."""
FEWEST = 30
"""Linked records, and unlinked ones, without which their make-up says nothing."""
PANEL, A_LINE = 170, 3
"""Width of a data set's panel in pixels, and how many stand side by side."""
BANDS = ("A", "B", "C", "D", "not linked")

COUNTED = """
WITH person AS (
    SELECT dataset, _row, {linked} AS linked FROM {people}),
told AS (
    SELECT dataset, linked, grp, category FROM person JOIN (
        UNPIVOT {grouped} ON {groups} INTO NAME grp VALUE category) USING (dataset, _row))
SELECT dataset, grp, category, count(*), count(*) FILTER (linked)
FROM told GROUP BY ALL ORDER BY ALL"""
"""Of every dataset, group and category: records, and linked ones."""

ACROSS = (
    "min(dataset) OVER (PARTITION BY person_standard) <> "
    "max(dataset) OVER (PARTITION BY person_standard)"
)
WITHIN = "count(*) OVER (PARTITION BY person_standard) > 1"


def linked_groups(
    con: duckdb.DuckDBPyConnection, people: str = "people", grouped: str = "grouped"
) -> Section:
    """Linkage rates by group (groups.py), and linked records compared with the others.

    Linked is a record whose person, at the standard threshold, has records in another dataset;
    where there is but one dataset, another record.
    """
    several = len(con.execute(f"SELECT DISTINCT dataset FROM {people}").fetchall()) > 1
    query = COUNTED.format(
        people=people,
        grouped=grouped,
        groups=", ".join(GROUPS),
        linked=ACROSS if several else WITHIN,
    )
    found = list(_compared(con.execute(query).fetchall()))
    other = "data set" if several else "record"
    return Section(
        name="Linked and unlinked records",
        says=f"How many records of each group are linked to another {other}, and how the make-up "
        "of linked records differs from that of the others, as a standardised difference. "
        f"Differences within {SMALL:g} either way are commonly taken for small.",
        header=("Data set", "By", "Group", "Records", "Linked", "Not linked", "Share linked",
                "Standardised difference"),
        rows=tuple(found),
        chart=_drawn(found, other) if found else None,
        published=True,
        shares={"Share linked": ("Linked", "Records"), "share": ("linked", "records")},
    )  # fmt: skip


Counted = tuple[str, str, str, int, int]
Compared = tuple[str, str, str, int, int, int, float, float | None]


def _compared(found: Sequence[Counted]) -> Iterator[Compared]:
    whole: dict[tuple[str, str], list[int]] = {}
    for dataset, by, _, records, linked in found:
        sums = whole.setdefault((dataset, by), [0, 0])
        sums[0] += told(linked)
        sums[1] += told(records - linked)
    for dataset, by, group, records, linked in sorted(found, key=lambda row: _place(row)):
        of = whole[dataset, by]
        # Of counts as they are published: an exact difference would give them back.
        apart = difference((told(linked), of[0]), (told(records - linked), of[1]))
        rate = round(linked / records, 4)
        yield dataset, by, group, records, linked, records - linked, rate, apart


def _place(row: Counted) -> tuple[str, int, int, str]:
    """From the youngest and the earliest; last what is not known."""
    dataset, by, group, *_ = row
    first, last = group.startswith(("under ", "before ")), group in (NOT_KNOWN, NOT_TOLD, ELSEWHERE)
    return dataset, GROUPS.index(by), last - first, group


def difference(one: tuple[int, int], other: tuple[int, int]) -> float | None:
    """The standardised difference of two shares (part, whole): in standard deviations, so that
    it does not grow with the number of records. None where there is too little to compare."""
    if min(one[1], other[1]) < FEWEST:
        return None
    p, q = one[0] / one[1], other[0] / other[1]
    spread = math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    return round((p - q) / spread, 4) if spread else None


def _drawn(found: Sequence[Compared], other: str) -> Chart:
    keys = ("dataset", "by", "group", "records", "linked", "unlinked", "share", "difference")
    values: list[Row] = [
        {**dict(zip(keys, row, strict=True)), "of": f"{row[1].capitalize()}: {row[2]}"}
        for row in found
        if row[-1] is not None
    ]
    places = {f"{row[1].capitalize()}: {row[2]}": _place(("", *row[1:5])) for row in found}
    order = sorted({str(value["of"]) for value in values}, key=lambda of: places[of])
    return {
        **chart(
            "Who is linked more often, and who less",
            f"Dots to the right: the group is more common among records linked to another {other} "
            f"than among the others.\nDashed: {SMALL:g} standard deviations, commonly taken for "
            "the end of small.",
            values,
        ),
        "facet": category("dataset"),
        "columns": A_LINE,
        "spacing": {"row": 24, "column": 20},
        "spec": {"width": PANEL, "height": {"step": STEP - 4}, "layer": _dots(order)},
    }


def _dots(order: Sequence[str]) -> list[Chart]:
    lines = [
        {
            "mark": {"type": "rule", "color": SOFT, "strokeDash": dash},
            "encoding": {"x": {"datum": at}},
        }
        for at, dash in ((-SMALL, DASHES[1]), (0.0, DASHES[0]), (SMALL, DASHES[1]))
    ]
    few = {"tickCount": 4, "grid": False}
    dots = {
        "mark": {"type": "point", "filled": True, "size": 46, "opacity": 1, "color": FOR},
        "encoding": {
            "x": number("difference", "Standardised difference", axis=few),
            "y": category("of", order, axis={"grid": True, "ticks": False}),
        },
    }
    return [*lines, dots]


def by_band(con: duckdb.DuckDBPyConnection, people: str = "people") -> Section:
    """How many records of each dataset are in each band of confidence (link.bands)."""
    counted = con.execute(
        f"SELECT dataset, coalesce(band, '{BANDS[-1]}') AS in_band, count(*) FROM {people} "
        "GROUP BY ALL"
    ).fetchall()
    there = {(dataset, band): records for dataset, band, records in counted}
    whole = {d: sum(n for (of, _), n in there.items() if of == d) for d, _ in sorted(there)}
    rows = [
        (dataset, band, found, n, round(found / n, 4))
        for dataset, n in whole.items()
        for band in BANDS
        for found in [there.get((dataset, band), 0)]
    ]
    values: list[Row] = [
        {"dataset": dataset, "band": band, "records": n, "of": whole_, "share": share}
        for dataset, band, n, whole_, share in rows
    ]
    return Section(
        name="Confidence in records' links",
        says="How sure the links of each record are, from A (surest) to D, by the weakest link "
        "that its person rests on and by whatever makes the person ambiguous. A record that is "
        "alone has no band.",
        header=("Data set", "Band", "Records", "Of", "Share"),
        rows=tuple(rows),
        chart=matrix(
            "How sure records' links are",
            "Share of each data set's records, by band of confidence.",
            values,
            down="dataset",
            across="band",
            label="format(datum.share, '.1%')",
            level="datum.share",
        )
        if rows
        else None,
        published=True,
        shares={"Share": ("Records", "Of"), "share": ("records", "of")},
    )
