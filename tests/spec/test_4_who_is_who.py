"""Who is who

People are found by probabilistic linkage (Fellegi and Sunter 1969) with models that are trained
apart from any release.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link.apart import cut
from datafirst.link.cluster import cluster
from datafirst.link.guards import observed
from datafirst.link.inputs import VARIANTS, inputs
from datafirst.link.quiet import quieted
from datafirst.link.records import digest, records
from datafirst.link.score import score
from datafirst.link.settings import compared, settings
from datafirst.link.standardise import nothing, parts, standardised
from datafirst.link.train import train
from datafirst.spec import Specification, Thresholds

LIMITS = Thresholds(strict=14, standard=8, loose=4)
TOM = {
    "forename1": "THOMAS",
    "surname": "HILL",
    "date_of_birth": "1990-01-02",
    "sex": "M",
    "postcode": "M1 1AE",
}


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


COMPANIES = {
    "magistrates": ("hocas_flatfile", "defendant_type", {"P": 1, "O": 0}),
    "crown": ("xhb_defendant", "is_company", {"N": 1, "Y": 0}),
    "family": ("fm_parties", "organisation", {None: 1, "SHIRE COUNCIL": 0}),
    "civil": ("cm_party", "is_company", {"N": 1, "Y": 0}),
}
BESIDE = {
    "xhb_defendant": ({"defendant_id": "1"}, "xhb_defendant_on_case", {}),
    "fm_parties": ({"party": "1"}, "fm_roles", {"case_number": "BM15C00001"}),
}
"""What makes a defendant or party a record: the row that points to it."""


@pytest.mark.parametrize("dataset", COMPANIES)
def test_companies_are_never_linked(
    con: duckdb.DuckDBPyConnection, spec: Specification, dataset: str
) -> None:
    """Companies and public bodies are never linked as people, though their cases are released."""
    table, column, kinds = COMPANIES[dataset]
    for kind, linked in kinds.items():
        empty(con, spec, system(spec, dataset))
        key, other, row = BESIDE.get(table, ({}, None, {}))
        put(con, table, {**key, column: kind})
        if other:
            put(con, other, {**key, **row})
        found = con.execute(f"FROM ({records(spec, dataset)})").fetchall()
        assert len(found) == linked, kind


def system(spec: Specification, dataset: str) -> str:
    return spec.linkage.datasets[dataset].system


def empty(con: duckdb.DuckDBPyConnection, spec: Specification, system: str) -> None:
    """The tables of a system, without rows."""
    for table in spec.systems[system].tables.values():
        columns = ", ".join(f'"{v.name}" VARCHAR' for v in table)
        con.execute(f"CREATE OR REPLACE TABLE {table.name} (_row BIGINT DEFAULT 0, {columns})")


def put(con: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", [*row.values()])


def written(con: duckdb.DuckDBPyConnection, spec: Specification, dataset: str, *ways: Any) -> None:
    """Linkage records: (row, variant, what differs from Tom Hill) for each way of writing one."""
    fields = spec.linkage.fields
    derived = {c: sql for n, f in fields.items() for c, sql in parts(n, f.kind).items()}
    each = " UNION ALL ".join(
        f"SELECT '{dataset}' AS dataset, {row}::BIGINT AS _row, {variant} AS variant, "
        f"'{row}' AS record_id, "
        + ", ".join(
            f"{nothing(f) if value is None else repr(value)} AS {n}"
            for n, f in fields.items()
            for value in [{**TOM, **other}.get(n)]
        )
        for row, variant, other in ways
    )
    typed = ", ".join(
        f"CAST({n} AS {'DATE' if f.kind in ('date', 'date_of_birth') else 'VARCHAR'}) AS {n}"
        for n, f in fields.items()
    )
    con.execute(
        f"CREATE OR REPLACE TABLE {dataset} AS WITH plain AS (SELECT * REPLACE ({typed}) "
        f"FROM ({each})) SELECT *, {', '.join(f'{sql} AS {c}' for c, sql in derived.items())} "
        "FROM plain"
    )


def told(spec: Specification, name: str, counts: dict[str, int]) -> dict[str, Any]:
    """A trained model, written by hand: to agree is nine times as likely for one person."""
    model = spec.linkage.models[name]
    made = settings(spec, model)
    for comparison in made["comparisons"]:
        levels = comparison["comparison_levels"][1:]
        for number, level in enumerate(levels):
            level.pop("tf_adjustment_column", None)
            level["m_probability"] = 0.9 if number == 0 else 0.1 / (len(levels) - 1)
            level["u_probability"] = 0.1 if number == 0 else 0.9 / (len(levels) - 1)
    made["probability_two_random_records_match"] = 0.1
    return {
        "model": name,
        "version": model.version,
        "records": counts,
        "standardised": digest(spec, model),
        "compared": compared(spec, model),
        "splink": made,
    }


def scored(
    con: duckdb.DuckDBPyConnection, spec: Specification, model: str, *datasets: str
) -> list[tuple[Any, ...]]:
    """The edges of a model between the records that were written of some datasets."""
    counts = dict.fromkeys(spec.linkage.models[model].datasets, 2)
    score(con, spec, told(spec, model, counts), {d: d for d in datasets}, above=-50)
    columns = "dataset_l, _row_l, dataset_r, _row_r, match_weight"
    return con.execute(f"SELECT {columns} FROM edges").fetchall()


OTHERWISE = {"surname": "ASH", "postcode": "LS1 4AP"}


def test_a_person_may_be_written_in_several_ways(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    """Who is written in several ways (other names, earlier addresses) is compared in each of
    them, and is as like another as the likest of them; no record is compared with itself."""
    written(con, spec, "prison", (1, 0, {}), (2, 0, OTHERWISE))
    [*_, main] = scored(con, spec, "prison", "prison")
    written(con, spec, "prison", (1, 0, {}), (1, 1, OTHERWISE), (2, 0, OTHERWISE))
    [one] = scored(con, spec, "prison", "prison")
    assert one[:4] == ("prison", 1, "prison", 2)
    assert one[4] > main[4]


def test_models_learn_from_the_main_way_alone(
    con: duckdb.DuckDBPyConnection, spec: Specification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models are trained on the main way alone in which each person is written.

    The other ways of one record would teach them that people rarely keep their names.
    """
    written(con, spec, "prison", (1, 0, {}), (1, 1, OTHERWISE), (2, 0, OTHERWISE))
    read: list[tuple[int, int]] = []

    @contextmanager
    def watched(*args: Any, **more: Any) -> Iterator[dict[str, str]]:
        with inputs(*args, **more) as tables:
            read.extend(con.execute(f"SELECT unique_id FROM {tables['prison']}").fetchall())
            raise StopIteration
            yield tables

    monkeypatch.setattr("datafirst.link.train.inputs", watched)
    with pytest.raises(RuntimeError):
        train(con, spec, spec.linkage.models["prison"], {"prison": "prison"})
    assert read == [(1 * VARIANTS,), (2 * VARIANTS,)]


