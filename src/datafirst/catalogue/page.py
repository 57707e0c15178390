"""How does the catalogue look as one web page? It says what the workbook says, cell for cell."""

import re
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from datafirst.quality.drawing import svg
from datafirst.quality.page import filled, shown, slug
from datafirst.quality.section import Section

from .publishable import CONFIDENTIAL, NOT_APPLICABLE, Cell
from .sheet import Sheet
from .sheets import sheets
from .subject import Subject

Row = dict[str, Cell]


def page(subject: Subject) -> str:
    """The catalogue as HTML that asks for nothing from anywhere else."""
    by_name = {sheet.name: sheet for sheet in sheets(subject)}
    codes = _grouped(by_name["Value lists"], "Table", "Variable")
    template = _environment().get_template("page.html.j2")
    return (
        template.render(
            title=subject.title,
            subject=subject,
            cover=[row for row in by_name["Cover"].rows if row[0] not in ("Title", "Description")],
            sheets=by_name,
            quality=[filled(section, _drawn(section)) for section in subject.quality],
            tables=[
                {
                    **table,
                    "variables": _grouped(by_name["Variables"], "Table")[(table["Table"],)],
                    "codes": {v: rows for (t, v), rows in codes.items() if t == table["Table"]},
                    "joins": _grouped(by_name["Joins"], "From table").get((table["Table"],), []),
                    "completeness": _matrix(by_name["Completeness by year"], table["Table"]),
                }
                for table in _rows(by_name["Tables"])
            ],
        )
        + "\n"
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("datafirst.catalogue", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = _shown
    environment.filters["breakable"] = _breakable
    environment.filters["figure"] = _figure
    environment.tests["said"] = lambda cell: cell != NOT_APPLICABLE
    return environment


def _shown(cell: Cell) -> str:
    """A cell in words, as there is room for words on a page."""
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:.1f}"
    return {CONFIDENTIAL: "suppressed", NOT_APPLICABLE: "–"}.get(cell, cell)


def _figure(cell: Cell | None) -> str:
    """A cell of the report on linkage."""
    return shown(cell) if cell is None or isinstance(cell, float) else _shown(cell)


def _drawn(section: Section) -> dict[str, str]:
    return {slug(section.name): svg(section.chart)} if section.chart else {}


def _breakable(name: Cell) -> Markup:
    """A name that may be broken after its dots and underscores, and nowhere else."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(name))))


def _rows(sheet: Sheet) -> list[Row]:
    plain = [column.split(" [note")[0] for column in sheet.columns]
    return [dict(zip(plain, row, strict=True)) for row in sheet.rows]


def _grouped(sheet: Sheet, *columns: str) -> dict[tuple[Cell, ...], list[Row]]:
    """A sheet's rows by what stands in some of its columns; they stand together already."""

    def key(row: Row) -> tuple[Cell, ...]:
        return tuple(row[column] for column in columns)

    return {found: list(rows) for found, rows in groupby(_rows(sheet), key)}


def _matrix(sheet: Sheet, table: Cell) -> dict[str, Any]:
    """Completeness with a row for each variable and a column for each year."""
    by_variable = {
        variable: rows
        for (t, variable), rows in _grouped(sheet, "Table", "Variable").items()
        if t == table
    }
    first = next(iter(by_variable.values()))
    return {
        "by": first[0]["Year of"],
        "years": [(str(row["Year"]), row["Rows"]) for row in first],
        "rows": [(v, [row["Complete %"] for row in rows]) for v, rows in by_variable.items()],
    }
