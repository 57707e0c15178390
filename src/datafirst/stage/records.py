"""Where do linkage records come from? From validated snapshots, standardised once."""

from collections.abc import Iterable

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files
from datafirst.link.read import fields_read
from datafirst.link.standardise import parts
from datafirst.run import bring
from datafirst.scratch import Scratch
from datafirst.spec import Dataset, Ladder, LinkModel, Specification

from .release import Plan
from .standardised import CLEANED, ORDER, standardised

KEY = ("dataset", "_row", "variant", "record_id")
"""What every linkage record has, whatever is compared."""


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
    columns = ", ".join(f'"{name}"' for name in _columns(plan.spec, fields))
    order = ", ".join(ORDER)
    made = {}
    for dataset in datasets_of(plan, models):
        made[dataset.id] = name = f"records_{dataset.id}"
        kept = standardised(plan, dataset, fields)
        brought = bring(plan.store("index"), kept.artefacts, folder / "records" / dataset.id)
        con.execute(
            f'CREATE TABLE "{name}" AS SELECT {columns} FROM {files(brought)} ORDER BY {order}'
        )
        if told is not None:
            found = kept.counts[CLEANED]
            told[dataset.id] = {field: found[field] for field in fields if field in found}
    return made


def _columns(spec: Specification, fields: Iterable[str]) -> list[str]:
    """The columns of records that have these fields, and the parts derived from them."""
    wanted = set(fields)
    named = {name: field for name, field in spec.linkage.fields.items() if name in wanted}
    derived = [column for name, field in named.items() for column in parts(name, field.kind)]
    return [*KEY, *named, *derived]


def counted(con: DuckDBPyConnection, made: dict[str, str]) -> dict[str, int]:
    """How many records of people each dataset has."""
    query = 'SELECT count(*) FROM "{}" WHERE variant = 0'
    return {
        dataset: int(con.execute(query.format(table)).fetchall()[0][0])
        for dataset, table in made.items()
    }