@pytest.mark.parametrize(
    ("second", "edges"),
    [
        ({"forename1": "MARGARET"}, 0),
        ({"forename1": "TOMAS"}, 1),
        ({"forename1": "MARGARET", "postcode": "LS1 4AP"}, 1),
    ],
)
def test_twins_are_two_people(
    con: duckdb.DuckDBPyConnection, spec: Specification, second: dict[str, str], edges: int
) -> None:
    """Twins are two people, however much they agree: one surname, date of birth and postcode,
    but forenames that are not alike. One number of the police makes them one all the same."""
    written(con, spec, "prison", (1, 0, {}), (2, 0, second))
    assert len(scored(con, spec, "prison", "prison")) == edges
    known = {"pnc": "2010/0000001B"}
    written(con, spec, "prison", (1, 0, known), (2, 0, {**second, **known}))
    assert len(scored(con, spec, "prison", "prison")) == 1


def test_a_release_may_lack_a_dataset(con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
    """A release that lacks a dataset has the others linked by the same models; where fewer than
    two are left, there is nothing to link, and that is no error."""
    assert len(spec.linkage.models["criminal"].datasets) > 2
    for dataset in ("crown", "prison"):
        written(con, spec, dataset, (1, 0, {}), (2, 0, {"forename1": "ANNA", **OTHERWISE}))
    found = scored(con, spec, "criminal", "crown", "prison")
    assert ("crown", 1, "prison", 1) in {edge[:4] for edge in found}
    assert scored(con, spec, "criminal", "prison") == []


def test_no_pair_of_datasets_is_scored_twice(spec: Specification) -> None:
    """No pair of records is scored by two models: in each release, one model at most compares two
    datasets, and one at most a dataset with itself."""
    for release in spec.releases.values():
        models = [spec.linkage.models[name] for name in release.models]
        pairs = Counter(pair for m in models if m.produces == "people" for pair in m.pairs)
        assert [pair for pair, times in pairs.items() if times > 1] == [], release.version


def test_a_rare_level_that_was_never_seen_says_nothing(spec: Specification) -> None:
    """A degree of agreement that no compared pair showed in training says nothing, if chance
    rarely brings it about; a model that saw no full agreement, or none at all, is refused."""
    unseen = "level not observed in training dataset"
    levels = [
        {"label_for_charts": label, "m_probability": m, "u_probability": u}
        for label, m, u in (("same", 0.9, 1e-5), ("near", unseen, 1e-4), ("else", 0.1, 0.9999))
    ]
    made = {"comparisons": [{"output_column_name": "postcode", "comparison_levels": levels}]}
    after, quiet = quieted(made)
    assert quiet == ["postcode: near"]
    assert after["comparisons"][0]["comparison_levels"][1]["m_probability"] == 1e-4
    levels[0]["m_probability"] = unseen
    with pytest.raises(LinkageRefused, match="level 'same', was never observed"):
        observed(spec.linkage.models["prison"], quieted(made)[0])


def joined(con: duckdb.DuckDBPyConnection, *weights: float) -> None:
    """Prisoners in a chain, each with an edge of this weight to the next."""
    con.execute(
        "CREATE TABLE r AS SELECT 'prison' AS dataset, n::VARCHAR AS record_id, n AS _row, "
        f"0 AS variant FROM range({len(weights) + 1}) t(n)"
    )
    con.execute(
        "CREATE TABLE edges AS SELECT 'prison' AS dataset_l, n AS _row_l, 'prison' AS dataset_r, "
        f"n + 1 AS _row_r, ({list(weights)})[n + 1]::DOUBLE AS match_weight "
        f"FROM range({len(weights)}) t(n)"
    )
    cluster(con, {"prison": "r"}, "edges", LIMITS)


def test_people_are_nested(con: duckdb.DuckDBPyConnection) -> None:
    """Estimated people are given at three strengths of evidence, and they are nested: one strict
    person lies within one standard person, and that within one loose person."""
    joined(con, 16.0, 9.0, 5.0, 9.0, 16.0)
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


def test_nobody_is_two_people_at_once(con: duckdb.DuckDBPyConnection) -> None:
    """Where records of one cluster cannot be one person (in prison under two numbers at the same
    time), it is cut at its weakest evidence, and its records say so in the linking table."""
    joined(con, 16.0, 9.0, 11.0)
    con.execute(
        "CREATE TABLE impossible AS SELECT 'custody_overlap' AS rule, 'prison' AS dataset, "
        "0::BIGINT AS _row_l, 3::BIGINT AS _row_r"
    )
    assert cut(con, "people", "edges", "impossible", LIMITS) == 1
    found = con.execute("SELECT person_standard, flag FROM people ORDER BY _row").fetchall()
    assert [person for person, _ in found] == ["prison/0"] * 2 + ["prison/2"] * 2
    assert {flag for _, flag in found} == {"custody_overlap"}
