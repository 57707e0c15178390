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
from datafirst.link.bridged import FLAG, cut_at_bridges
from datafirst.link.cluster import cluster
from datafirst.link.frequencies import table_of, weighed
from datafirst.link.guards import observed
from datafirst.link.inputs import VARIANTS, inputs
from datafirst.link.lasting import COLUMNS, lasting
from datafirst.link.quiet import quieted
from datafirst.link.records import digest, records
from datafirst.link.score import score
from datafirst.link.settings import compared, settings
from datafirst.link.standardise import SQL_TYPES, nothing, parts, standardised
from datafirst.link.train import train
from datafirst.spec import Specification, Thresholds

STRENGTH = "CASE WHEN match_weight >= 14 THEN 3 WHEN match_weight >= 8 THEN 2 ELSE 1 END"
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
        f"CAST({n} AS {SQL_TYPES.get(f.kind, 'VARCHAR')}) AS {n}" for n, f in fields.items()
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
        "known": dict.fromkeys(weighed(model), 0),
        "splink": made,
    }


def scored(
    con: duckdb.DuckDBPyConnection, spec: Specification, model: str, *datasets: str
) -> list[tuple[Any, ...]]:
    """The edges of a model between the records that were written of some datasets."""
    limits = Thresholds(strict=-46, standard=-46, loose=-46, because="Every pair is looked at.")
    lax = spec.linkage.models[model].model_copy(update={"thresholds": limits})
    linkage = spec.linkage.model_copy(update={"models": {**spec.linkage.models, model: lax}})
    con.execute(
        f'CREATE OR REPLACE TABLE "{table_of(lax)}" (field VARCHAR, value VARCHAR, share DOUBLE)'
    )
    counts = dict.fromkeys(lax.datasets, 2)
    trained = told(spec, model, counts)
    score(con, spec.model_copy(update={"linkage": linkage}), trained, {d: d for d in datasets})
    columns = "dataset_l, _row_l, dataset_r, _row_r, match_weight"
    return con.execute(f"SELECT {columns} FROM edges").fetchall()


OTHERWISE = {"surname": "ASH", "postcode": "LS1 4AP"}
SENTENCED = {"sentence_dates": "[2014-05-06, 2015-03-02]"}


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
        ({"forename1": "MARGARET", "postcode": "LS1 4AP", **SENTENCED}, 0),
    ],
)
def test_twins_are_two_people(
    con: duckdb.DuckDBPyConnection, spec: Specification, second: dict[str, str], edges: int
) -> None:
    """Twins are two people, however much they agree: one surname and date of birth, and one
    postcode or a day on which both were sentenced, but forenames that are not alike. One number of
    the police makes them one all the same."""
    written(con, spec, "prison", (1, 0, SENTENCED), (2, 0, second))
    assert len(scored(con, spec, "prison", "prison")) == edges
    known = {"cro": "000001/10B"}
    written(con, spec, "prison", (1, 0, known), (2, 0, {**second, **known}))
    assert len(scored(con, spec, "prison", "prison")) == 1


@pytest.mark.parametrize(
    ("court", "together"),
    [({"claim": "1AB00001"}, 0), ({"claim": "2AB00002"}, 1), ({"claim": None}, 1)],
)
def test_two_parties_of_a_claim_are_two_people(
    con: duckdb.DuckDBPyConnection, spec: Specification, court: dict[str, str], together: int
) -> None:
    """Two parties of one claim in the County Court are two people, though they may share a name
    and a home. Those of a counterclaim are named twice, and are not told apart by it."""
    written(con, spec, "civil", (1, 0, {"claim": "1AB00001"}), (2, 0, court))
    assert len(scored(con, spec, "civil", "civil")) == together


