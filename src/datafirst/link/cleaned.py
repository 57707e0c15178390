"""What did cleaning find? How many values of a dataset each step mended or took away."""

from collections.abc import Iterable, Iterator

from datafirst.spec import FieldKind, LinkField, Specification

from .records import unstandardised
from .standardise import SQL_TYPES, literal
from .steps import STEPS, Step

RECODED = "codes that say nothing"
"""What is told of values that a field's recoding leaves nothing of."""


def cleaned(spec: Specification, dataset: str, fields: Iterable[str] | None = None) -> str | None:
    """The SELECT of field, step, values: how many values a step of standardising found at fault.

    It reads what records() reads, and counts each record as its person is mainly written. None
    where no step mends any of the fields.
    """
    of = spec.linkage.datasets[dataset]
    named, columns, source = unstandardised(spec, of, fields)
    here = {name: field for name, field in named.items() if name in columns}
    if not any(step.counts for field in here.values() for step in _steps(field)):
        return None
    variant = "coalesce(found.variant, 0)" if of.query else "0"
    listed = ", ".join(f"{columns[name]} AS {name}" for name in here)
    counted = " UNION ALL ".join(filter(None, (_counted(n, field) for n, field in here.items())))
    return (
        f"WITH raw AS MATERIALIZED (SELECT {listed}, {variant} AS variant\n{source}\n) "
        f"SELECT field, step, values FROM ({counted}) WHERE values > 0 ORDER BY ALL"
    )


def _counted(name: str, field: LinkField) -> str | None:
    """The counts of one field: its value before any step is s0, after the n-th step s<n>.

    Each value is cleaned once, however many records have it.
    """
    is_text = field.kind not in SQL_TYPES
    value = f"CAST({name} AS VARCHAR)" if is_text else name
    level = f"SELECT {value} AS s0, count(*) AS records FROM raw WHERE variant = 0 GROUP BY ALL"
    told: list[tuple[str, str]] = []
    for n, step in enumerate(_steps(field)):
        level = f"SELECT *, {step.sql.format(x=f's{n}')} AS s{n + 1} FROM ({level})"
        if step.counts:
            told.append((step.name, _at_fault(field, step, n)))
    if not told:
        return None
    names = ", ".join(literal(step) for step, _ in told)
    counts = ", ".join(f"coalesce(sum(records * {values}), 0)" for _, values in told)
    return (
        f"SELECT {literal(name)} AS field, unnest([{names}]::VARCHAR[]) AS step, "
        f"unnest([{counts}]::BIGINT[]) AS values FROM ({level})"
    )


def _steps(field: LinkField) -> Iterator[Step]:
    yield from STEPS[field.kind]
    if nothing := [code for code, becomes in field.recode.items() if not becomes]:
        codes = ", ".join(literal(code) for code in nothing)
        yield Step(RECODED, f"list_filter([{{x}}], lambda c: c NOT IN ({codes}))[1]", "emptied")


def _at_fault(field: LinkField, step: Step, n: int) -> str:
    """How many values of one record, of the field's kind, the n-th step finds at fault."""
    before, after = (
        f"s{i}" if field.kind in SQL_TYPES else f"nullif(s{i}, '')" for i in (n, n + 1)
    )
    if field.kind is FieldKind.DATES:
        return f"coalesce(list_count({before}) - list_count({after}), 0)"
    if step.counts == "emptied":
        return f"({before} IS NOT NULL AND {after} IS NULL)::INTEGER"
    return f"({before} IS DISTINCT FROM {after})::INTEGER"
