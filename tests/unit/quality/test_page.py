"""Does the page stand alone, and is a picture the same bytes every time?"""

import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from datafirst.quality import charts
from datafirst.quality.charts import CONFIG, bars, chart, number, small_multiples
from datafirst.quality.drawing import inline, svg
from datafirst.quality.page import page, shown, slug
from datafirst.quality.section import Section

CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = '<script>alert("x")</script> & co'
DRAWN = bars(
    "How many there are",
    "By name.",
    [{"of": HOSTILE, "n": 3}, {"of": "others", "n": 12}],
    of="of",
    size=number("n", "Number"),
    shown=",d",
)
SECTIONS = (
    Section("Plain", "Says what it is.", ("Of", "Number"), ((HOSTILE, 1234), ("b", None))),
    Section("Parts: one", "The parts.", ("Of", "Share"), (("a", 0.123456),), DRAWN),
    Section("Parts: two", "The parts.", ("Of", "Share"), tuple(("a", i) for i in range(20)), DRAWN),
    Section("Long", "A long one.", ("Of", "Share"), tuple(("a", i) for i in range(60))),
)


@pytest.fixture(scope="module")
def html() -> str:
    drawn = {slug(s.name): svg(s.chart) for s in SECTIONS if s.chart}
    return page("Linkage quality", "Over", "Says.", SECTIONS, drawn)


class Outline(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_it_asks_for_nothing_from_elsewhere_and_runs_nothing(html: str) -> None:
    assert "default-src 'none'" in html and "script-src" not in html
    assert not re.search(r"<script|https?:|@import|url\(|\son\w+=", html)
    links = [v for _, a in Outline(html).tags for k, v in a.items() if k in ("href", "src")]
    assert links and all(v and v.startswith(("#", "data:,")) for v in links)


def test_text_is_never_markup_in_tables_or_pictures(html: str) -> None:
    assert html.count("&lt;script&gt;alert(") >= 3


def test_sections_that_are_named_alike_are_one_part(html: str) -> None:
    assert html.count("<p>The parts.</p>") == 1
    assert re.findall(r'<h3 id="([^"]+)">', html) == ["parts-one", "parts-two"]
    tags = Outline(html).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_stand_once_and_links_lead_somewhere(html: str) -> None:
    tags = Outline(html).tags
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {f"#{i}" for i in ids} >= {a["href"] for t, a in tags if t == "a"}


def test_a_picture_has_a_name_and_a_table_a_caption(html: str) -> None:
    tags = Outline(html).tags
    pictures = [a for tag, a in tags if tag == "svg"]
    assert [a.get("aria-label") for a in pictures] == ["Parts: one", "Parts: two"]
    assert all(a["role"] == "img" for a in pictures)
    named = [tag for tag, _ in tags if tag in ("table", "caption")]
    assert named.count("table") == named.count("caption") == 4


def test_a_long_table_is_folded(html: str) -> None:
    assert re.findall(r"The numbers \((\d+) rows\)", html) == ["20", "60"]


def test_cells_are_shown_as_people_read_them() -> None:
    assert [shown(cell) for cell in (1234567, 0.123456, None, "a", 12.0)] == [
        "1,234,567", "0.1235", "–", "a", "12",
    ]  # fmt: skip


def test_a_slug_is_fit_for_a_file_and_an_anchor() -> None:
    assert slug("Confidence in records' links: A & B/..") == "confidence-in-records-links-a-b"


def test_a_chart_is_the_same_bytes_in_another_process() -> None:
    program = (
        "from datafirst.quality.charts import bars, number\n"
        "from datafirst.quality.drawing import svg\n"
        "import hashlib\n"
        "made = bars('T', 'S', [{'of': 'a', 'n': 3}], 'of', number('n', 'N'), ',d')\n"
        "print(hashlib.sha256(svg(made).encode()).hexdigest())"
    )
    run = [sys.executable, "-c", program]
    told = {
        subprocess.run(
            run, capture_output=True, text=True, check=True, env={"LC_ALL": locale, "TZ": zone}
        ).stdout
        for locale, zone in (("C", "UTC"), ("de_DE.UTF-8", "Asia/Tokyo"))
    }
    assert len(told) == 1


def test_pictures_of_one_page_do_not_share_inner_names() -> None:
    drawn = '<svg xmlns="http://x" width="1"><clipPath id="c1"/><g clip-path="url(#c1)"/></svg>'
    assert inline(drawn, "one", 'A "b"') == (
        '<svg role="img" aria-label="A &quot;b&quot;" width="1"><clipPath id="one-c1"/>'
        '<g clip-path="url(#one-c1)"/></svg>'
    )


def test_a_chart_may_not_fetch_its_data() -> None:
    asking = {**DRAWN, "data": {"url": "http://127.0.0.1:9/none.json"}}
    with pytest.raises(ValueError, match=r"base url|not allowed"):
        svg(asking)


def test_small_multiples_have_a_panel_for_each_value() -> None:
    one = chart(
        "T", "S", [{"by": name, "n": 1, "of": "x"} for name in ("left", "right")],
        mark="bar", encoding={"x": number("n", "N")},
    )  # fmt: skip
    drawn = svg(small_multiples(one, "by"))
    assert ">left<" in drawn and ">right<" in drawn


def contrast(one: str, other: str) -> float:
    """As the Web Content Accessibility Guidelines 2.2 have it."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_are_dark_enough_on_what_they_stand_on() -> None:
    for colour in (*charts.SERIES, charts.INK, charts.SOFT):
        assert contrast(colour, CONFIG["background"]) >= 4.5, colour
    assert contrast(charts.INK, charts.SHADES[1]) >= 4.5


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")
def test_a_narrow_window_scrolls_pictures_and_not_the_page(html: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    (tmp_path / "quality.html").write_text(html)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        faults: list[str] = []
        for width in (390, 1400):
            tab = browser.new_page(viewport={"width": width, "height": 800})
            tab.on("console", lambda message: faults.append(message.text))
            tab.goto(f"file://{tmp_path}/quality.html")
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
    assert faults == []
