"""What does a chart look like? Vega-Lite in, SVG out: the same bytes every time, offline."""

import re
from typing import Any

import vl_convert

from .charts import CONFIG

VEGA_LITE = "6.4"
"""Pinned: another version may set a label elsewhere."""
NOWHERE: list[str] = []
"""No address may be asked for data."""


def svg(chart: dict[str, Any]) -> str:
    """A chart as an SVG document, which asks nothing of anybody."""
    drawn: str = vl_convert.vegalite_to_svg(
        chart, vl_version=VEGA_LITE, config=CONFIG, allowed_base_urls=NOWHERE
    )
    return drawn + "\n"


def inline(drawn: str, name: str, says: str) -> str:
    """An SVG for a page that holds several: its inner names are its own, and it says what it is."""
    names = set(re.findall(r'\bid="([^"]+)"', drawn))
    for inner in sorted(names, key=len, reverse=True):
        drawn = drawn.replace(f'id="{inner}"', f'id="{name}-{inner}"')
        drawn = drawn.replace(f"url(#{inner})", f"url(#{name}-{inner})")
    drawn = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", drawn.strip())
    label = says.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