def test_a_shared_sentence_date_speaks_for_one_person(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    """Between the criminal courts, prisons and probation, a day on which both records say that
    the person was sentenced speaks for one person. Placeholders are no days."""
    weights = []
    for dates in ("[2015-03-02]", "[2016-07-08]", None):
        written(con, spec, "crown", (1, 0, {"sentence_dates": dates}), (2, 0, OTHERWISE))
        written(con, spec, "prison", (1, 0, SENTENCED), (2, 0, OTHERWISE))
        found = {edge[:4]: edge[4] for edge in scored(con, spec, "criminal", "crown", "prison")}
        weights.append(found["crown", 1, "prison", 1])
    shared, different, unknown = weights
    assert shared > unknown > different
    field = spec.linkage.fields["sentence_dates"]
    sql = standardised(field, "[DATE '1900-01-01', DATE '1970-01-01', NULL]")
    assert con.execute(f"SELECT {sql} IS NULL").fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("born", "apart"),
    [
        ("1990-01-02", False),
        ("1976-03-04", False),
        ("1974-03-04", True),
        ("1974-01-02", False),
        (None, False),
    ],
)
def test_people_of_two_generations_are_two_people(
    con: duckdb.DuckDBPyConnection, spec: Specification, born: str | None, apart: bool
) -> None:
    """Records of one cluster that were born more than fifteen years apart are of two people, such
    as father and son, in whatever datasets they are. Where day and month agree, only the year was
    mistyped."""
    written(con, spec, "records", (1, 0, {}), (1, 1, {"date_of_birth": "1991-05-06"}))
    written(con, spec, "other", (7, 0, {"date_of_birth": born}))
    con.execute("INSERT INTO records FROM other")
    con.execute("CREATE TABLE together AS SELECT DISTINCT dataset, _row, 1 AS person FROM records")
    found = con.execute(spec.linkage.impossible["ages_apart"].query or "").fetchall()
    assert found == ([("other", 7, "records", 1)] if apart else [])


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
        f"n + 1 AS _row_r, ({list(weights)})[n + 1]::DOUBLE AS match_weight, "
        f"({STRENGTH})::TINYINT AS strength FROM range({len(weights)}) t(n)"
    )
    cluster(con, {"prison": "r"}, "edges")


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
        "CREATE TABLE impossible AS SELECT 'custody_overlap' AS rule, 'prison' AS dataset_l, "
        "'prison' AS dataset_r, 0::BIGINT AS _row_l, 3::BIGINT AS _row_r"
    )
    assert cut(con, "people", "edges", "impossible") == 1
    found = con.execute("SELECT person_standard, flag FROM people ORDER BY _row").fetchall()
    assert [person for person, _ in found] == ["prison/0"] * 2 + ["prison/2"] * 2
    assert {flag for _, flag in found} == {"custody_overlap"}


def called(con: duckdb.DuckDBPyConnection, *releases: str) -> list[list[str]]:
    """What prisoners' records are called in releases that continue each other. In each, a letter
    says whose the n-th record is; a dot, that it is not there."""
    told = []
    for number, persons in enumerate(releases):
        names = ", ".join(f"person AS {column}" for column in COLUMNS.values())
        rows = [f"({n}, '{person}')" for n, person in enumerate(persons) if person != "."]
        con.execute(
            f"CREATE TABLE people_{number} AS SELECT 'prison' AS dataset, n::VARCHAR AS record_id, "
            f"n AS _row, {names} FROM (VALUES {', '.join(rows)}) AS t(n, person)"
        )
        lasting(con, f"people_{number}", f"v{number}", f"people_{number - 1}" if number else None)
        ids = con.execute(f"SELECT person_strict FROM people_{number} ORDER BY _row").fetchall()
        told.append([id for (id,) in ids])
    return told


def test_people_keep_their_ids(con: duckdb.DuckDBPyConnection) -> None:
    """A release goes on with the people of the one that it continues: whoever shares the most
    records with a person of that release has that person's identifier. Records that come or go do
    not change it."""
    before, now = called(con, "aaabbb.", "xx.zyyy")
    assert before == ["v0/prison/0"] * 3 + ["v0/prison/3"] * 3
    assert now == ["v0/prison/0"] * 2 + ["v1/prison/3"] + ["v0/prison/3"] * 3


