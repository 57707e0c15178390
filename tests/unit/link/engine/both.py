"""What do Splink and the engine say of the same records? Pairs, with what they weigh."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

from datafirst.link.engine.edges import Engine

Record = tuple[str, Any]
"""A dataset, none where there is one only, and an id."""

Weights = dict[tuple[Record, Record], float]


@dataclass(frozen=True)
class Splink:
    """Splink over the records, and what it found."""

    linker: Linker
    predicted: Any
    weights: Weights

    def people(self, least: float) -> set[frozenset[Record]]:
        """The records that are connected by pairs that weigh so much; without who is alone."""
        found = self.linker.clustering.cluster_pairwise_predictions_at_threshold(
            self.predicted, threshold_match_weight=least
        )
        each: dict[Any, set[Record]] = {}
        for row in found.as_record_list():
            record = (row.get("source_dataset", ""), row["unique_id"])
            each.setdefault(row["cluster_id"], set()).add(record)
        return {frozenset(records) for records in each.values() if len(records) > 1}


def splink(
    con: duckdb.DuckDBPyConnection,
    settings: dict[str, Any],
    tables: Mapping[str, str],
    shares: Mapping[str, str],
) -> Splink:
    """All pairs that Splink makes of these records."""
    api = DuckDBAPI(con)
    over = [api.register(table, dataset_display_name=name) for name, table in tables.items()]
    several = len(over) > 1
    linker = Linker(over if several else over[0], settings, log_level=None, validate_settings=False)
    for column, table in shares.items():
        linker.table_management.register_term_frequency_lookup(api.register(table), column)
    predicted = linker.inference.predict()
    ends = ", ".join(
        f"{f'source_dataset_{side}' if several else repr('')}, unique_id_{side}" for side in "lr"
    )
    rows = con.execute(f"SELECT {ends}, match_weight FROM {predicted.physical_name}").fetchall()
    weights = {((a, i), (b, j)): weight for a, i, b, j, weight in rows}
    assert len(weights) == len(rows)
    return Splink(linker, predicted, weights)


def told(made: Engine, tables: Mapping[str, str], least: float, threads: int = 2) -> Weights:
    """The pairs that weigh at least this by the engine, which may tell each but once."""
    names = sorted(tables, key=lambda name: f"{name}-__-") if len(tables) > 1 else [""]
    ids, dataset = made.kept.ids.to_pylist(), made.kept.dataset.tolist()
    records = [(names[d], i) for d, i in zip(dataset, ids, strict=True)]
    found: Weights = {}
    for each in made.edges(least, threads):
        for a, b, weight in zip(each.left, each.right, each.weight.tolist(), strict=True):
            pair = records[a], records[b]
            assert pair not in found and pair[::-1] not in found, "a pair is told twice"
            found[pair] = weight
    return found
