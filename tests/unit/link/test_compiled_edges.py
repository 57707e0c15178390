"""Do our own models find the same edges by the engine as by Splink?"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from datafirst.link import score as scoring
from datafirst.link.by import By
from datafirst.link.compiled_edges import FOUND
from datafirst.link.score import score
from datafirst.spec import Specification
from datafirst.spec.linkage import Veto

from .conftest import MODELS, Courts

ENGINE, SPLINK = By("compiled"), By("splink")

RARE = 'jaccard("surname_l", "surname_r") >= 0.77'
"""A condition that the engine does not know."""


@pytest.fixture
def written(courts: Courts) -> Iterator[dict[str, str]]:
    """The courts' records, a tenth of them written in other ways too: with the first name of
    another, or the names in the wrong order."""
    made = {dataset: f"{table}_written" for dataset, table in courts.records.items()}
    for dataset, table in courts.records.items():
        courts.con.execute(
            f"CREATE OR REPLACE TABLE {made[dataset]} AS FROM {table} UNION ALL BY NAME "
            f"SELECT * REPLACE (1 AS variant, surname AS forename1, forename1 AS surname) "
            f"FROM {table} WHERE _row % 10 = 3 UNION ALL BY NAME SELECT * REPLACE (2 AS variant, "
            f"coalesce(forename2, 'JO') AS forename1) FROM {table} WHERE _row % 10 IN (3, 4)"
        )
    yield made
    for table in made.values():
        courts.con.execute(f"DROP TABLE {table}")


def edges(courts: Courts, table: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = courts.con.execute(f"FROM {table}").fetchall()
    return found


def both(
    courts: Courts,
    name: str,
    records: Mapping[str, str] | None = None,
    spec: Specification | None = None,
    changed: str | None = None,
) -> list[tuple[Any, ...]]:
    """The edges by the engine, which are those by Splink to the last column and in one order."""
    model, own = courts.trained[name], records or courts.records
    for by, into in ((ENGINE, "by_engine"), (SPLINK, "by_splink")):
        said = score(courts.con, spec or courts.spec, model, own, into, changed, by)
        assert said.by == by.engine
    ours, theirs = (edges(courts, table) for table in ("by_engine", "by_splink"))
    assert len(ours) == len(theirs)
    assert sum(a != b for a, b in zip(ours, theirs, strict=True)) == 0
    shape = [courts.con.execute(f"DESCRIBE {t}").fetchall() for t in ("by_engine", "by_splink")]
    assert shape[0] == shape[1]
    return ours


@pytest.mark.parametrize("name", MODELS)
def test_the_same_edges(courts: Courts, name: str) -> None:
    found = both(courts, name)
    assert len(found) > 300


@pytest.mark.parametrize("name", ["magistrates", "magistrates_crown"])
def test_people_who_are_written_in_several_ways(
    courts: Courts, written: dict[str, str], name: str
) -> None:
    found = both(courts, name, records=written)
    assert found != edges(courts, f"edges_{name}"), "another way brings some together"


def vetoing(spec: Specification, name: str, when: str) -> Specification:
    """The specification, whose model is vetoed by what may hold of one order of a pair only."""
    model = spec.linkage.models[name].model_copy(update={"vetoes": ("odd",)})
    update = {
        "models": {**spec.linkage.models, name: model},
        "vetoes": {**spec.linkage.vetoes, "odd": Veto(says="Never so.", when=when)},
    }
    return spec.model_copy(update={"linkage": spec.linkage.model_copy(update=update)})


@pytest.mark.parametrize("name", ["magistrates", "magistrates_crown"])
@pytest.mark.parametrize("when", ["l.sex = 'M' AND r.sex = 'F'", "l.forename1 < r.forename1"])
def test_vetoes_are_asked_of_the_same_order(
    courts: Courts, written: dict[str, str], name: str, when: str
) -> None:
    spec = vetoing(courts.spec, name, when)
    found = both(courts, name, spec=spec, records=written)
    fewer = len(edges(courts, "by_engine"))
    score(courts.con, courts.spec, courts.trained[name], written, into="unvetoed")
    assert 0 < fewer == len(found) < len(edges(courts, "unvetoed"))


@pytest.mark.parametrize("name", MODELS)
def test_only_what_changed_is_scored(courts: Courts, name: str) -> None:
    courts.con.execute(
        "CREATE OR REPLACE TABLE changed AS " + " UNION ALL ".join(
            f"SELECT '{dataset}' AS dataset, _row FROM {table} WHERE _row % 20 = 7"
            for dataset, table in courts.records.items()
        )
    )  # fmt: skip
    found = both(courts, name, changed="changed")
    whole = edges(courts, f"edges_{name}")
    assert found == [one for one in whole if 7 in (one[1] % 20, one[3] % 20)]
    assert 0 < len(found) < len(whole)


def test_identical_records_are_edges_all(courts: Courts) -> None:
    """Half of the people were entered twice, letter for letter."""
    table = courts.records["magistrates"]
    (most,) = courts.con.execute(f"SELECT max(_row) + 1 FROM {table}").fetchall()[0]
    courts.con.execute(
        f"CREATE OR REPLACE TABLE twice AS FROM {table} UNION ALL BY NAME "
        f"SELECT * REPLACE (_row + {most} AS _row) FROM {table} WHERE _row % 2 = 0"
    )
    found = both(courts, "magistrates", records={"magistrates": "twice"})
    again = sum(right == left + most for _, left, _, right, *_ in found)
    assert again > most // 3


def odd(trained: dict[str, Any], sql: str) -> dict[str, Any]:
    """A trained model, one of whose levels asks something else: of names that are alike."""
    made = copy.deepcopy(trained)
    each = made["splink"]["comparisons"]
    names = next(c for c in each if "surname" in c["output_column_name"])
    names["comparison_levels"][2]["sql_condition"] = sql
    return made


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        (RARE, "jaccard"),
        ("soundex_of(\"surname_l\", 'O''HARA') = \"surname_r\"", "soundex_of"),
        ('"surname_l" < "surname_r" || \'SMITH\'', "one record's value < the other's"),
        ("CASE WHEN \"surname_l\" = 'SMITH' THEN \"surname_r\" = 'JONES' END", "CASE"),
    ],
)
def test_what_the_engine_does_not_know_is_asked_of_splink(
    courts: Courts, sql: str, what: str
) -> None:
    """And it is said so, without a value."""
    courts.con.execute("CREATE OR REPLACE MACRO soundex_of(a, b) AS a || b")
    trained = odd(courts.trained["magistrates"], sql)
    said = score(courts.con, courts.spec, trained, courts.records, into="by_engine")
    assert said.by == f"splink, as the compiled engine does not know: {what}"
    score(courts.con, courts.spec, trained, courts.records, into="by_splink", by=SPLINK)
    found = edges(courts, "by_engine")
    assert found == edges(courts, "by_splink")
    assert len(found) > 300


def test_what_fails_for_a_record_of_which_splink_does_not_ask_it(courts: Courts) -> None:
    sql = '"surname_l" LIKE \'9%\' AND CAST("surname_l" AS INT) = CAST("surname_r" AS INT)'
    trained = odd(courts.trained["magistrates"], sql)
    said = score(courts.con, courts.spec, trained, courts.records, into="by_engine")
    assert said.by.startswith("splink, as the compiled engine does not know: ")
    assert "an expression that fails for some record" in said.by


def test_nothing_is_left_behind(courts: Courts, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views()"
    for name, sql in (("by_engine", None), ("by_splink", RARE)):
        trained = odd(courts.trained["magistrates"], sql) if sql else courts.trained["magistrates"]
        score(courts.con, courts.spec, trained, courts.records, into=name)
        before = sorted(courts.con.execute(asked).fetchall())
        score(courts.con, courts.spec, trained, courts.records, into=name)
        assert sorted(courts.con.execute(asked).fetchall()) == before
        assert (FOUND,) not in before
    monkeypatch.setattr(scoring, "edges_of", None)  # it fails half-way
    with pytest.raises(TypeError):
        score(courts.con, courts.spec, courts.trained["magistrates"], courts.records, into="never")
    left = {name for (name,) in courts.con.execute(asked).fetchall()}
    assert not {name for name in left if name.startswith(("compared_", "share_of_", "engine_"))}
