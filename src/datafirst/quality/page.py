"""How does the report look as one web page? Self-contained: no script, nothing from elsewhere."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .drawing import inline
from .section import Cell, Section

LONG, LONG_ALONE = 14, 40
"""Rows up to which a table is shown at once, where a picture shows it already and where none."""
DIGITS = 4
UNKNOWN = "–"

Drawn = Mapping[str, str]
"""The picture of each section that has one, as SVG, by the section's slug."""


def page(title: str, over: str, says: str, sections: Sequence[Section], drawn: Drawn) -> str:
    """The report as HTML. Sections whose names begin alike (`Thresholds: crown`) are one part."""
    parts = [
        {"name": name, "slug": slug(name), "sections": [filled(s, drawn) for s in found]}
        for name, found in groupby(sections, key=lambda section: section.name.split(": ")[0])
    ]
    template = environment().get_template("page.html.j2")
    return template.render(title=title, over=over, says=says, parts=parts) + "\n"


def slug(name: str) -> str:
    """A name as a file and an anchor have it."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower().replace("'", "")))


def environment() -> Environment:
    """How the pages of this room are rendered."""
    made = Environment(
        loader=PackageLoader("datafirst.quality", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["shown"] = shown
    made.tests["amount"] = lambda cell: isinstance(cell, int | float)
    return made


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, float):
        return f"{cell:.{DIGITS}g}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def pictured(drawn: str, name: str, says: str) -> Markup:
    """An SVG to stand in a page: its texts were escaped when it was drawn."""
    return Markup(inline(drawn, name, says))


def filled(section: Section, drawn: Drawn) -> dict[str, Any]:
    """A section with what its template asks for: its picture, and which columns are numbers."""
    name = slug(section.name)
    picture = drawn.get(name)
    columns = range(len(section.header))
    return {
        "name": section.name.partition(": ")[2],
        "slug": name,
        "section": section,
        "picture": picture and pictured(picture, name, section.name),
        "folded": len(section.rows) > (LONG if picture else LONG_ALONE),
        "numbers": [any(isinstance(row[c], int | float) for row in section.rows) for c in columns],
    }
