"""Who is who

People are found by probabilistic linkage (Fellegi and Sunter 1969) with models that are trained
apart from any release.
"""

import duckdb
import pytest

from datafirst.link.cluster import cluster
from datafirst.link.records import records
from datafirst.link.standardise import standardised
from datafirst.spec import Specification, Thresholds


def cleaned(con: duckdb.DuckDBPyConnection, spec: Specification, field: str, value: str) -> object:
    sql = standardised(spec.linkage.fields[field], "$value")
    row = con.execute(f"SELECT {sql}::VARCHAR", {"value": value}).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date_of_birth", "1900-01-01"),
        ("date_of_birth", "1970-01-01"),
        ("surname", "NOT ENTERED"),
        ("postcode", "NF1 1NF"),
        ("postcode", "NF1 1FA"),
        ("cro", "000000/00Z"),
        ("pnc", "2001/0000001A"),
    ],
)
def test_placeholders_are_never_linked_on(
    con: duckdb.DuckDBPyConnection, spec: Specification, field: str, value: str
) -> None:
    """Placeholders count as missing: default dates of birth, "not entered", no fixed abode,
    dummy numbers, police numbers whose check letter is wrong."""
    assert cleaned(con, spec, field, value) is None


@pytest.mark.parametrize(
    ("field", "value", "becomes"),
    [
        ("surname", "MIG_ERROR_MC DONALD", "MCDONALD"),
        ("surname", "O'Neill-Jones", "ONEILL JONES"),
        ("sex", "1", "M"),
        ("sex", "F", "F"),
        ("sex", "NS", None),
    ],
)
def test_systems_are_brought_to_one_form(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    field: str,
    value: str,
    becomes: str | None,
) -> None:
    """Every system's way of writing names, dates, codes and numbers is brought to one form."""
    assert cleaned(con, spec, field, value) == becomes


def test_companies_are_never_linked(con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
    """Companies are never linked as people, though their cases are released."""
    columns = ", ".join(
        f'NULL::VARCHAR AS "{v.name}"'
        for v in spec.source_table("libra.hocas_flatfile")
        if v.name not in ("case_id", "defendant_id", "defendant_type", "forename1", "surname")
    )
    con.execute(
        f"CREATE TABLE hocas_flatfile AS SELECT n AS _row, n::VARCHAR AS case_id, "
        "n::VARCHAR AS defendant_id, ['P', 'O'][n] AS defendant_type, 'ANNE' AS forename1, "
        f"'SMITH' AS surname, {columns} FROM range(1, 3) r(n)"
    )
    found = con.execute(f"SELECT _row FROM ({records(spec, 'magistrates')})").fetchall()
    assert found == [(1,)]


def test_no_pair_is_scored_by_two_models(spec: Specification) -> None:
    """No pair of records is scored by two models: there is one for the duplicates within a dataset
    and one between two datasets."""
    for release in spec.releases.values():
        models = [spec.linkage.models[name] for name in release.models]
        compared = [frozenset(m.datasets) for m in models if m.produces == "people"]
        assert len(compared) == len(set(compared)), release.version


def test_people_are_nested(con: duckdb.DuckDBPyConnection) -> None:
    """Estimated people are given at three strengths of evidence, and they are nested: one strict
    person lies within one standard person, and that within one loose person."""
    con.execute(
        "CREATE TABLE r AS SELECT 'a' AS dataset, n::VARCHAR AS record_id, n AS _row "
        "FROM range(6) t(n)"
    )
    con.execute(
        "CREATE TABLE edges AS SELECT 'a' AS dataset_l, n AS _row_l, 'a' AS dataset_r, "
        "n + 1 AS _row_r, [16.0, 9.0, 5.0, 9.0, 16.0][n + 1] AS match_weight FROM range(5) t(n)"
    )
    cluster(con, {"a": "r"}, "edges", Thresholds(strict=14, standard=8, loose=4))
    counts = con.execute(
        "SELECT count(DISTINCT person_strict), count(DISTINCT person_standard), "
        "count(DISTINCT person_loose) FROM people"
    ).fetchone()
    assert counts == (4, 2, 1)
    broken = con.execute(
        "SELECT person_strict FROM people GROUP BY ALL HAVING count(DISTINCT person_standard) > 1 "
        "UNION SELECT person_standard FROM people GROUP BY ALL "
        "HAVING count(DISTINCT person_loose) > 1"
    ).fetchall()
    assert broken == []
