"""Where do linkage records come from? From validated snapshots, standardised once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from duckdb import DuckDBPyConnection

from datafirst.derive.reads import reads
from datafirst.derive.typed import typed
from datafirst.link.cleaned import cleaned
from datafirst.link.read import fields_read
from datafirst.link.records import records
from datafirst.scratch import Scratch
from datafirst.spec import Dataset, Ladder, LinkModel

from .landed import landed_table
from .release import Plan


def datasets_of(plan: Plan, models: Iterable[LinkModel | Ladder]) -> list[Dataset]:
    """The datasets that models compare and the release has, each once, in order of their names."""
    names = sorted({name for model in models for name in model.datasets})
    known = (plan.spec.linkage.datasets[name] for name in names)
    return [dataset for dataset in known if dataset.system in plan.snapshots]


Cleaned = dict[str, dict[str, dict[str, int]]]
"""By dataset, field and step of standardising: how many values were mended or taken away."""


def make_records(
    con: DuckDBPyConnection,
    plan: Plan,
    models: Iterable[LinkModel | Ladder],
    folder: Scratch,
    told: Cleaned | None = None,
    also: Iterable[str] = (),
) -> dict[str, str]:
    """Makes the table `records_<dataset>` of each dataset; returns its name by dataset.

    It holds the fields that these models compare, those named in `also`, and no other. What
    cleaning found in them is counted where somebody wants it `told`.
    """
    models = list(models)
    fields = sorted({*fields_read(plan.spec, models), *also})
    made = {}
    for dataset in datasets_of(plan, models):
        query = records(plan.spec, dataset.id, fields)
        made[dataset.id] = name = f"records_{dataset.id}"
        with typed_tables(con, plan, dataset.system, query, folder):
            con.execute(f'CREATE TABLE "{name}" AS {query} ORDER BY _row, variant')
            if told is not None:
                told[dataset.id] = _cleaned(con, cleaned(plan.spec, dataset.id, fields))
    return made


def _cleaned(con: DuckDBPyConnection, query: str | None) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for field, step, values in con.execute(query).fetchall() if query else ():
        found.setdefault(field, {})[step] = int(values)
    return found


@contextmanager
def typed_tables(
    con: DuckDBPyConnection, plan: Plan, system: str, query: str, folder: Scratch
) -> Iterator[None]:
    """The tables of a system that a query reads, typed, by their bare names."""
    known = plan.spec.systems[system].tables
    read = sorted(name for group, name in reads(con, query) if not group and name in known)
    for table in read:
        brought = landed_table(plan, f"{system}.{table}", folder)
        con.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {typed(brought)}')
    yield
    for table in read:
        con.execute(f'DROP VIEW "{table}"')


def counted(con: DuckDBPyConnection, made: dict[str, str]) -> dict[str, int]:
    """How many records of people each dataset has."""
    query = 'SELECT count(*) FROM "{}" WHERE variant = 0'
    return {
        dataset: int(con.execute(query.format(table)).fetchall()[0][0])
        for dataset, table in made.items()
    }
