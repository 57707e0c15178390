"""The faults of county court records: each is found or cleaned away, and nobody is linked by it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest

from datafirst.link.records import records
from datafirst.settings import PROJECT
from datafirst.spec import Specification, Type, load
from datafirst.validate.check import check

SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.DATE: "DATE"}
POLARS = {Type.INTEGER: pl.Int64, Type.NUMBER: pl.Float64, Type.DATE: pl.Date}
CASE = "A01AB123"


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


class Parties:
    """CaseMan's parties and their addresses, to be filled, and the linkage records of them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
        self.con, self.query = con, records(spec, "civil")
        self.rows = 0
        for table in spec.systems["caseman"].tables.values():
            columns = ", ".join(f'"{v.name}" {SQL.get(v.type, "VARCHAR")}' for v in table)
            con.execute(f"CREATE TABLE {table.name} (_row BIGINT, {columns})")

    def add(self, postcode: str | None = None, moved_from: str | None = None, **who: Any) -> None:
        self.rows += 1
        self._insert("cm_party", _row=self.rows, case_number=CASE, party_number=self.rows,
                     party_role="DEFT", **who)  # fmt: skip
        for place, begins, ends in ((moved_from, "2015-01-01", "2016-01-01"),
                                    (postcode, "2016-01-01", None)):  # fmt: skip
            if place:
                self._insert("cm_address", case_number=CASE, party_number=self.rows, postcode=place,
                             address_type="SERV", valid_from=begins, valid_to=ends)  # fmt: skip

    def _insert(self, table: str, **values: Any) -> None:
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        self.con.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", [*values.values()])

    def ask(self, columns: str) -> list[tuple[Any, ...]]:
        return self.con.execute(
            f"SELECT {columns} FROM ({self.query}) ORDER BY _row, variant"
        ).fetchall()


@pytest.fixture
def parties(spec: Specification) -> Iterator[Parties]:
    with duckdb.connect() as con:
        yield Parties(con, spec)


ORGANISATIONS = [
    "NORTHERN TRANSPORT LTD",
    "Northern Transport Limited",
    "NORTHMOOR BANK PLC",
    "NORTHMOOR BANK",
    "TALLIS & CO",
    "SILVERDALE MOBILE L.T.D.",
    "OAKLEAF LETTINGS LLP",
    "EASTMERE BOROUGH COUNCIL",
    "HILLCREST HOUSING ASSOCIATION",
    "ABBEY VALE HOUSING TRUST",
    "PENNINE BUILDING SOCIETY",
    "MR TYRE LTD",
    "COMMISSIONERS FOR REVENUE COLLECTION",
    "SECRETARY OF STATE FOR TRANSPORT",
]


@pytest.mark.parametrize("flag", [None, "N"])
@pytest.mark.parametrize("name", ORGANISATIONS)
def test_companies_among_parties_are_never_linked_though_the_flag_is_missing_or_wrong(
    parties: Parties, name: str, flag: str | None
) -> None:
    first, _, rest = name.partition(" ")
    parties.add(name=name, is_company=flag)
    parties.add(forename1=first, surname=rest, is_company=flag)
    assert parties.ask("_row") == []


def test_what_is_flagged_a_company_is_not_linked_whatever_its_name(parties: Parties) -> None:
    parties.add(name="THE LARCHES", is_company="Y")
    assert parties.ask("_row") == []


@pytest.mark.parametrize("name", ["MR GORDON BANK", "MRS MARY COLLEGE", "MISS JO WATER"])
def test_people_whose_surname_is_a_word_of_companies_are_linked_where_a_title_says_so(
    parties: Parties, name: str
) -> None:
    parties.add(name=name)
    assert parties.ask("surname") == [(name.split()[-1],)]


def test_the_share_and_linkage_have_one_rule_of_who_is_a_company(spec: Specification) -> None:
    dataset, share = spec.linkage.datasets["civil"].query, spec.shares["civil"].queries["parties"]
    assert dataset
    rules = [
        part for part in dataset.split("'") if part.startswith(r"\b(LTD|") or "COUNCIL" in part
    ]
    assert len(rules) == 2
    assert all(f"'{rule}'" in share for rule in rules)


@pytest.mark.parametrize(
    "written",
    [
        {"title": "MR", "forename1": "JOHN", "forename2": "ANDREW", "surname": "SMITH"},
        {"forename1": "MR JOHN", "forename2": "ANDREW", "surname": "SMITH"},
        {"name": "MR JOHN ANDREW SMITH"},
        {"name": "Mr. John Andrew Smith"},
        {"surname": "MR JOHN ANDREW SMITH", "name": "MR JOHN ANDREW SMITH"},
        {"name": "MR JOHN ANDREW SMITH T/A SMITH PROPERTIES LTD"},
    ],
)
def test_a_name_in_one_line_or_with_its_title_is_taken_apart(
    parties: Parties, written: dict[str, str]
) -> None:
    parties.add(**written)
    assert parties.ask("forename1, forename2, surname, sex") == [("JOHN", "ANDREW", "SMITH", "M")]


