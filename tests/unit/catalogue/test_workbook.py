"""The workbook is accessible, whole, gives nobody away, and is the same bytes every time."""

import re
import zipfile
from datetime import datetime

import openpyxl
import pytest

from datafirst.catalogue import workbook
from datafirst.catalogue.sheets import sheets


@pytest.fixture(scope="module")
def subject(court):
    with court.connect() as con:
        return court.subject(con)


@pytest.fixture(scope="module")
def path(subject, tmp_path_factory):
    made = tmp_path_factory.mktemp("workbook") / "catalogue.xlsx"
    workbook(subject, made)
    return made


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def test_the_sheets_are_those_of_a_catalogue(book):
    assert book.sheetnames == [
        "Cover", "Contents", "Notes", "Tables", "Variables", "Value lists",
        "Completeness by year", "Linkage quality", "Linkage figures", "Known issues", "Changes",
        "Joins",
    ]  # fmt: skip


def test_every_sheet_is_one_named_table_under_a_title(book):
    names = set()
    for sheet in book:
        (table,) = sheet.tables.values()
        names.add(table.displayName)
        assert sheet["A1"].value, sheet.title
        assert table.ref == f"A3:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        assert table.headerRowCount in (None, 1)
        assert not table.autoFilter, sheet.title
        assert len({c.name for c in table.tableColumns}) == len(table.tableColumns)
    assert len(names) == len(book.sheetnames)


def test_nothing_is_merged_frozen_hidden_or_empty(book):
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.sheet_state == "visible"
        assert not sheet.oddHeader.center.text
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                assert cell.value not in (None, ""), (sheet.title, cell.coordinate)
                assert cell.alignment.wrap_text, (sheet.title, cell.coordinate)
                assert cell.data_type != "f"
    assert not book.defined_names


def test_the_cells_are_those_of_the_sheets(book, subject):
    for sheet in sheets(subject):
        rows = [tuple(row) for row in book[sheet.name].iter_rows(min_row=3, values_only=True)]
        assert rows[0] == sheet.columns
        assert rows[1:] == list(sheet.rows)


def test_every_variable_that_left_is_described_and_no_other(book, court):
    rows = list(book["Variables"].iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[2]) for row in rows] == [
        (table.name, v.name) for table in court.tables.values() for v in table
    ]
    assert "surname" not in {row[2] for row in rows}


def test_a_code_that_one_person_holds_is_not_given_away(book):
    rows = {row[3]: row[5] for row in book["Value lists"].iter_rows(min_row=4, values_only=True)}
    assert rows == {"F": "100 to 999", "M": "100 to 999", "I": "Fewer than 10"}


def test_it_names_no_author_and_no_time_but_the_release_date(book, path):
    assert book.properties.creator in (None, "")
    assert book.properties.lastModifiedBy in (None, "")
    assert book.properties.created == book.properties.modified == datetime(2022, 2, 28)
    with zipfile.ZipFile(path) as whole:
        assert {item.date_time for item in whole.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"<dc:creator></dc:creator>" in whole.read("docProps/core.xml")


def test_the_same_catalogue_is_the_same_bytes(subject, path, tmp_path):
    workbook(subject, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_notes_that_columns_refer_to_exist(book):
    known = {row[0] for row in book["Notes"].iter_rows(min_row=4, values_only=True)}
    for sheet in book:
        for cell in sheet[3]:
            assert set(re.findall(r"\[(note \d+)\]", cell.value)) <= known
