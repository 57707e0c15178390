"""What cleaning mends or takes away is counted by its step, in every dataset, and not linked on.

The faults are those that the Ministry of Justice's own cleaning removes; here each is written into
every variable that a dataset links on.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import duckdb
import pytest

from datafirst.link.cleaned import RECODED, cleaned
from datafirst.link.records import records
from datafirst.settings import PROJECT
from datafirst.spec import Specification, Type, load

SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.DATE: "DATE"}
Counts = dict[str, dict[str, int]]

PEOPLE: dict[str, dict[str, dict[str, Any]]] = {
    "magistrates": {"hocas_flatfile": {"defendant_type": "P"}},
    "crown": {
        "xhb_case": {"case_id": 1},
        "xhb_address": {"address_id": 1},
        "xhb_defendant": {"defendant_id": 1, "address_id": 1},
        "xhb_defendant_on_case": {"case_id": 1, "defendant_id": 1},
    },
    "prison": {
        "offenders": {"offender_id": 1, "root_offender_id": 1},
        "offender_addresses": {"root_offender_id": 1, "address_id": 1},
    },
    "probation": {
        "delius_offender": {"offender_id": 1, "soft_deleted": 0, "gender_id": 1, "ethnicity_id": 1},
        "delius_address": {"offender_id": 1, "soft_deleted": 0},
        "delius_r_gender": {"gender_id": 1},
        "delius_r_ethnicity": {"ethnicity_id": 1},
    },
    "family": {
        "fm_parties": {"party": 1, "address": 1},
        "fm_roles": {"party": 1, "case_number": "BM15C00000000001"},
        "fm_addresses": {"address": 1},
    },
    "civil": {
        "cm_party": {"case_number": "A01AB123", "party_number": 1, "forename1": "ANN"},
        "cm_address": {"case_number": "A01AB123", "party_number": 1, "address_type": "SERV"},
    },
    "oasys": {"oasys_set": {"offender_pk": 1}},
    "pnc": {"pnc_person": {"pnc_person_id": 1}},
    "npd": {"npd_pupil": {"pupil_matching_ref": "PMR1"}},
}
"""What makes a row of each dataset a record, before anything is written of the person."""

Written = Callable[[str, str, Any], tuple[Counts, Any]]


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture(scope="module")
def systems(spec: Specification) -> Iterator[dict[str, duckdb.DuckDBPyConnection]]:
    """The tables of each dataset's system, without rows."""
    with ExitStack() as opened:
        made = {}
        for dataset in PEOPLE:
            made[dataset] = con = opened.enter_context(duckdb.connect())
            for table in spec.systems[spec.linkage.datasets[dataset].system].tables.values():
                columns = ", ".join(f'"{v.name}" {SQL.get(v.type, "VARCHAR")}' for v in table)
                con.execute(f"CREATE TABLE {table.name} (_row BIGINT DEFAULT 0, {columns})")
        yield made


@pytest.fixture(scope="module")
def written(spec: Specification, systems: dict[str, duckdb.DuckDBPyConnection]) -> Written:
    """Writes a value into a field of a dataset's one record: what is counted, and what is left."""

    def write(dataset: str, field: str, value: Any) -> tuple[Counts, Any]:
        system = spec.systems[spec.linkage.datasets[dataset].system]
        con = systems[dataset].begin()
        for name, row in PEOPLE[dataset].items():
            here = [v.name for v in system.tables[name] if v.links_as == field]
            put(con, name, {**row, **dict.fromkeys(here, value)})
        counts: Counts = {}
        for of, step, n in con.execute(cleaned(spec, dataset) or "").fetchall():
            counts.setdefault(of, {})[step] = n
        query = f"SELECT {field} FROM ({records(spec, dataset, [field])}) WHERE variant = 0"
        [(left,)] = con.execute(query).fetchall()
        con.rollback()
        return counts, left

    return write