@pytest.mark.parametrize(
    ("line", "forename", "surname"),
    [
        ("MS JANE MC DONALD", "JANE", "MCDONALD"),
        ("MS JANE O'NEILL", "JANE", "ONEILL"),
        ("MS JANE SMITH-JONES", "JANE", "SMITH JONES"),
        ("MS JANE VAN DER BERG", "JANE", "VAN DER BERG"),
        ("MS NOT ENTERED SMITH", None, "SMITH"),
        ("DUPLICATE_JANE SMITH", "JANE", "SMITH"),
        ("MS JANE MIG_ERROR_SMITH", "JANE", "SMITH"),
        ("MS JANE NO_SHOW_SMITH", "JANE", "SMITH"),
        ("SMITH", None, "SMITH"),
    ],
)
def test_junk_names_are_cleaned(
    parties: Parties, line: str, forename: str | None, surname: str
) -> None:
    parties.add(name=line)
    assert parties.ask("forename1, surname") == [(forename, surname)]


@pytest.mark.parametrize("name", ["", "   ", "NOT ENTERED"])
def test_blank_names_are_nothing(parties: Parties, name: str) -> None:
    parties.add(name=name)
    assert parties.ask("forename1, surname") == [(None, None)]


@pytest.mark.parametrize("born", ["1900-01-01", "1970-01-01"])
def test_placeholder_dates_are_nothing(parties: Parties, born: str) -> None:
    parties.add(name="MR JOHN SMITH", date_of_birth=born)
    parties.add(name="MR JOHN SMITH", date_of_birth="1980-02-03")
    assert parties.ask("date_of_birth") == [(None,), (date(1980, 2, 3),)]


@pytest.mark.parametrize("postcode", ["NF1 1NF", "nf11fa"])
def test_no_fixed_abode_is_no_postcode(parties: Parties, postcode: str) -> None:
    parties.add(name="MR JOHN SMITH", postcode=postcode)
    assert parties.ask("postcode") == [(None,)]


def test_the_address_in_use_is_the_main_one_and_the_earlier_a_variant(parties: Parties) -> None:
    parties.add(name="MR JOHN SMITH", postcode="B1 1AA", moved_from="CF10 1BB")
    assert parties.ask("variant, postcode, surname") == [
        (0, "B1 1AA", "SMITH"),
        (1, "CF10 1BB", "SMITH"),
    ]


def test_a_party_without_an_address_is_still_a_record(parties: Parties) -> None:
    parties.add(name="MR JOHN SMITH")
    assert parties.ask("variant, postcode") == [(0, None)]


def test_rows_that_are_marked_deleted_are_not_linked(parties: Parties) -> None:
    parties.add(name="MR JOHN SMITH", deleted_flag="Y")
    parties.add(name="MR JOHN SMITH")
    assert parties.ask("_row") == [(2,)]


def broken(spec: Specification, table: str, *rows: dict[str, Any]) -> dict[str, int]:
    """How many of the rows break each rule; what is not said of a row is left out of the count."""
    described = spec.source_table(table)
    shape = {v.name: pl.String if v.format else POLARS.get(v.type, pl.String) for v in described}
    empty = dict.fromkeys(shape)
    frame = pl.DataFrame([{**empty, **row} for row in rows], schema=shape)
    found = check(described, frame).broken
    return {rule: len(at) for rule, at in found.items() if not rule.startswith("required")}


@pytest.mark.parametrize("text", ["31-FEB-1985", "UNKNOWN", "01/02/1985"])
def test_a_date_of_birth_that_is_no_date_is_quarantined_and_counted(
    spec: Specification, text: str
) -> None:
    sound = {"date_of_birth": "05-JAN-1980"}
    assert broken(spec, "caseman.cm_party", {"date_of_birth": text}, sound) == {
        "type:date_of_birth": 1
    }


def test_codes_that_are_not_in_the_list_are_quarantined_and_counted(spec: Specification) -> None:
    found = broken(spec, "caseman.cm_event", {"event_code": "999"}, {"event_code": "060"})
    assert found == {"codes:event_code": 1}


def test_a_judgment_satisfied_before_it_is_given_is_quarantined(spec: Specification) -> None:
    given = {"judgment_date": date(2015, 1, 2), "status_date": date(2015, 1, 1)}
    (rule,) = broken(spec, "caseman.cm_judgment", given, {**given, "status_date": None})
    assert rule.startswith("rule:nothing_becomes_of_a_judgment")


def test_stray_spaces_between_grounds_are_not_a_fault(spec: Specification) -> None:
    found = broken(spec, "pcol.pcol_claim", {"grounds": " 8 ,10, 11"}, {"grounds": "8;10"})
    assert found == {"pattern:grounds": 1}
