"""What was there to be linked? How complete it was, what cleaning mended, which pairs met."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from .charts import Chart, Row, matrix
from .section import Cell, Section
from .share import share
from .wording import said, together

PERCENT = (
    "datum.known == 0 ? '–' : datum.share >= 0.9995 ? '100%' : "
    "datum.share < 0.0005 ? '<0.1%' : format(datum.share, '.1%')"
)


Known = tuple[str, str, int, int]
"""A dataset, a field, its records, and those in which the field is known."""


def completeness(
    con: duckdb.DuckDBPyConnection, records: Mapping[str, str], fields: Sequence[str]
) -> Section:
    """How many records of each dataset have each field that something compares.

    `records` names the relation of each dataset's linkage records; a record counts as its person
    is mainly written.
    """
    return completeness_of(
        [row for dataset in sorted(records) for row in _known(con, dataset, records, fields)]
    )


def completeness_of(found: Sequence[Known]) -> Section:
    """The section about completeness, from what was counted."""
    return Section(
        name="Completeness",
        says="The share of records in which each field that is compared is known, after cleaning. "
        "What a system does not record at all, its records cannot be linked on.",
        header=("Data set", "Field", "Records", "Known", "Share known"),
        rows=tuple(
            (dataset, said(field), records_, known, share(known, records_))
            for dataset, field, records_, known in found
        ),
        chart=_map(found) if found else None,
        published=True,
        shares={"Share known": ("Known", "Records"), "share": ("known", "records")},
    )


def _known(
    con: duckdb.DuckDBPyConnection, dataset: str, records: Mapping[str, str], fields: Sequence[str]
) -> Iterator[Known]:
    counts = ", ".join(["count(*)", *(f'count("{field}")' for field in fields)])
    query = f'SELECT {counts} FROM "{records[dataset]}" WHERE variant = 0'
    whole, *known = con.execute(query).fetchall()[0]
    for field, n in zip(fields, known, strict=True):
        yield dataset, field, int(whole), int(n)


def _map(found: Sequence[Known]) -> Chart:
    values = [
        {
            "dataset": dataset,
            "field": said(field),
            "records": whole,
            "known": known,
            "share": share(known, whole) or 0.0,
        }
        for dataset, field, whole, known in found
    ]
    return matrix(
        "Which fields are known",
        "Percentage of each data set's records; a dash where the field is never known.",
        values,
        down="field",
        across="dataset",
        label=PERCENT,
        level="datum.share",
    )


def mended(
    cleaned: Mapping[str, Mapping[str, Mapping[str, int]]], records: Mapping[str, int]
) -> Section:
    """What each step of cleaning changed or took away, by dataset and field, as linkage counted
    it (link.cleaned)."""
    return Section(
        name="What cleaning mended",
        says="How many values each step of standardising changed or took away before records were "
        "compared, of the records in which the person is mainly written.",
        header=("Data set", "Field", "Step", "Values", "Share of records"),
        rows=tuple(
            (dataset, said(field), step, values, share(values, records.get(dataset, 0)))
            for dataset, fields in sorted(cleaned.items())
            for field, steps in sorted(fields.items())
            for step, values in sorted(steps.items())
        ),
    )


def candidates(pairs: Mapping[str, Mapping[str, int]]) -> Section:
    """How many pairs each blocking rule of each model brought together to be compared."""
    found = [
        (model, together(rule.split(", "), ", "), n)
        for model, rules in pairs.items()
        for rule, n in rules.items()
    ]
    rows: tuple[tuple[Cell, ...], ...] = tuple(found)
    return Section(
        name="Candidate pairs",
        says="Two records are compared where all columns of a rule are equal. A pair may agree on "
        "the columns of several rules, and is compared once.",
        header=("Model", "Blocking rule: equal", "Pairs"),
        rows=rows,
        chart=_ruled([{"model": m, "rule": rule, "pairs": n} for m, rule, n in found]),
    )


def _ruled(values: list[Row]) -> Chart | None:
    if not values:
        return None
    return matrix(
        "How many pairs each blocking rule gives",
        "Pairs of records that agree on all columns of the rule, by model.",
        values,
        down="rule",
        across="model",
        label="format(datum.pairs, ',d')",
        level="datum.pairs > 0 ? log(datum.pairs) / log(1e9) : 0",
    )
