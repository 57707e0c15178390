"""What is a sheet of the catalogue? A title, a sentence, and one table."""

from dataclasses import dataclass

from .publishable import Cell


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook, and one part of the page."""

    name: str
    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Never empty, and no cell is: what is not there says why."""
