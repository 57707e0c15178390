"""Are a dataset's linkage records made from its tables as the specification says?"""

from pathlib import Path

import duckdb
import pytest

from datafirst.errors import SpecificationError
from datafirst.link.records import digest, records
from datafirst.spec import FieldKind, LinkField, Specification, load

HISTORICAL = Path(__file__).parents[3] / "examples" / "historical" / "config"


@pytest.fixture(scope="module")
def figures() -> Specification:
    """Historical figures, as their table's own variables say what they link as."""
    return with_dataset(load(HISTORICAL), query=None)


def with_dataset(spec: Specification, **changes: object) -> Specification:
    dataset = next(iter(spec.linkage.datasets.values())).model_copy(update=changes)
    linkage = spec.linkage.model_copy(update={"datasets": {dataset.id: dataset}})
    return spec.model_copy(update={"linkage": linkage})


def figures_table() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE historical_figures_50k AS SELECT * FROM (VALUES "
        "(0, 'Q1-1', 'Q1', 'józef', 'o''neill', '1861-02-03', 'm1 1ae', 'male'), "
        "(1, 'Q1-2', 'Q1', NULL, NULL, '1861-86-03', 'junk', 'female')) "
        "t(_row, unique_id, cluster, first_name, surname, dob, postcode_fake, gender)"
    )
    con.execute(
        "ALTER TABLE historical_figures_50k ADD COLUMN birth_place VARCHAR; "
        "ALTER TABLE historical_figures_50k ADD COLUMN occupation VARCHAR"
    )
    return con


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, object]]:
    con.execute(query)
    names = [column[0] for column in con.description]
    return [dict(zip(names, row, strict=True)) for row in con.fetchall()]


def test_records_hold_every_field_standardised_and_its_parts(figures: Specification) -> None:
    first, second = rows(figures_table(), records(figures, "historical") + " ORDER BY _row")
    assert (first["dataset"], first["_row"], first["record_id"]) == ("historical", 0, "Q1-1")
    assert (first["forename1"], first["forename1_initial"], first["forename1_3"]) == (
        "JOZEF",
        "J",
        "JOZ",
    )
    assert (first["surname"], first["sex"]) == ("ONEILL", "M")
    assert str(first["date_of_birth"]) == "1861-02-03"
    assert (first["date_of_birth_year"], first["postcode_district"]) == (1861, "M1")
    assert second["date_of_birth"] is second["postcode"] is second["surname_3"] is None
    assert not {"cluster", "unique_id"} & set(first)


def test_companies_are_not_records(figures: Specification) -> None:
    people = with_dataset(figures, person_when="gender = 'male'")
    assert [r["_row"] for r in rows(figures_table(), records(people, "historical"))] == [0]
    chosen = with_dataset(figures, where="gender = 'female'")
    assert [r["_row"] for r in rows(figures_table(), records(chosen, "historical"))] == [1]


def test_fields_that_a_dataset_lacks_are_null(spec: Specification) -> None:
    """XHIBIT has no CRO numbers; every dataset still has the same columns."""
    assert "CAST(NULL AS VARCHAR) AS cro" in records(spec, "crown")
    assert "CAST(found.cro AS VARCHAR)" in records(spec, "magistrates")


def test_two_variables_of_one_field_are_refused(figures: Specification) -> None:
    wikidata = figures.systems["wikidata"]
    table = wikidata.tables["historical_figures_50k"]
    twice = table.variables["full_name"].model_copy(update={"links_as": "surname"})
    tables = {**wikidata.tables, table.name: table.replace([*table, twice])}
    systems = {**figures.systems, "wikidata": wikidata.model_copy(update={"tables": tables})}
    with pytest.raises(SpecificationError, match="both link as surname"):
        records(figures.model_copy(update={"systems": systems}), "historical")


def test_a_join_to_no_table_is_refused(figures: Specification) -> None:
    with pytest.raises(SpecificationError, match="no table elsewhere"):
        records(with_dataset(figures, joins=("elsewhere using (x)",)), "historical")


def test_joined_tables_are_read(spec: Specification) -> None:
    crown = spec.linkage.datasets["crown"].model_copy(
        update={"query": None, "joins": ("xhb_defendant using (defendant_id)",)}
    )
    linkage = spec.linkage.model_copy(update={"datasets": {"crown": crown}})
    query = records(spec.model_copy(update={"linkage": linkage}), "crown")
    assert "LEFT JOIN xhb_defendant using (defendant_id)" in query
    assert "xhb_defendant.surname" in query


def test_the_digest_changes_with_how_records_are_made(figures: Specification) -> None:
    other = with_dataset(figures, where="gender = 'female'")
    model = next(iter(figures.linkage.models.values()))
    assert digest(figures, model) == digest(figures, model)
    assert digest(figures, model) != digest(other, model)


def test_the_digest_does_not_change_with_fields_that_the_model_leaves_alone(
    figures: Specification,
) -> None:
    model = next(iter(figures.linkage.models.values()))
    field = LinkField(kind=FieldKind.TEXT, description="Number of the shoe.")
    fields = {**figures.linkage.fields, "shoe_size": field}
    linkage = figures.linkage.model_copy(update={"fields": fields})
    more = figures.model_copy(update={"linkage": linkage})
    assert digest(more, model) == digest(figures, model)


ALIASES = """
SELECT _row, 0 AS variant, first_name AS forename1, surname FROM historical_figures_50k
UNION ALL SELECT _row, 1, birth_place, surname FROM historical_figures_50k
"""


def test_a_query_gives_every_way_in_which_a_person_is_written(figures: Specification) -> None:
    aliased = with_dataset(figures, query=ALIASES)
    con = figures_table()
    con.execute("UPDATE historical_figures_50k SET birth_place = 'Zoë' WHERE _row = 0")
    made = rows(con, records(aliased, "historical") + " ORDER BY _row, variant")
    ways = [(r["_row"], r["variant"], r["record_id"], r["forename1"]) for r in made[:2]]
    assert ways == [(0, 0, "Q1-1", "JOZEF"), (0, 1, "Q1-1", "ZOE")]
    assert made[0]["surname"] == made[1]["surname"] == "ONEILL"
    assert made[0]["date_of_birth"] is made[0]["postcode_district"] is None


def test_only_the_fields_that_are_asked_for_are_made(figures: Specification) -> None:
    (first, _) = rows(figures_table(), records(figures, "historical", ["surname"]))
    assert set(first) == {
        *("dataset", "_row", "variant", "record_id", "surname", "surname_initial", "surname_3"),
        "surname_soundex",
    }
