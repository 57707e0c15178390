"""What does the report on linkage quality consist of? Sections: a sentence, a table, a chart."""

from dataclasses import dataclass
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