def put(con: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", [*row.values()])


@pytest.mark.parametrize("dataset", PEOPLE)
@pytest.mark.parametrize("born", ["1900-01-01", "1970-01-01"])
def test_placeholder_dates_of_birth(written: Written, dataset: str, born: str) -> None:
    assert written(dataset, "date_of_birth", born) == (
        {"date_of_birth": {"placeholders": 1}},
        None,
    )


@pytest.mark.parametrize("dataset", PEOPLE)
@pytest.mark.parametrize("prefix", ["MIG_ERROR_", "NO_SHOW_", "DUPLICATE_"])
def test_names_with_prefixes_of_migration(written: Written, dataset: str, prefix: str) -> None:
    step = "marks of migration and of duplicates"
    assert written(dataset, "surname", f"{prefix}LEE") == ({"surname": {step: 1}}, "LEE")


@pytest.mark.parametrize("dataset", PEOPLE)
def test_names_not_entered(written: Written, dataset: str) -> None:
    step = "words that say there is no name"
    assert written(dataset, "surname", "NOT ENTERED") == ({"surname": {step: 1}}, None)


@pytest.mark.parametrize("dataset", [d for d in PEOPLE if d != "civil"])
@pytest.mark.parametrize(
    ("name", "step", "left"),
    [
        ("MC DONALD", "MC belongs to what follows", "MCDONALD"),
        ("LEE-GREY", "hyphens and everything else are spaces", "LEE GREY"),
        ("O'NEILL", "apostrophes, quotes and digits vanish", "ONEILL"),
        ('LE"E', "apostrophes, quotes and digits vanish", "LEE"),
        ("LEE\\", "hyphens and everything else are spaces", "LEE"),
        ("DE\nLEE", "written-out and real line breaks are spaces", "DE LEE"),
        ("LEE J", "single letters are dropped", "LEE"),
    ],
)
def test_stray_marks_and_letters_in_names(
    written: Written, dataset: str, name: str, step: str, left: str
) -> None:
    counts, found = written(dataset, "surname", name)
    assert found == left
    assert counts["surname"][step] == 1


@pytest.mark.parametrize("dataset", PEOPLE)
@pytest.mark.parametrize("blank", ["", "   "])
def test_blank_names_are_missing(written: Written, dataset: str, blank: str) -> None:
    _, left = written(dataset, "surname", blank)
    assert left is None


@pytest.mark.parametrize("dataset", PEOPLE)
@pytest.mark.parametrize(
    ("postcode", "step"),
    [
        ("NF1 1NF", "no fixed abode"),
        ("NF1 1FA", "no fixed abode"),
        ("SEE FILE", "one space before the inward code, or no postcode"),
    ],
)
def test_postcodes_of_no_home(written: Written, dataset: str, postcode: str, step: str) -> None:
    assert written(dataset, "postcode", postcode) == ({"postcode": {step: 1}}, None)


NUMBERED = {"magistrates": "pnc cro", "crown": "pnc", "probation": "pnc cro", "oasys": "pnc cro",
            "pnc": "pnc cro"}  # fmt: skip
NUMBERS = [
    ("cro", "000000/00Z", "serials are not nought"),
    ("cro", "000124/14B", "the check letter holds"),
    ("cro", "SEE FILE", "or no number"),
    ("pnc", "2014/0123457D", "the check letter holds"),
    ("pnc", "NOT KNOWN", "or no number"),
]


@pytest.mark.parametrize("dataset", NUMBERED)
@pytest.mark.parametrize(("field", "number", "step"), NUMBERS)
def test_numbers_that_are_nobodys(
    written: Written, dataset: str, field: str, number: str, step: str
) -> None:
    if field in NUMBERED[dataset].split():
        assert written(dataset, field, number) == ({field: {step: 1}}, None)


@pytest.mark.parametrize(("dataset", "field", "code"), [
    ("magistrates", "sex", "NS"), ("crown", "sex", 0), ("prison", "sex", "NK"),
    ("prison", "sex", "REF"), ("probation", "sex", "N"), ("family", "sex", "9"),
    ("oasys", "sex", "9"),
    ("prison", "ethnicity", "MERGE"), ("probation", "ethnicity", "ETH03"),
    ("probation", "ethnicity", "Z1"), ("oasys", "ethnicity", "NS"), ("pnc", "ethnicity", "UN"),
])  # fmt: skip
def test_codes_that_say_nothing(written: Written, dataset: str, field: str, code: Any) -> None:
    assert written(dataset, field, code) == ({field: {RECODED: 1}}, None)


def test_what_is_sound_is_not_counted(written: Written) -> None:
    sound = {"surname": "LEE", "date_of_birth": "1980-02-03", "postcode": "B1 1AA", "sex": "F"}
    for field, value in sound.items():
        counts, left = written("magistrates", field, value)
        assert counts == {}
        assert str(left) == value
