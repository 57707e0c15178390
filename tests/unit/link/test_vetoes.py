"""Are twins told apart, however much they agree?"""

import duckdb
import pytest

from datafirst.link.read import fields_read
from datafirst.link.vetoes import asked, unvetoed
from datafirst.spec import LinkModel, Specification

TOM = {
    "forename1": "THOMAS",
    "surname": "HILL",
    "date_of_birth": "1990-01-02",
    "postcode": "M1 1AE",
}
NUMBERS = ("pnc", "cro", "noms_number")
EDGE = "SELECT 'a' AS dataset_l, 0 AS n_l, 'a' AS dataset_r, 64 AS n_r, 20.0 AS match_weight"


@pytest.fixture
def model(spec: Specification) -> LinkModel:
    return spec.linkage.models["magistrates"].model_copy(update={"datasets": ("a",)})


def spared(spec: Specification, model: LinkModel, *people: dict[str, str | None]) -> int:
    """How many of the edges between two people no veto takes away."""
    with duckdb.connect() as con:
        for row, person in enumerate(people):
            one = {**dict.fromkeys(NUMBERS), **person}
            columns = ", ".join(
                f"{'NULL::VARCHAR' if v is None else repr(v)} AS {c}" for c, v in one.items()
            )
            begin = "INSERT INTO records" if row else "CREATE TABLE records AS"
            con.execute(
                f"{begin} SELECT 'a' AS dataset, {row}::BIGINT AS _row, 0 AS variant, {columns}, "
                "NULL::DATE[] AS sentence_dates"
            )
        return len(con.execute(unvetoed(spec, model, {"a": "records"}, EDGE)).fetchall())


def test_twins_are_two_people(spec: Specification, model: LinkModel) -> None:
    assert spared(spec, model, TOM, {**TOM, "forename1": "MARGARET"}) == 0


@pytest.mark.parametrize(
    "other",
    [
        {"forename1": "TOMAS"},
        {"forename1": "MARGARET", "postcode": "LS1 4AP"},
        {"forename1": "MARGARET", "date_of_birth": "1991-01-02"},
        {"forename1": "MARGARET", "surname": "HALL"},
        {"forename1": None},
    ],
)
def test_who_differs_otherwise_is_judged_by_the_weight(
    spec: Specification, model: LinkModel, other: dict[str, str | None]
) -> None:
    assert spared(spec, model, TOM, {**TOM, **other}) == 1


def test_one_number_of_police_or_prisons_makes_one_person_of_two_forenames(
    spec: Specification, model: LinkModel
) -> None:
    for number in NUMBERS:
        known = {**TOM, number: "2010/0000001B"}
        assert spared(spec, model, known, {**known, "forename1": "MARGARET"}) == 1


def test_a_model_without_vetoes_spares_all(spec: Specification, model: LinkModel) -> None:
    lax = model.model_copy(update={"vetoes": ()})
    assert spared(spec, lax, TOM, {**TOM, "forename1": "MARGARET"}) == 1


def test_what_a_veto_asks_is_in_the_records(spec: Specification) -> None:
    family = spec.linkage.models["family"]
    assert "pnc" in asked(spec, family)
    assert "pnc" in fields_read(spec, [family])


def test_a_way_of_writing_beyond_those_compared_does_not_hide_a_veto(
    spec: Specification, model: LinkModel
) -> None:
    """Record 0's 65th way would have the number of record 1, and another name."""
    with duckdb.connect() as con:
        for row, variant, forename in ((0, 0, "THOMAS"), (1, 0, "MARGARET"), (0, 64, "THOMAS")):
            person = {**TOM, "forename1": forename}
            columns = ", ".join(f"{value!r} AS {name}" for name, value in person.items())
            begin = "INSERT INTO records" if row or variant else "CREATE TABLE records AS"
            con.execute(
                f"{begin} SELECT 'a' AS dataset, {row}::BIGINT AS _row, {variant} AS variant, "
                f"{columns}, NULL::DATE[] AS sentence_dates, "
                + ", ".join(f"NULL::VARCHAR AS {number}" for number in NUMBERS)
            )
        assert con.execute(unvetoed(spec, model, {"a": "records"}, EDGE)).fetchall() == []
