"""What may reviewers have found? Samples made by hand."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from datafirst.quality.groups import GROUPS
from datafirst.quality.sample import COLUMNS

PAIR: dict[str, Any] = {
    "frame": "together", "dataset_l": "a", "record_id_l": "1", "dataset_r": "a",
    "record_id_r": "2", "model": "m", "match_weight": 12.0, "strength": 2, "together": True,
    "searched": True, "stratum": "s", "stratum_pairs": 100, "stratum_sampled": 1,
    "double_review": False, "sex": "female", "ethnicity": "White", "age": "18 to 24",
    "area": "London", "year": "2015 to 2019", "naming": "British and Irish",
}  # fmt: skip
APART = {"frame": "apart", "together": False, "strength": 0, "match_weight": 1.0, "stratum": "t"}
UNSEEN = {**APART, "frame": "unseen", "model": None, "match_weight": None, "stratum": "u"}


def pairs(
    number: int, decision: bool | None, **changed: Any
) -> Iterable[tuple[Mapping[str, Any], bool | None]]:
    """So many pairs that are alike."""
    return [({**PAIR, **changed}, decision)] * number


def keep(
    con: duckdb.DuckDBPyConnection,
    *found: Iterable[tuple[Mapping[str, Any], bool | None]],
) -> None:
    """The tables `sample`, `settled` and `sample_known`: what was drawn stands for all there is."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE sample ({columns})")
    con.execute("CREATE OR REPLACE TABLE settled (pair_id BIGINT, decision BOOLEAN)")
    every = [pair for each in found for pair in each]
    if every:
        rows = [{"pair_id": i, **pair} for i, (pair, _) in enumerate(every)]
        decisions = {
            "pair_id": pa.array(range(len(every)), pa.int64()),
            "decision": pa.array([decision for _, decision in every], pa.bool_()),
        }
        con.register("rows", pa.Table.from_pylist(rows))
        con.register("decisions", pa.table(decisions))
        con.execute("INSERT INTO sample BY NAME FROM rows; INSERT INTO settled FROM decisions")
    kinds = {"datasets": "dataset_l || ' and ' || dataset_r", **{name: name for name in GROUPS}}
    each = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {sql} AS category, stratum, together, "
        "ceil(sum(stratum_pairs / drawn))::BIGINT AS pairs "
        "FROM sample JOIN drawn_of USING (stratum) GROUP BY ALL"
        for kind, sql in kinds.items()
    )
    con.execute(
        "CREATE OR REPLACE TABLE sample_known AS WITH drawn_of AS (SELECT stratum, count(*) AS "
        f"drawn FROM sample GROUP BY stratum) {each}"
    )
