"""Police, courts, prisons and education: who is in, one identifier throughout, no day of birth."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from datafirst.deidentify import release
from datafirst.deidentify.treatments import DERIVED
from datafirst.derive import Inputs, Landed, derive
from datafirst.derive.tables import RECORD
from datafirst.settings import PROJECT
from datafirst.spec import Release, Role, Specification, Treatment, Type, Window, load

SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.DATE: "DATE"}
FOLLOWED = {
    "magistrates": "magistrates.defendant_case",
    "crown": "crown.defendant_case",
    "prison": "prison.custodial_journey",
}
NAMES = {"surname", "forename", "forename1", "forename2", "forename3", "middle_name", "upn", "asn",
         "former_surname", "former_upn", "pncid", "cro", "postcode", "address_line", "nationality",
         "date_of_birth", "first_language", "record_id", "case_id", "defendant_id"}  # fmt: skip
PERSON = {"pnc_person_id": 1, "date_of_birth": "15/06/1990", "owner_force": "06",
          "created_on": "2010-01-01", "last_event_on": "2012-01-01"}  # fmt: skip
ARREST = {"arrest_summons_id": 1, "pnc_person_id": 1, "event_on": "2010-03-01", "outcome": "CH"}
PUPIL = {"pupil_matching_ref": "PMR1", "date_of_birth": "1990-06-15",
         "first_seen_on": "2002-01-17"}  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]
COVERED = Window(start=date(2000, 1, 1), end=date(2020, 12, 31))


class Told:
    """What the share tells of some rows."""

    def __init__(self, con: duckdb.DuckDBPyConnection, ledger: dict[tuple[str, str], int]) -> None:
        self.con, self.ledger = con, ledger

    def __call__(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def tell(spec: Specification, tmp_path: Path) -> Iterator[Callable[..., Told]]:
    with duckdb.connect() as con:
        yield lambda rows, people=(), follows=None: _tell(
            con, spec, tmp_path, rows, people, follows or {}
        )


def _tell(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    folder: Path,
    rows: Rows,
    people: list[tuple[str, int, str, str | None]],
    follows: Rows,
) -> Told:
    """Derives the share from rows of sources, individuals and rows of the shares it follows."""
    share = spec.shares["moj_dfe"]
    landed = {}
    for account in share.accounts:
        table = spec.source_table(account.table)
        part = folder / f"{table.name}.parquet"
        columns = {v.name: "VARCHAR" if v.format else SQL.get(v.type, "VARCHAR") for v in table}
        _write(con, part, columns | {"_row": "BIGINT"}, rows.get(table.name, []), True)
        landed[table.id] = Landed(table, (part,), len(rows.get(table.name, [])))
    followed = {}
    for dataset, id in FOLLOWED.items():
        group, name = id.split(".")
        columns = {v.name: SQL.get(v.type, "VARCHAR") for v in spec.shares[group].tables[name]}
        followed[id] = [folder / f"{group}.parquet"]
        _write(con, followed[id][0], columns | {RECORD: "BIGINT"}, follows.get(dataset, []), False)
    linked = [dict(zip(("dataset", "_row", "individual", "rule"), p, strict=True)) for p in people]
    columns = {"dataset": "VARCHAR", "record_id": "VARCHAR", "_row": "BIGINT",
               "individual": "VARCHAR", "rule": "VARCHAR"}  # fmt: skip
    _write(con, folder / "individuals.parquet", columns, linked, False)
    about = Release.model_construct(version="2022-02", coverage={"moj_dfe": COVERED})
    found = derive(
        con, spec, about, share,
        Inputs(landed, followed=followed, individuals=[folder / "individuals.parquet"]),
    )  # fmt: skip
    return Told(con, {(e.table.split(".")[1], e.reason): e.rows for e in found if e.reason})


def _write(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    columns: dict[str, str],
    rows: list[dict[str, Any]],
    numbered: bool,
) -> None:
    declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    con.execute(f"CREATE OR REPLACE TABLE written ({declared})")
    for number, row in enumerate(rows):
        values = {**row, **({"_row": number} if numbered else {})}
        marks = ", ".join("?" * len(values))
        con.execute(
            f"INSERT INTO written ({', '.join(values)}) VALUES ({marks})", [*values.values()]
        )
    con.execute(f"COPY written TO '{path}'; DROP TABLE written")


LINKED = [("pnc", 0, "pnc/1", None), ("npd", 0, "pnc/1", "all_five")]


def test_there_are_11_tables_of_justice_and_20_of_education(spec: Specification) -> None:
    tables = spec.shares["moj_dfe"].tables
    assert len([name for name in tables if name.startswith("npd_")]) == 20
    assert len([name for name in tables if name.startswith("pnc_")]) == 8
    assert {"magistrates_case", "crown_case", "prison_journey"} < set(tables)
    assert len(tables) == 31


def test_one_identifier_is_in_every_table_and_leads_to_the_person(spec: Specification) -> None:
    for table in spec.shares["moj_dfe"].tables.values():
        unique = table.variables["unique_id"]
        assert unique.identifies == "moj_dfe_individual" and unique.missing_up_to == 0
        assert spec.treatment(unique) is Treatment.PSEUDONYMISE
        people = {"pnc_person", "npd_pupil"}
        if table.name not in people:
            towards = {join.table for join in table.joins if join.on == ("unique_id",)}
            home = "npd_pupil" if table.name.startswith("npd") else "pnc_person"
            assert towards == {f"moj_dfe.{home}"}, table.name


def test_no_name_number_address_or_date_of_birth_is_in_it(spec: Specification) -> None:
    for table in spec.shares["moj_dfe"].tables.values():
        assert not NAMES & set(table.variables), table.name
        released, _ = release(spec, table)
        for variable in released:
            assert variable.role not in (Role.DIRECT_IDENTIFIER, Role.LINKAGE, Role.TRUTH)
            if variable.role is Role.INTERNAL_ID:
                assert variable.release is Treatment.PSEUDONYMISE


def test_identifiers_of_cases_are_not_those_of_the_shares_of_courts_and_prisons(
    spec: Specification,
) -> None:
    ours = {v.identifies for t in spec.shares["moj_dfe"].tables.values() for v in t if v.identifies}
    theirs = {
        v.identifies
        for share in FOLLOWED
        for t in spec.shares[share].tables.values()
        for v in t
        if v.identifies
    }
    assert not ours & theirs


def test_a_person_and_the_pupil_linked_to_them_have_one_identifier(
    tell: Callable[..., Told],
) -> None:
    year = {"pupil_matching_ref": "PMR1", "academic_year": "2005/06"}
    told = tell(
        {
            "pnc_person": [PERSON, {**PERSON, "pnc_person_id": 2}],
            "pnc_arrest_summons": [ARREST],
            "npd_pupil": [PUPIL, {**PUPIL, "pupil_matching_ref": "PMR2"}],
            "npd_ks4_pupil": [year],
        },
        [*LINKED, ("pnc", 1, "pnc/2", None), ("npd", 1, "npd/PMR2", None)],
    )
    assert told(
        "SELECT unique_id, in_npd_flag, link_rule FROM moj_dfe.pnc_person ORDER BY unique_id"
    ) == [("pnc/1", "Y", "all_five"), ("pnc/2", "N", None)]
    assert told("SELECT unique_id, in_pnc_flag FROM moj_dfe.npd_pupil ORDER BY unique_id") == [
        ("npd/PMR2", "N"),
        ("pnc/1", "Y"),
    ]
    for table in ("pnc_arrest_summons", "npd_ks4_pupil"):
        assert told(f"SELECT unique_id FROM moj_dfe.{table}") == [("pnc/1",)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"date_of_birth": "31/08/1985"}, None),
        ({"date_of_birth": "30/08/1985"}, "born_before_cohort"),
        ({"date_of_birth": "01/01/1970"}, "born_before_cohort"),
        ({"date_of_birth": None}, "born_when_is_not_known"),
        ({"owner_force": "62"}, "kept_by_welsh_force"),
        ({"created_on": "1998-02-03", "last_event_on": "1999-12-31"}, "no_record_in_coverage"),
        ({"created_on": "1998-02-03", "last_event_on": "2000-01-01"}, None),
        ({"created_on": "2021-01-01", "last_event_on": "2021-01-01"}, "no_record_in_coverage"),
    ],
)
def test_who_of_the_pnc_is_in_it(
    tell: Callable[..., Told], change: dict[str, str], reason: str | None
) -> None:
    alias = {"alias_id": 1, "pnc_person_id": 1}
    told = tell(
        {
            "pnc_person": [{**PERSON, **change}],
            "pnc_arrest_summons": [ARREST],
            "pnc_alias": [alias],
        },
        LINKED,
    )
    delivered = told("SELECT count(*) FROM moj_dfe.pnc_arrest_summons")
    assert delivered == [(0 if reason else 1,)]
    assert told.ledger.get(("pnc_person", reason or "")) == (1 if reason else None)
    assert told.ledger.get(("pnc_arrest_summons", "person_left_out")) == (1 if reason else None)
    assert told.ledger["pnc_alias", "identifiers_only"] == 1


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("1985-08-31", None),
        ("1985-08-30", "born_before_cohort"),
        ("1900-01-01", "born_before_cohort"),
        (None, "born_when_is_not_known"),
    ],
)
def test_which_pupils_are_in_it(
    tell: Callable[..., Told], born: str | None, reason: str | None
) -> None:
    seen = {"pupil_matching_ref": "PMR1", "academic_year": "2005/06", "school_urn": "100001"}
    told = tell(
        {
            "npd_pupil": [{**PUPIL, "date_of_birth": born}],
            "npd_spring_census": [seen],
            "npd_school": [{"school_urn": "100001", "region": "H"}, {"school_urn": "100002"}],
        },
        [("npd", 0, "npd/PMR1", None)],
    )
    rows = told("SELECT region FROM moj_dfe.npd_spring_census")
    assert rows == ([] if reason else [("H",)])
    assert told.ledger.get(("npd_pupil", reason or "")) == (1 if reason else None)
    assert told.ledger.get(("npd_spring_census", "pupil_left_out")) == (1 if reason else None)


def test_events_and_school_years_outside_the_coverage_are_left_out(
    tell: Callable[..., Told],
) -> None:
    late = {**ARREST, "arrest_summons_id": 2, "event_on": "2021-01-01"}
    offences = [{"offence_id": n, "pnc_person_id": 1, "arrest_summons_id": n} for n in (1, 2)]
    disposals = [{"disposal_id": n, "pnc_person_id": 1, "offence_id": n} for n in (1, 2)]
    years = [
        {"pupil_matching_ref": "PMR1", "academic_year": y}
        for y in ("1999/00", "2000/01", "2020/21")
    ]
    told = tell(
        {
            "pnc_person": [PERSON],
            "pnc_arrest_summons": [ARREST, late],
            "pnc_offence": offences,
            "pnc_disposal": disposals,
            "npd_pupil": [PUPIL],
            "npd_nccis": years,
        },
        LINKED,
    )
    assert told("SELECT disposal_id FROM moj_dfe.pnc_disposal") == [(1,)]
    assert told.ledger["pnc_arrest_summons", "outside_coverage"] == 1
    assert told.ledger["pnc_offence", "arrest_left_out"] == 1
    assert told.ledger["pnc_disposal", "offence_left_out"] == 1
    assert told("SELECT count(*) FROM moj_dfe.npd_nccis") == [(2,)]
    assert told.ledger["npd_nccis", "outside_coverage"] == 1


def test_only_cases_and_journeys_of_people_of_the_cohort_are_in_it(
    tell: Callable[..., Told],
) -> None:
    old = {**PERSON, "pnc_person_id": 2, "date_of_birth": "01/02/1980"}
    mine = [("pnc", 0, "pnc/1", None), ("pnc", 1, "pnc/2", None)]
    people = [(d, n, f"pnc/{n}", "number_and_birthday") for d in FOLLOWED for n in (1, 2)]
    strangers = [(d, 3, f"{d}/x", None) for d in FOLLOWED]
    follows = {
        dataset: [{"record_id": f"{dataset}/{n}", RECORD: n} for n in (1, 2, 3, 4)]
        for dataset in FOLLOWED
    }
    told = tell({"pnc_person": [PERSON, old]}, [*mine, *people, *strangers], follows)
    for table in ("magistrates_case", "crown_case", "prison_journey"):
        rows = told(f"SELECT unique_id, split_part({table}_id, '/', 2) FROM moj_dfe.{table}")
        assert rows == [("pnc/1", "1")], table


MONTHS = {"the month before": "2008-05-31", "that month": "2008-06-10", "after": "2008-07-01"}


@pytest.mark.parametrize("born", ["1990-06-01", "1990-06-30"])
def test_what_the_police_may_do_at_an_age_does_not_tell_the_birthday(
    tell: Callable[..., Told], born: str
) -> None:
    day = date.fromisoformat(born).strftime("%d/%m/%Y")
    numbered = dict(enumerate(MONTHS.values(), 1))
    told = tell(
        {
            "pnc_person": [{**PERSON, "date_of_birth": day, "created_on": "2008-01-01"}],
            "pnc_arrest_summons": [
                {**ARREST, "arrest_summons_id": n, "event_on": d} for n, d in numbered.items()
            ],
            "pnc_caution": [
                {"caution_id": n, "pnc_person_id": 1, "arrest_summons_id": n, "caution_type": "RP",
                 "cautioned_on": d} for n, d in numbered.items()
            ],
            "pnc_remand": [
                {"remand_id": n, "pnc_person_id": 1, "arrest_summons_id": n, "remand_type": "YD",
                 "remanded_on": d} for n, d in numbered.items()
            ],
            "pnc_court_appearance": [
                {"court_appearance_id": n, "pnc_person_id": 1, "arrest_summons_id": n,
                 "court_type": "Y", "first_hearing_on": d} for n, d in numbered.items()
            ],
        },
        LINKED,
    )  # fmt: skip
    for table, kind, key in (
        ("pnc_caution", "caution_type", "caution_id"),
        ("pnc_remand", "remand_type", "remand_id"),
        ("pnc_court_appearance", "court_type", "court_appearance_id"),
    ):
        rows = told(f"SELECT {kind} IS NULL FROM moj_dfe.{table} ORDER BY {key}")
        assert rows == [(False,), (True,), (False,)], table


@pytest.mark.parametrize(
    ("table", "ends"),
    [
        ("npd_cla_episode", "episode_end_date"),
        ("npd_cpp", "plan_end_date"),
        ("npd_cin", "closure_date"),
    ],
)
def test_what_ends_on_the_18th_birthday_is_told_by_its_month(
    spec: Specification, table: str, ends: str
) -> None:
    released, query = release(spec, spec.shares["moj_dfe"].tables[table])
    assert released.variables[ends].release is Treatment.YEAR_MONTH
    assert f"date_trunc('month', {DERIVED}.\"{ends}\")" in query


def test_an_appearance_that_is_not_there_is_not_pointed_to(tell: Callable[..., Told]) -> None:
    offence = {"offence_id": 1, "pnc_person_id": 1, "arrest_summons_id": 1,
               "court_appearance_id": 9}  # fmt: skip
    told = tell(
        {"pnc_person": [PERSON], "pnc_arrest_summons": [ARREST], "pnc_offence": [offence]}, LINKED
    )
    assert told("SELECT court_appearance_id FROM moj_dfe.pnc_offence") == [(None,)]


def test_ages_are_from_the_month_of_birth(tell: Callable[..., Told]) -> None:
    told = tell({"pnc_person": [PERSON], "pnc_arrest_summons": [ARREST]}, LINKED)
    assert told("SELECT age_at_event FROM moj_dfe.pnc_arrest_summons") == [(19,)]
