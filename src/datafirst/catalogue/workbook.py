"""How does the catalogue look as a workbook? Accessible, and the same bytes every time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from .publishable import Cell
from .sheet import Sheet
from .sheets import sheets
from .subject import Subject

HEADER_ROW = 2
NARROW, WIDE, ALONE, LINE = 10, 48, 90, 15.0
"""Columns in characters (ALONE: where there are but two), a line of text in points."""
A3 = 8
FORMATS: Mapping[str, Mapping[str, Any]] = {
    "cell": {"text_wrap": True, "valign": "top"},
    "header": {
        "bold": True,
        "text_wrap": True,
        "valign": "top",
        "bg_color": "#12344D",
        "font_color": "#FFFFFF",
    },
    "title": {"bold": True, "font_size": 16},
    "says": {"text_wrap": False},
    "link": {"font_color": "#1A5A8A", "underline": 1, "text_wrap": True, "valign": "top"},
}


def workbook(subject: Subject, path: Path) -> None:
    """Writes the catalogue to an xlsx file.

    One real table a sheet with a name, a title in A1, no merged cells, frozen panes, filters,
    hidden sheets or empty cells; no author, and no time but the release date.
    """
    plain = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, **dict.fromkeys(plain, False)})
    made = datetime.combine(subject.release.date, time())
    book.set_properties({"title": subject.title, "author": "", "created": made})
    formats = {name: book.add_format(how) for name, how in FORMATS.items()}
    for sheet in sheets(subject):
        _write(book.add_worksheet(sheet.name), sheet, formats)
    book.close()


def _write(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    page.set_landscape()
    page.set_paper(A3)
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, sheet.title, formats["title"])
    page.write_string(1, 0, sheet.says, formats["says"])
    widths = _widths(sheet)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    last = HEADER_ROW + len(sheet.rows), len(sheet.columns) - 1
    page.add_table(HEADER_ROW, 0, *last, _table(sheet, formats))
    page.set_row(HEADER_ROW, _height(sheet.columns, widths))
    for number, row in enumerate(sheet.rows, start=HEADER_ROW + 1):
        page.set_row(number, _height(row, widths))
        for column, cell in enumerate(row):
            page.write(number, column, cell, formats["cell"])
        if sheet.name == "Contents":
            page.write_url(number, 0, f"internal:'{row[0]}'!A1", formats["link"], str(row[0]))


def _table(sheet: Sheet, formats: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": sheet.name.replace(" ", "_"),
        "columns": [{"header": c, "header_format": formats["header"]} for c in sheet.columns],
        "style": "Table Style Light 15",
        "autofilter": False,
    }


def _widths(sheet: Sheet) -> Sequence[int]:
    """As wide as the longest text, within reason, so that the rest wraps."""
    columns: list[Sequence[Cell]] = list(zip(*sheet.rows, strict=True))
    most = ALONE if len(columns) == 2 else WIDE
    longest = [max(len(str(cell)) for cell in cells) for cells in columns]
    return [
        min(most, max(NARROW, min(20, len(header)), size) + 2)
        for header, size in zip(sheet.columns, longest, strict=True)
    ]


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """High enough for the text that wraps most: not every program works it out for itself."""
    lines = (
        -(-len(str(cell)) * 11 // (width * 10)) for cell, width in zip(row, widths, strict=True)
    )
    return LINE * max(1, *lines)
