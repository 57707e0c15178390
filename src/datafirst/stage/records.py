"""Where do linkage records come from? From validated snapshots, standardised once."""

from collections.abc import Iterable

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import typed
from datafirst.link.records import records
from datafirst.scratch import Scratch
from datafirst.spec import Dataset, LinkModel, Specification

from .landed import landed_table
from .release import Plan


def datasets_of(spec: Specification, models: Iterable[LinkModel]) -> list[Dataset]:
    """The datasets that models compare, each once, in order of their names."""
    names = sorted({name for model in models for name in model.datasets})
    return [spec.linkage.datasets[name] for name in names]


def make_records(
    con: DuckDBPyConnection, plan: Plan, models: Iterable[LinkModel], folder: Scratch
) -> dict[str, str]:
    """Makes the table `records_<dataset>` of each dataset; returns its name by dataset."""
    made = {}
    for dataset in datasets_of(plan.spec, models):
        tables = _tables(dataset)
        for table in tables:
            brought = landed_table(plan, f"{dataset.system}.{table}", folder)
            con.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {typed(brought)}')
        made[dataset.id] = name = f"records_{dataset.id}"
        con.execute(f'CREATE TABLE "{name}" AS {records(plan.spec, dataset.id)} ORDER BY _row')
        for table in tables:
            con.execute(f'DROP VIEW "{table}"')
    return made


def counted(con: DuckDBPyConnection, made: dict[str, str]) -> dict[str, int]:
    """How many records of people each dataset has."""
    return {
        dataset: int(con.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])
        for dataset, table in made.items()
    }


def _tables(dataset: Dataset) -> list[str]:
    return [dataset.table, *(join.split()[0] for join in dataset.joins)]
