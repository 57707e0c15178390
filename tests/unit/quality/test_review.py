"""Do reviewers see two records as they are, without a score, and can they decide by keyboard?"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from datafirst.quality.labels import decisions
from datafirst.quality.review import Pair, marked, page, pairs, sheet, verdict
from datafirst.spec import FieldKind, LinkField

CHROMIUM = Path("/usr/bin/chromium")
FIELDS = {
    "forename1": LinkField(kind=FieldKind.NAME, description="First forename."),
    "surname": LinkField(kind=FieldKind.NAME, description="Surname."),
    "date_of_birth": LinkField(kind=FieldKind.DATE_OF_BIRTH, description="Date of birth."),
    "pnc": LinkField(kind=FieldKind.PNC, description="Number."),
    "crn": LinkField(kind=FieldKind.TEXT, description="Number that is nowhere known."),
}
TITLES = {"a": "Court <A>", "b": "Prison"}


@pytest.fixture
def reviewed() -> Iterator[list[Pair]]:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE a AS SELECT * FROM (VALUES "
            "('1', 0, 'ANNA', 'O<B>', DATE '1980-01-02', NULL, NULL), "
            "('1', 1, 'ANN', 'SMITH', NULL, NULL, NULL), "
            "('3', 0, 'PAUL', 'KHAN', NULL, NULL, NULL)) "
            "t(record_id, variant, forename1, surname, date_of_birth, pnc, crn)"
        )
        con.execute(
            "CREATE TABLE b AS SELECT * FROM (VALUES "
            "('2', 0, 'ANNA', 'SMITH', DATE '1980-07-02', ['2001/1A', '2002/2B'])) "
            "t(record_id, variant, forename1, surname, date_of_birth, pnc)"
        )
        con.execute(
            "CREATE TABLE sample AS SELECT * FROM (VALUES "
            "(1, true, 'a', '1', 'b', '2', 'together', 21.25, 'together; 20 and over; a and b'), "
            "(2, false, 'a', '1', 'a', '3', 'unseen', NULL, 'unseen; below 0; a and a'), "
            "(3, true, 'a', '3', 'b', '2', 'apart', 3.5, 'apart; 2 to 4; a and b')) t(pair_id, "
            "double_review, dataset_l, record_id_l, dataset_r, record_id_r, frame, match_weight, "
            "stratum)"
        )
        yield pairs(con, FIELDS, {"a": "a", "b": "b"})


def test_records_stand_side_by_side_with_every_way_they_are_written(reviewed: list[Pair]) -> None:
    first, second, _ = reviewed
    by_field = {shown.field: shown for shown in first.fields}
    assert list(by_field) == ["Forename 1", "Surname", "Date of birth", "PNC"]
    assert {name: shown.verdict for name, shown in by_field.items()} == {
        "Forename 1": "same", "Surname": "same elsewhere", "Date of birth": "differs",
        "PNC": "one unknown",
    }  # fmt: skip
    assert by_field["Forename 1"].also_left == ("ANN",)
    assert by_field["Surname"].also_left == ("SMITH",)
    assert by_field["PNC"].right == [("2001/1A", False)]
    assert by_field["PNC"].also_right == ("2002/2B",)
    assert [shown.field for shown in second.fields] == ["Forename 1", "Surname", "Date of birth"]


def test_pieces_that_differ_are_marked() -> None:
    assert marked("SMITH", "SMYTH") == (
        [("SM", False), ("I", True), ("TH", False)],
        [("SM", False), ("Y", True), ("TH", False)],
    )
    # Dates digit by digit: the 1 of 01 is not the 1 of 12.
    assert marked("1980-01-01", "1980-01-12")[1] == [("1980-01-", False), ("12", True)]
    assert marked("LEE", "") == ([("LEE", False)], [])
    assert verdict(["A"], []) == verdict([], ["A"]) == "one unknown"


def test_the_page_stands_alone_and_hides_the_score(reviewed: list[Pair]) -> None:
    html = page("release 2022-02", "abc", reviewed, TITLES)
    assert not re.search(r"https?://|@import|url\(|<link[^>]+href=\"(?!data:)", html)
    assert "default-src 'none'" in html
    for hidden in ("match_weight", "21.25", "together", "unseen", "stratum"):
        assert hidden not in html
    assert "<B>" not in html and "<A>" not in html
    assert page("release 2022-02", "abc", reviewed, TITLES) == html


def test_the_page_can_be_used_by_everybody(reviewed: list[Pair]) -> None:
    html = page("release 2022-02", "abc", reviewed, TITLES)
    assert '<html lang="en-GB">' in html
    assert 'aria-live="polite"' in html
    labelled = set(re.findall(r'<label for="(\w+)"', html))
    assert {"name", "reason", "progress"} <= labelled
    # Single keys can be turned off (WCAG 2.1.4), and differences have signs and words too.
    assert 'id="keys"' in html and "≠" in html and "differs" in html
    shades = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", html))
    grounds = {"ink": "#fdf6e3", "soft": "#fdf6e3", "warn": "#fdf3f0", "deep": "#e6eef4",
               "mark": shades["deep"]}  # fmt: skip
    for ink, ground in grounds.items():
        assert contrast(shades[ink], ground) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_sheet_becomes_decisions_when_its_scores_are_filled_in(reviewed: list[Pair]) -> None:
    rows = list(csv.DictReader(io.StringIO(sheet(reviewed))))
    assert rows[0]["Surname (left)"] == "O<B>; SMITH"
    assert [row["double review"] for row in rows] == ["yes", "", "yes"]
    rows[0]["clerical_match_score"] = "1"
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    known = {("a", "1", "b", "2"): 1, ("a", "1", "a", "3"): 2, ("a", "3", "b", "2"): 3}
    found, undecided = decisions(text.getvalue(), "Ann", known)
    assert ([(d.pair_id, d.score) for d in found], undecided) == ([(1, 1.0)], 2)


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")
def test_three_pairs_are_reviewed_by_keyboard_and_exported(
    reviewed: list[Pair], tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    (tmp_path / "review.html").write_text(page("release 2022-02", "abc", reviewed, TITLES))
    known = {("a", "1", "b", "2"): 1, ("a", "1", "a", "3"): 2, ("a", "3", "b", "2"): 3}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 320, "height": 800})
        faults: list[str] = []
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.goto(f"file://{tmp_path}/review.html")
        tab.keyboard.type("Ann, O'Hara")
        tab.keyboard.press("Enter")
        assert tab.text_content("#pair") == "Pair 1 of 3"
        assert "Court <A>" in (tab.text_content("#left") or "")
        assert tab.locator("td mark").all_text_contents() == ["O<B>", "SMITH", "1", "7"]
        tab.keyboard.press("m")
        assert "Pair 1: match. Pair 2 of 3" in (tab.text_content("#told") or "")
        tab.keyboard.press("n")
        tab.keyboard.press("u")
        assert tab.text_content("#count") == "1 of 3 decided"
        tab.keyboard.press("c")
        # What was decided is there again after the page was closed.
        tab.reload()
        tab.keyboard.type("Ann, O'Hara")
        tab.keyboard.press("Enter")
        assert tab.text_content("#pair") == "Pair 3 of 3"
        tab.fill("#reason", 'nothing but a "name"')
        tab.keyboard.press("Escape")
        tab.keyboard.press("n")
        assert tab.is_visible("#done")
        tab.keyboard.press("ArrowLeft")
        assert tab.text_content("#pair") == "Pair 2 of 3: cannot tell"
        tab.uncheck("#keys")
        tab.keyboard.press("m")
        assert tab.text_content("#pair") == "Pair 2 of 3: cannot tell"
        with tab.expect_download() as download:
            tab.click("#export")
        exported = Path(download.value.path()).read_bytes().decode()
        kept = tab.evaluate("JSON.stringify(localStorage)")
        width = tab.evaluate("document.documentElement.scrollWidth")
        # The second reviewer sees only what two decide.
        tab.reload()
        tab.fill("#name", "Bea")
        tab.check("input[value=twice]")
        tab.keyboard.press("Enter")
        assert tab.text_content("#pair") == "Pair 1 of 2"
        browser.close()
    assert faults == []
    assert width <= 320
    assert "SMITH" not in kept and "1980" not in kept
    found, undecided = decisions(exported, "Ann, O'Hara", known)
    assert [(d.pair_id, d.score, d.reason) for d in found] == [
        (1, 1.0, ""), (2, 0.5, ""), (3, 0.0, 'nothing but a "name"')
    ]  # fmt: skip
    assert undecided == 0 and all(d.decided for d in found)
