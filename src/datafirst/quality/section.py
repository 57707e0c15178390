"""What does the report on linkage quality consist of? Sections: a sentence, a table, a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None


@dataclass(frozen=True)
class Section:
    """One part of the report, which its page, its workbook sheet and its JSON all read."""

    name: str
    says: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: dict[str, Any] | None = None
    """A Vega-Lite specification whose data are counts and shares."""
    published: bool = False
    """Whether researchers see it too. Its counts are then made publishable by its reader."""
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By column of the table or field of the chart that is a share: those of its part and of its
    whole. The reader works it out again of the counts that it publishes."""
