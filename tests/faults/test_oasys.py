"""Each known fault of OASys is seen by validation or cleaning, counted, and never linked on."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.derive import Inputs, Landed, derive
from datafirst.derive.typed import typed
from datafirst.link.records import records
from datafirst.settings import PROJECT
from datafirst.spec import Release, Specification, Table, Type, Window, load
from datafirst.validate.examine import examine, quarantine

SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.DATE: "DATE"}
PERSON = {"family_name": "LEE", "forename_1": "ANN", "date_of_birth": "1980-02-03",
          "gender_elm": "2", "pnc": "2010/0000001Z"}  # fmt: skip
ASSESSED = {
    **PERSON, "offender_pk": 1, "current_post_code": "B1 1AA", "ref_ass_version_code": "LAYER3",
    "version_number": "1", "assessment_type_elm": "LAYER_3", "purpose_assessment_elm": "20",
    "assessment_status_elm": "COMPLETE", "prison_ind": "C", "initiation_date": "2015-03-10",
    "date_completed": "2015-03-20",
}  # fmt: skip
ANSWER = {"oasys_set_pk": 1, "ref_section_code": "3", "currently_hidden_ind": "N"}
ASKED = {"ref_section_code": "3", "ref_section_question": "Asked", "multiple_ind": "N"}
SOUND: dict[str, list[dict[str, Any]]] = {
    "oasys_offender": [
        {**PERSON, "offender_pk": 1, "address_postcode": "B1 1AA", "nfa_ind": "N",
         "limited_access_offender": "N", "merged_ind": "N"}
    ],
    "oasys_set": [{**ASSESSED, "oasys_set_pk": 1}],
    "oasys_ref_question": [
        {**ASKED, "ref_question_code": "3.4", "scored_ind": "Y"},
        {**ASKED, "ref_question_code": "3.TOT", "scored_ind": "N"},
    ],
    "oasys_answer": [
        {**ANSWER, "oasys_answer_pk": 1, "ref_question_code": "3.4", "ref_answer_code": "2"}
    ],
}  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]
CORE = "oasys.oasys_assessments_details_core_risk"


class Read:
    """OASys as landed: examined, linked and shared."""

    def __init__(self, spec: Specification, folder: Path, more: Rows) -> None:
        self.spec, self.folder = spec, folder
        tables = list(spec.systems["oasys"].tables.values())
        with duckdb.connect() as con:
            for table in tables:
                self._land(con, table, [*SOUND[table.name], *more.get(table.name, [])])
            self.reports = examine(con, tables, lambda t: [folder / f"{t.name}.parquet"])
            self.landed = {t.id: self._landed(con, t) for t in tables}

    def _land(self, con: duckdb.DuckDBPyConnection, table: Table, rows: list[Any]) -> None:
        columns = ", ".join(f'"{v.name}" {SQL.get(v.type, "VARCHAR")}' for v in table)
        con.execute(f"CREATE TABLE {table.name} ({columns}, _row BIGINT)")
        for number, row in enumerate(rows):
            marks = ", ".join("?" * (len(row) + 1))
            con.execute(
                f"INSERT INTO {table.name} ({', '.join(row)}, _row) VALUES ({marks})",
                [*row.values(), number],
            )
        con.execute(f"COPY {table.name} TO '{self.folder / table.name}.parquet'")

    def _landed(self, con: duckdb.DuckDBPyConnection, table: Table) -> Landed:
        part, broken = (self.folder / f"{table.name}.{kind}parquet" for kind in ("", "broken."))
        quarantine(con, table, broken)
        return Landed(table, (part,), self.reports[table.id].rows, (broken,))

    def broken(self, table: str) -> dict[str, int]:
        return dict(self.reports[f"oasys.{table}"].broken)

    def linked(self, columns: str) -> list[tuple[Any, ...]]:
        """What linkage records say, the main way of writing."""
        with duckdb.connect() as con:
            for landed in self.landed.values():
                con.execute(f"CREATE VIEW {landed.table.name} AS {typed(landed)}")
            return con.execute(
                f"SELECT {columns} FROM ({records(self.spec, 'oasys')}) WHERE variant = 0 "
                "ORDER BY record_id"
            ).fetchall()

    def shared(self, query: str) -> tuple[list[tuple[Any, ...]], dict[tuple[str, str], int]]:
        """What a query of the share gives, and the ledger's rows by table and reason."""
        covered = {"oasys": Window(start=date(2012, 1, 1), end=date(2021, 9, 30))}
        release = Release(
            version="2022-09", title="Assessments", date=date(2022, 9, 30), status="current",
            shares=("oasys",), snapshots={}, coverage=covered, recipients=(), key_epoch="2022",
        )  # fmt: skip
        with duckdb.connect() as con:
            share = self.spec.shares["oasys"]
            entries = derive(con, self.spec, release, share, Inputs(self.landed))
            ledger = {(e.table.split(".")[1], e.reason): e.rows for e in entries if e.reason}
            return con.execute(query).fetchall(), ledger


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def read(spec: Specification, tmp_path: Path) -> Callable[[Rows], Read]:
    """Lands rows beside one sound assessment."""
    return lambda more: Read(spec, tmp_path, more)


