"""Does the report hold what linking came to, in one order, and no value from the data?"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from datafirst.quality.drawing import svg
from datafirst.quality.kept import read, written
from datafirst.quality.page import page, slug
from datafirst.quality.report import sections
from datafirst.quality.section import Section

from .pretended import NAME, Pretended, pretended, specification


@pytest.fixture(scope="module")
def made() -> Iterator[Pretended]:
    found = pretended(specification())
    yield found
    found.con.close()


@pytest.fixture(scope="module")
def told(made: Pretended) -> tuple[Section, ...]:
    return sections(made.con, made.linked)


def test_what_was_provided_comes_first_then_the_method_and_what_came_of_it(
    told: tuple[Section, ...],
) -> None:
    names = [section.name for section in told]
    wanted = [
        "Completeness",
        "What cleaning mended",
        "Records that cannot be linked",
        "Candidate pairs",
        "Match weights: magistrates",
        "Match weights: crown",
        "Thresholds",
        "Pairs by match weight: magistrates",
        "If the threshold were another: magistrates",
        "People found",
        "Sizes of people",
        "Confidence in records' links",
        "Linked and unlinked records",
    ]
    assert [name for name in names if name in wanted] == wanted
    assert len(set(map(slug, names))) == len(names)


def test_rows_fit_their_header_and_none_is_empty(told: tuple[Section, ...]) -> None:
    for section in told:
        assert section.rows, section.name
        assert {len(row) for row in section.rows} == {len(section.header)}, section.name
        assert section.says.endswith("."), section.name


def test_no_value_from_the_data_is_in_it(told: tuple[Section, ...]) -> None:
    drawn = {slug(s.name): svg(s.chart) for s in told if s.chart}
    whole = [written(told), page("Linkage", "Over", "Says.", told, drawn), *drawn.values()]
    assert len(drawn) > 10
    for text in whole:
        assert NAME.lower() not in text.lower()


def test_every_published_share_of_counts_says_of_which(told: tuple[Section, ...]) -> None:
    """Else its exact value would leave, and give back the counts that are rounded beside it."""
    for section in (s for s in told if s.published):
        for title, cells in zip(section.header, zip(*section.rows, strict=True), strict=True):
            if any(isinstance(cell, float) for cell in cells) and title.startswith("Share"):
                part, whole = section.shares[title]
                assert {part, whole} <= set(section.header), section.name
        values = section.chart["data"]["values"] if section.chart else ()
        for row in (row for row in values if "share" in row):
            part, whole = section.shares["share"]
            assert row["share"] == pytest.approx(row[part] / row[whole], abs=1e-3)


def test_a_chart_holds_only_words_that_its_table_holds(told: tuple[Section, ...]) -> None:
    for section in told:
        cells = {str(cell) for row in section.rows for cell in row}
        known = words(" ".join([*cells, *section.header, section.name])) | BESIDES
        for text in texts(section.chart):
            assert words(text) <= known, (section.name, words(text) - known)


BESIDES = {"strict", "standard", "loose", "by", "model", *map(str, range(40))}
"""What charts say besides: levels, and the numbers of comparisons."""


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def texts(part: object) -> Iterator[str]:
    """Every text that stands in the data of a chart."""
    if isinstance(part, list):
        for each in part:
            yield from texts(each)
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "data":
                rows = value["values"]
                yield from (v for row in rows for v in row.values() if isinstance(v, str))
            else:
                yield from texts(value)


def test_what_is_kept_reads_back_as_it_was(told: tuple[Section, ...]) -> None:
    text = written(told, release="2021-03")
    assert read(text) == told
    assert json.loads(text)["release"] == "2021-03"


def test_a_release_that_links_nothing_has_a_report_without_sections(made: Pretended) -> None:
    release = made.linked.release.model_copy(update={"models": (), "ladders": ()})
    counts = {"records": {}, "pairs": {}, "cleaned": {}, "ladders": {}}
    nothing = replace(made.linked, release=release, counts=counts, trained={}, records={}, alone={})
    assert sections(made.con, nothing) == ()


def test_the_same_release_is_the_same_report(made: Pretended, told: tuple[Section, ...]) -> None:
    made.con.execute("SET threads = 1")
    assert sections(made.con, made.linked) == told
