"""The page stands alone, says what the workbook says, and can be read by everybody."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from datafirst.catalogue import page
from datafirst.catalogue.sheets import sheets

CHROMIUM = Path("/usr/bin/chromium")


class Outline(HTMLParser):
    """What a screen reader meets."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.ids, self.links, self.text = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.links += [v for k, v in attrs if k in ("href", "src") and v]

    def handle_data(self, data):
        self.text.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def subject(court):
    with court.connect() as con:
        return court.subject(con)


@pytest.fixture(scope="module")
def html(subject):
    return page(subject)


@pytest.fixture(scope="module")
def outline(html):
    return Outline(html)


def test_it_asks_for_nothing_from_elsewhere(outline, html):
    assert all(link.startswith(("#", "data:,")) for link in outline.links)
    assert "default-src 'none'" in html
    assert not re.search(r"https?://|@import|url\(", html)


def test_text_from_the_specification_is_never_markup(html):
    assert "&lt;b&gt;with&lt;/b&gt; &#34;marks&#34; &amp; commas" in html
    assert "<b>" not in html


def test_it_has_landmarks_headings_captions_and_a_skip_link(outline, html):
    assert '<html lang="en-GB">' in html
    assert [len(outline.named(t)) for t in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert outline.links.index("#main") < outline.links.index("#about")
    assert len(outline.named("caption")) == len(outline.named("table"))
    assert all("scope" in attributes for attributes in outline.named("th"))
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    labels = {attributes["for"] for attributes in outline.named("label")}
    assert {attributes["id"] for attributes in outline.named("input")} == labels


def test_every_link_leads_somewhere_and_no_id_stands_twice(outline):
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))


def test_every_variable_and_code_of_the_workbook_is_on_it(outline, subject):
    by_name = {sheet.name: sheet for sheet in sheets(subject)}
    text = " ".join(" ".join(outline.text).split())
    for row in by_name["Variables"].rows:
        assert f"{row[1]}.{row[2]}" in outline.ids
        assert row[3] in text
    for row in by_name["Value lists"].rows:
        assert f"{row[3]} {row[4]}" in text
    for sheet in ("Known issues", "Changes", "Linkage quality"):
        for row in by_name[sheet].rows:
            assert str(row[1]) in text
    for part, _, measure, _ in by_name["Linkage figures"].rows:
        assert part in text and measure in text


def test_the_same_catalogue_is_the_same_page(subject, html):
    assert page(subject) == html


def test_pictures_of_linkage_are_in_the_page_and_have_names(outline, subject):
    drawn = [section.name for section in subject.quality if section.chart]
    assert [a["aria-label"] for a in outline.named("svg")] == drawn == ["Completeness"]


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")
def test_the_search_box_leaves_the_variables_that_fit(html, tmp_path):
    from playwright.sync_api import sync_playwright

    (tmp_path / "catalogue.html").write_text(html)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        faults = []
        tab.on("console", lambda message: faults.append(message.text))
        tab.goto(f"file://{tmp_path}/catalogue.html")
        tab.fill("#find", "charge sheet SEX")
        assert tab.locator(".variable:visible").count() == 1
        assert tab.text_content("#found") == "1 of 8 variables shown below"
        tab.fill("#find", "")
        assert tab.locator(".variable:visible").count() == 8
        width = tab.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert width <= 390
    assert faults == []