def assessed(**values: Any) -> Rows:
    return {"oasys_set": [{**ASSESSED, "oasys_set_pk": 2, **values}]}


@pytest.mark.parametrize(
    ("column", "written", "field"),
    [
        ("date_of_birth", "1900-01-01", "date_of_birth"),
        ("date_of_birth", "1970-01-01", "date_of_birth"),
        ("forename_1", "NOT ENTERED", "forename1"),
        ("current_post_code", "NF1 1NF", "postcode"),
        ("current_post_code", "NF1 1FA", "postcode"),
        ("cro_number", "000000/00Z", "cro"),
        ("pnc", "2010/0000001A", "pnc"),
        ("gender_elm", "9", "sex"),
        ("ethnic_category_elm", "NS", "ethnicity"),
        ("ethnic_category_elm", "UN", "ethnicity"),
    ],
)
def test_placeholders_pass_and_are_never_linked_on(
    read: Callable[[Rows], Read], column: str, written: str, field: str
) -> None:
    found = read(assessed(**{column: written}))
    assert not found.broken("oasys_set")
    assert found.linked(field)[1] == (None,)


@pytest.mark.parametrize(
    ("column", "written", "field", "read_as"),
    [
        ("family_name", "MIG_ERROR_LEE", "surname", "LEE"),
        ("family_name", "NO_SHOW_LEE", "surname", "LEE"),
        ("forename_1", "DUPLICATE_ANN", "forename1", "ANN"),
        ("family_name", "MC DONALD", "surname", "MCDONALD"),
        ("pnc", "10/1Z", "pnc", "2010/0000001Z"),
    ],
)
def test_junk_is_cleaned_away(
    read: Callable[[Rows], Read], column: str, written: str, field: str, read_as: str
) -> None:
    found = read(assessed(**{column: written}))
    assert not found.broken("oasys_set")
    [(cleaned,)] = found.linked(field)[1:]
    if field == "pnc":
        assert cleaned == found.linked(field)[0][0]
    else:
        assert cleaned == read_as


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"gender_elm": "U"}, "codes:gender_elm"),
        ({"assessment_type_elm": "OASYS_1"}, "codes:assessment_type_elm"),
        ({"cms_pris_number": "a1234bc"}, "pattern:cms_pris_number"),
        ({"cms_prob_number": "NOT ENTERED"}, "pattern:cms_prob_number"),
        ({"initiation_date": "1970-01-01"}, "minimum:initiation_date"),
        ({"ogrs3_2year": 999}, "maximum:ogrs3_2year"),
        (
            {"date_completed": "2014-01-01"},
            "rule:no_assessment_is_completed_before_it_was_begun",
        ),
        (
            {"ogp_st_wesc": 20, "ogp_dy_wesc": 10, "ogp_tot_wesc": 31},
            "rule:the_score_of_the_general_predictor_is_the_sum_of_its_two_parts",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_counted_and_goes_no_further(
    read: Callable[[Rows], Read], values: dict[str, Any], rule: str
) -> None:
    found = read(assessed(**values))
    assert found.broken("oasys_set") == {rule: 1}
    assert found.linked("record_id") == [("1",)]
    told, ledger = found.shared("SELECT oasys_set_pk FROM oasys.oasys_assessments_metadata")
    assert told == [(1,)]
    assert ledger["oasys_set", rule] == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"deleted_date": "2016-01-01"}, "deleted"),
        ({"assessment_voided_date": "2016-01-01"}, "void"),
    ],
)
def test_what_was_taken_back_is_left_out_and_not_linked(
    read: Callable[[Rows], Read], values: dict[str, Any], reason: str
) -> None:
    found = read(assessed(**values))
    assert found.linked("record_id") == [("1",)]
    told, ledger = found.shared("SELECT oasys_set_pk FROM oasys.oasys_assessments_metadata")
    assert told == [(1,)]
    assert ledger["oasys_set", reason] == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"assessment_status_elm": "OPEN", "date_completed": None}, "not_completed"),
        ({"assessment_status_elm": "LOCKED_INCOMPLETE"}, "not_completed"),
        ({"initiation_date": "2010-01-01", "date_completed": "2010-01-02"}, "outside_coverage"),
    ],
)
def test_what_is_not_of_the_share_is_left_out_with_a_reason(
    read: Callable[[Rows], Read], values: dict[str, Any], reason: str
) -> None:
    more = assessed(**values) | {
        "oasys_answer": [
            {**ANSWER, "oasys_set_pk": 2, "oasys_answer_pk": 2, "ref_question_code": "3.4",
             "ref_answer_code": "1"}
        ]
    }  # fmt: skip
    told, ledger = read(more).shared(f"SELECT oasys_set_pk, question_3_4 FROM {CORE}")
    assert told == [(1, "2")]
    assert ledger["oasys_set", reason] == 1