def test_an_id_is_never_given_again(con: duckdb.DuckDBPyConnection) -> None:
    """An identifier that is used no more is never given again, even where what was joined is parted
    in a later release, or records that were gone come back. Every one of the release before is
    retained, merged into another or withdrawn, and the table id_change says which."""
    first, joined, parted = called(con, "aab.c", "aaac.", "aabcd")
    assert (first[2], joined[2], parted[2]) == ("v0/prison/2", "v0/prison/0", "v2/prison/2")
    assert (first[3], parted[4]) == ("v0/prison/4", "v2/prison/4")
    fates = con.execute(
        "SELECT before, change FROM id_changes WHERE level = 'strict' AND before IS NOT NULL "
        "ORDER BY ALL"
    ).fetchall()
    assert fates == [
        ("v0/prison/0", "retained"), ("v0/prison/0", "split"), ("v1/prison/3", "retained"),
    ]  # fmt: skip


def test_researchers_are_told_by_which_rule(spec: Specification) -> None:
    """Every rule by which people are taken apart is a code of the flag that researchers receive."""
    told = spec.shares["linking"].tables["xjs_link"].variables["linkage_flag"].codes or {}
    assert set(told) == {FLAG, *spec.linkage.impossible}


def test_nobody_hangs_by_a_thread(con: duckdb.DuckDBPyConnection, spec: Specification) -> None:
    """Two groups of more than three records each are one person only where at least half of the
    pairs of a record of each that are compared reach the threshold, or one pair is certain. Else
    they are taken apart at that threshold, and their records say so in the linking table."""
    rule = spec.linkage.bridges["majority"]
    group = [(a, b) for a in range(8) for b in range(a + 1, 8) if a // 4 == b // 4]
    for across, weight, people in ((1, 9.0, 2), (7, 9.0, 2), (8, 9.0, 1), (1, rule.certain, 1)):
        pairs = [(a, b) for a in range(4) for b in range(4, 8)][:across]
        linked(con, [(*p, 30.0) for p in group] + [(*p, weight) for p in pairs])
        cut_at_bridges(con, "people", "edges", rule, [spec.linkage.models["prison"]])
        found = con.execute("SELECT person_standard, flag FROM people").fetchall()
        assert len({person for person, _ in found}) == people
        assert {flag for _, flag in found} == {"bridge" if people == 2 else None}


def test_whoever_is_too_many_records_is_refused(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    """Where a person is left with more records than anybody has, linkage is refused."""
    rule = spec.linkage.bridges["majority"].model_copy(update={"records_up_to": 6})
    linked(con, [(0, n, 16.0) for n in range(1, 8)])
    with pytest.raises(LinkageRefused, match="1 people have more than 6 records, the largest 8"):
        cut_at_bridges(con, "people", "edges", rule)


def linked(con: duckdb.DuckDBPyConnection, edges: list[tuple[int, int, float]]) -> None:
    """Eight prisoners, and edges between them."""
    con.execute(
        "CREATE OR REPLACE TABLE r AS SELECT 'prison' AS dataset, n::VARCHAR AS record_id, "
        "n AS _row, 0 AS variant FROM range(8) t(n)"
    )
    rows = ", ".join(str(edge) for edge in edges)
    con.execute(
        "CREATE OR REPLACE TABLE edges AS SELECT 'prison' AS dataset_l, l AS _row_l, 'prison' AS "
        f"dataset_r, r AS _row_r, match_weight::DOUBLE AS match_weight, ({STRENGTH})::TINYINT AS "
        f"strength, 'prison' AS model FROM (VALUES {rows}) t(l, r, match_weight)"
    )
    cluster(con, {"prison": "r"}, "edges")
