"""What does Splink compare? One narrow table for each dataset of a model."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from datafirst.spec import LinkModel

from .comparisons import way

Records = Mapping[str, str]
"""The relation (table or view) that holds the linkage records of each dataset."""


VARIANTS = 64
"""More ways to write one person down than any record has: a record is numbered by its row, times
this, plus its variant."""

RECORD_OF = f"// {VARIANTS}"
"""What makes the row of a record of its number among the variants."""


@contextmanager
def inputs(
    con: duckdb.DuckDBPyConnection, model: LinkModel, records: Records, variants: bool = False
) -> Iterator[dict[str, str]]:
    """Tables with the columns that a model reads and no other, by dataset; gone afterwards.

    Datasets that `records` lacks are left out. Only the main way in which a person is written is
    there, or, with `variants`, the first 63 others too. A table and not a view, because Splink
    reads it many times.
    """
    there = [dataset for dataset in model.datasets if dataset in records]
    made = {dataset: f"compared_{model.id}_{dataset}" for dataset in there}
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in needed(model).items())
    which = f"variant < {VARIANTS}" if variants else "variant = 0"
    try:
        for dataset, table in made.items():
            con.execute(
                f'CREATE OR REPLACE TABLE "{table}" AS '
                f"SELECT _row * {VARIANTS} + variant AS unique_id, {columns} "
                f"FROM {records[dataset]} WHERE {which} ORDER BY unique_id"
            )
        yield made
    finally:
        for table in made.values():
            con.execute(f'DROP TABLE IF EXISTS "{table}"')


def needed(model: LinkModel) -> dict[str, str]:
    """Every column that the model compares, blocks or trains on, and how it is derived."""
    columns: dict[str, str] = {}
    for comparison in model.comparisons:
        columns |= way(comparison).columns
    training = model.training
    for rule in (*model.block_on, *training.prior_rules, *training.em_rules):
        columns |= {name: columns.get(name, name) for name in rule}
    return columns


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many records a table of inputs has, each once however often it is written."""
    query = f'SELECT count(*) FROM "{table}" WHERE unique_id % {VARIANTS} = 0'
    return int(con.execute(query).fetchall()[0][0])


def pairs_possible(counts: Mapping[str, int]) -> float:
    """How many pairs of records there are to compare: within one dataset, or across several."""
    if len(counts) == 1:
        (n,) = counts.values()
        return n * (n - 1) / 2
    total = sum(counts.values())
    return (total**2 - sum(n**2 for n in counts.values())) / 2
