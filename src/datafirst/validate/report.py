"""What was found in a table, and is it more than the specification tolerates? Counts only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from datafirst.spec import Join, Table

from .conditions import rule_name


@dataclass(frozen=True)
class Report:
    """Counts of one table."""

    rows: int
    quarantined: int = 0
    """Rows that break a rule and are left out of everything that follows."""
    broken: Mapping[str, int] = field(default_factory=dict)
    """Rule -> rows that break it. A row may break several."""
    first_broken: Mapping[str, int] = field(default_factory=dict)
    """Rule -> rows of which it is the first broken: these add up to `quarantined`."""
    exceptions: Mapping[str, int] = field(default_factory=dict)
    """Rule that tolerates exceptions -> rows that are one. They are kept."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Variable -> rows without a value."""
    unmatched: Mapping[str, int] = field(default_factory=dict)
    """Join -> rows that find no row of the other table."""

    def counts(self) -> dict[str, Any]:
        return asdict(self)


def join_name(join: Join) -> str:
    return f"{', '.join(join.on)} in {join.table}"


def excesses(table: Table, report: Report) -> Iterator[str]:
    """Each way in which a table is beyond its tolerance, and what to do."""
    rows = report.rows
    if _beyond(report.quarantined, rows, table.quarantine_up_to):
        rules = ", ".join(f"{rule} {n:,}" for rule, n in _most(report.broken))
        yield _excess(table, "rows break a rule", report.quarantined, rows, table.quarantine_up_to,
                      "quarantine_up_to") + f" ({rules})"  # fmt: skip
    for rule in table.rules:
        broken = report.exceptions.get(rule_name(rule), 0)
        if _beyond(broken, rows, rule.except_up_to):
            what = f"rows are exceptions to {rule_name(rule)}"
            yield _excess(table, what, broken, rows, rule.except_up_to, "except_up_to")
    for variable in table:
        missing = report.missing.get(variable.name, 0)
        if variable.missing_up_to and _beyond(missing, rows, variable.missing_up_to):
            what = f"rows have no {variable.name}"
            yield _excess(table, what, missing, rows, variable.missing_up_to, "missing_up_to")
    for join in table.joins:
        unmatched = report.unmatched.get(join_name(join), 0)
        if _beyond(unmatched, rows, join.unmatched_up_to):
            what = f"rows find no {join_name(join)}"
            yield _excess(table, what, unmatched, rows, join.unmatched_up_to, "unmatched_up_to")


def _beyond(count: int, rows: int, tolerance: float) -> bool:
    return count > tolerance * rows


def _most(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _excess(table: Table, what: str, count: int, rows: int, up_to: float, key: str) -> str:
    return (
        f"{table.id}: {count:,} of {rows:,} {what} ({count / rows:.2%}); "
        f"{key} tolerates {up_to:.2%}"
    )
