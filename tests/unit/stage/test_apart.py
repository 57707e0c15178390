"""Is a rule about all datasets asked of their linkage records, and are its people cut?"""

from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from datafirst.errors import SpecificationError
from datafirst.settings import PROJECT
from datafirst.spec import load
from datafirst.stage.apart import taken_apart

BORN = {"crown": ["1960-03-04", "1990-01-02"], "prison": ["1991-01-02", "1960-03-14"]}
"""Father and son in two datasets; the prison knows the son by another year."""


@pytest.fixture
def con() -> Any:
    """All four records are one person, held together by the namesakes' two edges of 9 bits."""
    with duckdb.connect() as opened:
        each = []
        for dataset, dates in BORN.items():
            opened.execute(
                f"CREATE TABLE records_{dataset} AS SELECT '{dataset}' AS dataset, n - 1 AS _row, "
                f"0 AS variant, n::VARCHAR AS record_id, {dates}[n]::DATE AS date_of_birth "
                "FROM range(1, 3) t(n)"
            )
            each.append(f"SELECT dataset, _row, record_id FROM records_{dataset}")
        opened.execute(
            "CREATE TABLE people AS SELECT *, 'crown/1' AS person_strict, 'crown/1' AS "
            "person_standard, 'crown/1' AS person_loose, dataset || '/1' AS dataset_person "
            f"FROM ({' UNION ALL '.join(each)})"
        )
        opened.execute(
            "CREATE TABLE edges AS SELECT 'crown' AS dataset_l, l::BIGINT AS _row_l, 'prison' AS "
            "dataset_r, r::BIGINT AS _row_r, w::DOUBLE AS match_weight, s::TINYINT AS strength "
            "FROM (VALUES (0, 1, 20, 3), (1, 0, 18, 3), (0, 0, 9, 2), (1, 1, 9, 2)) t(l, r, w, s)"
        )
        yield opened


def asked(con: duckdb.DuckDBPyConnection, query: str | None = None) -> dict[str, int]:
    spec = load(PROJECT / "config")
    if query:
        rule = spec.linkage.impossible["ages_apart"].model_copy(update={"query": query})
        linkage = spec.linkage.model_copy(update={"impossible": {"ages_apart": rule}})
        spec = spec.model_copy(update={"linkage": linkage})
    release = SimpleNamespace(impossible=("ages_apart",))
    plan = cast("Any", SimpleNamespace(spec=spec, release=release, snapshots={}))
    records = {dataset: f"records_{dataset}" for dataset in BORN}
    return taken_apart(con, plan, records, cast("Any", None))


def test_father_and_son_are_taken_apart(con: duckdb.DuckDBPyConnection) -> None:
    assert asked(con) == {"ages_apart": 4, "people_cut": 1}
    con.execute("SELECT dataset, record_id, person_loose, flag FROM people ORDER BY ALL")
    assert con.fetchall() == [
        ("crown", "1", "crown/1", "ages_apart"),
        ("crown", "2", "crown/2", "ages_apart"),
        ("prison", "1", "crown/2", "ages_apart"),
        ("prison", "2", "crown/1", "ages_apart"),
    ]
    left = {name for (name,) in con.execute("SHOW TABLES").fetchall()}
    assert not left & {"together", "records", "impossible"}


def test_a_rule_that_cannot_be_asked_is_named(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(SpecificationError, match=r"linkage/impossible/ages_apart\.sql"):
        asked(con, "SELECT nothing FROM records")
