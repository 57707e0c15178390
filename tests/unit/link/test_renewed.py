"""Does scoring only what changed come to the same as scoring everything?"""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.link.inputs import inputs
from datafirst.link.read import fields_read
from datafirst.link.renewed import (
    FINGERPRINTS,
    compared_with,
    fingerprints,
    restricted,
    reused,
)
from datafirst.link.score import score
from datafirst.link.train import train
from datafirst.spec import Specification

from .population import populate

MODELS = ("magistrates", "magistrates_crown")


@pytest.fixture(scope="module")
def renewed(spec: Specification) -> Iterator[duckdb.DuckDBPyConnection]:
    """A release (`before_`), and the next (`records_`): a tenth of the records are new, a twentieth
    gone, a twentieth changed in one field, and rows are numbered anew."""
    con = duckdb.connect()
    con.execute("SET threads = 2; SET memory_limit = '1GB'")
    records = populate(con, spec, 2500)
    for name, table in records.items():
        con.execute(
            f"CREATE TABLE now_{name} AS SELECT * FROM {table} WHERE hash(record_id, 1) % 20 <> 0; "
            f"CREATE TABLE before_{name} AS SELECT * REPLACE (_row * 3 + 7 AS _row, "
            "CASE WHEN hash(record_id, 2) % 20 = 0 THEN NULL ELSE postcode END AS postcode) "
            f"FROM {table} WHERE hash(record_id, 3) % 10 <> 0"
        )
    yield con
    con.close()


def relations(which: str) -> dict[str, str]:
    return {name: f"{which}_{name}" for name in ("magistrates", "crown")}


def test_edges_of_what_changed_and_stored_edges_are_the_edges_of_everything(
    renewed: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    con, before, now = renewed, relations("before"), relations("now")
    for name in MODELS:
        model = spec.linkage.models[name]
        for which, made in (("earlier", before), ("today", now)):
            con.execute(f"CREATE OR REPLACE TABLE {which} {FINGERPRINTS}")
            there = {dataset: made[dataset] for dataset in model.datasets}
            fingerprints(con, name, fields_read(spec, [model]), there, which)
        new, same = compared_with(con, name, "earlier", "today", "changed", "same")
        assert min(new, same) > 200
        trained = train(con, spec, model, before)
        old = score(con, spec, trained, before, into="stored")
        whole = score(con, spec, trained, now, into="whole")
        part = score(con, spec, trained, now, into="part", changed="changed")
        assert (part.prior, part.pairs) == (whole.prior, whole.pairs)
        assert old.prior and whole.prior and whole.prior < old.prior
        reused(con, model, "stored", "same", (old.prior, whole.prior), into="again")
        sizes = [len(con.execute(f"FROM {t}").fetchall()) for t in ("whole", "part", "again")]
        assert sizes[0] == sizes[1] + sizes[2]
        assert min(sizes[1:]) > 100
        pieced = "(FROM part UNION ALL FROM again)"
        assert con.execute(f"FROM whole EXCEPT ALL FROM {pieced}").fetchall() == []


def test_only_what_shares_a_key_with_a_changed_record_is_compared_again(
    renewed: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    model = spec.linkage.models["magistrates"]
    con, now = renewed, relations("now")
    con.execute("CREATE OR REPLACE TABLE two AS FROM now_magistrates SELECT dataset, _row LIMIT 2")
    with inputs(con, model, now) as tables:
        (table,) = tables.values()
        restricted(con, model, tables, "two")
        [(there, changed)] = con.execute(
            f"SELECT count(*), count(*) FILTER (changed) FROM {table}"
        ).fetchall()
    assert changed == 2
    assert 2 < there < 1000


def test_what_a_model_reads_of_a_record_and_its_ways_of_writing_make_the_fingerprint() -> None:
    con = duckdb.connect()
    row = "SELECT 'd' AS dataset, 'x' AS record_id, 5 AS _row"
    written = {
        "as_is": f"{row}, 0 AS variant, 'A' AS a, 'B' AS b, 'C' AS c",
        "moved": f"{row}, 0 AS variant, 'AB' AS a, '' AS b, 'C' AS c",
        "unknown": f"{row}, 0 AS variant, 'A' AS a, NULL AS b, 'C' AS c",
        "empty": f"{row}, 0 AS variant, 'A' AS a, '' AS b, 'C' AS c",
        "alias": f"{row}, 0 AS variant, 'A' AS a, 'B' AS b, 'C' AS c "
        f"UNION ALL {row}, 1, 'C', 'B', 'C'",
        "elsewhere": f"{row.replace('5', '6')}, 0 AS variant, 'A' AS a, 'B' AS b, 'C' AS c",
        "read by others": f"{row}, 0 AS variant, 'A' AS a, 'B' AS b, 'D' AS c",
    }
    found = {}
    for name, query in written.items():
        con.execute(f'CREATE TABLE "{name}" AS {query}')
        con.execute(f"CREATE OR REPLACE TABLE prints {FINGERPRINTS}")
        fingerprints(con, "m", ["b", "a"], {"d": f'"{name}"'}, "prints")
        [(found[name],)] = con.execute("SELECT fingerprint FROM prints").fetchall()
    assert found.pop("elsewhere") == found.pop("read by others") == found["as_is"]
    assert len(set(found.values())) == len(found)
