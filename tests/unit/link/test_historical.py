"""Are real people told apart, by a model and a threshold that have not seen the truth?"""

from pathlib import Path

import duckdb
import pytest

from datafirst.link.bridged import cut_at_bridges
from datafirst.link.cluster import cluster
from datafirst.link.records import records
from datafirst.link.score import score
from datafirst.link.train import train
from datafirst.quality.truth import blocking_recall, people_quality
from datafirst.spec import load
from datafirst.spec.linkage import LEVELS

CONFIG = Path(__file__).parents[3] / "examples" / "historical" / "config"


def test_historical_figures_are_linked_as_well_as_the_best_known() -> None:
    """Splink's documentation reaches a pairwise F1 of .828, with wider blocking .875 at a
    threshold read off the truth."""
    spec = load(CONFIG)
    folder = CONFIG / str(spec.systems["wikidata"].connection.path)
    (dataset,) = spec.linkage.datasets.values()
    file = folder / f"{dataset.table}.parquet"
    if not file.is_file():
        pytest.skip(f"public labelled data are not beside the project: no {file.name}")
    con = duckdb.connect()
    con.execute("SET threads = 2; SET memory_limit = '1GB'")
    con.execute(
        f"CREATE VIEW {dataset.table} AS SELECT *, file_row_number AS _row "
        f"FROM read_parquet('{file}', file_row_number = true)"
    )
    con.execute(f"CREATE TABLE figures AS {records(spec, dataset.id)}")
    con.execute(
        f"CREATE VIEW truth AS SELECT '{dataset.id}' AS dataset, unique_id AS record_id, "
        f"{dataset.truth} AS person_id FROM {dataset.table}"
    )
    (model,) = spec.linkage.models.values()
    tables = {dataset.id: "figures"}
    trained = train(con, spec, model, tables)
    score(con, spec, trained, tables)
    cluster(con, tables, "edges")
    (rule,) = spec.linkage.bridges.values()
    cut_at_bridges(con, "people", "edges", rule)
    found = people_quality(con, "people", "truth")
    assert found.pairs.f1 > 0.925
    assert found.pairs.precision > 0.99
    assert found.b_cubed.f1 > 0.93
    con.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM truth GROUP BY person_id)")
    ((largest,),) = con.fetchall()
    for level in LEVELS:
        q = people_quality(con, "people", "truth", f"person_{level}")
        assert q.largest_cluster <= 1.5 * largest
    assert blocking_recall(con, [model], tables, "truth") > 0.9
    con.close()
