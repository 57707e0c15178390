"""What did cleaning find? How many values of a dataset each step mended or took away."""

from collections.abc import Iterable, Iterator

from datafirst.spec import LinkField, Specification

from .records import unstandardised
from .standardise import DATES, literal
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
    of_date = field.kind in DATES
    value = name if of_date else f"CAST({name} AS VARCHAR)"
    level = f"SELECT {value} AS s0, count(*) AS records FROM raw WHERE variant = 0 GROUP BY ALL"
    told: list[tuple[str, str]] = []
    for n, step in enumerate(_steps(field)):
        level = f"SELECT *, {step.sql.format(x=f's{n}')} AS s{n + 1} FROM ({level})"
        if step.counts:
            told.append((step.name, _at_fault(step, n, of_date)))
    if not told:
        return None
    names = ", ".join(literal(step) for step, _ in told)
    counts = ", ".join(f"coalesce(sum(records) FILTER ({condition}), 0)" for _, condition in told)
    return (
        f"SELECT {literal(name)} AS field, unnest([{names}]::VARCHAR[]) AS step, "
        f"unnest([{counts}]::BIGINT[]) AS values FROM ({level})"
    )


def _steps(field: LinkField) -> Iterator[Step]:
    yield from STEPS[field.kind]
    if nothing := [code for code, becomes in field.recode.items() if not becomes]:
        codes = ", ".join(literal(code) for code in nothing)
        yield Step(RECODED, f"list_filter([{{x}}], lambda c: c NOT IN ({codes}))[1]", "emptied")


def _at_fault(step: Step, n: int, of_date: bool) -> str:
    before, after = (f"s{i}" if of_date else f"nullif(s{i}, '')" for i in (n, n + 1))
    if step.counts == "emptied":
        return f"{before} IS NOT NULL AND {after} IS NULL"
    return f"{before} IS DISTINCT FROM {after}"