def test_an_offender_entered_twice_is_read_as_both_ways_of_writing(
    read: Callable[[Rows], Read],
) -> None:
    found = read(assessed(family_name="LEIGH"))
    with duckdb.connect() as con:
        for landed in found.landed.values():
            con.execute(f"CREATE VIEW {landed.table.name} AS {typed(landed)}")
        told = con.execute(
            f"SELECT record_id, variant, surname FROM ({records(found.spec, 'oasys')}) ORDER BY ALL"
        ).fetchall()
    assert told == [("1", 0, "LEE"), ("1", 1, "LEE"), ("2", 0, "LEIGH"), ("2", 1, "LEE")]


@pytest.mark.parametrize(
    ("answer", "broken"),
    [
        ({"ref_answer_code": "see notes"}, "pattern:ref_answer_code"),
        ({"ref_answer_code": None}, "rule:an_answer_is_a_code_or_a_text"),
        ({"ref_answer_code": "1", "ref_section_code": None}, "required:ref_section_code"),
        ({"ref_answer_code": "1", "oasys_answer_pk": 1}, "key"),
    ],
)
def test_a_broken_answer_is_counted_and_not_delivered(
    read: Callable[[Rows], Read], answer: dict[str, Any], broken: str
) -> None:
    row = {**ANSWER, "oasys_answer_pk": 2, "ref_question_code": "3.4", **answer}
    found = read({"oasys_answer": [row]})
    assert set(found.broken("oasys_answer")) == {broken}
    told, ledger = found.shared(f"SELECT question_3_4 FROM {CORE}")
    assert told == [("2",)]
    assert ledger["oasys_answer", broken] == 1


def test_an_answer_that_was_hidden_does_not_count(read: Callable[[Rows], Read]) -> None:
    row = {**ANSWER, "oasys_answer_pk": 2, "ref_question_code": "3.4", "ref_answer_code": "0",
           "currently_hidden_ind": "Y"}  # fmt: skip
    told, ledger = read({"oasys_answer": [row]}).shared(f"SELECT question_3_4 FROM {CORE}")
    assert told == [("2",)]
    assert ledger["oasys_answer", "hidden"] == 1


@pytest.mark.parametrize(("typed_score", "kept"), [("2", 2), ("1", None), ("two", None)])
def test_a_score_that_is_out_of_date_is_not_delivered(
    read: Callable[[Rows], Read], typed_score: str, kept: int | None
) -> None:
    row = {**ANSWER, "oasys_answer_pk": 2, "ref_question_code": "3.TOT",
           "free_format_answer": typed_score}  # fmt: skip
    told, _ = read({"oasys_answer": [row]}).shared(f"SELECT question_3_tot FROM {CORE}")
    assert told == [(kept,)]
