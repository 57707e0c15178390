"""Which query makes the linkage records of a dataset from its source tables?"""

import hashlib
from collections.abc import Iterator

from datafirst.errors import SpecificationError
from datafirst.spec import Dataset, Specification, Table

from .standardise import literal, nothing, parts, standardised


def records(spec: Specification, dataset: str) -> str:
    """The SELECT that makes a dataset's linkage records.

    It reads the typed views of the source's tables by their bare names (each with `_row`) and
    yields dataset, _row, record_id, every field of linkage/fields.toml standardised (null where
    the dataset lacks it) and the parts derived from it. Only people are records: a row for
    which person_when does not hold is not there.
    """
    of = spec.linkage.datasets[dataset]
    tables = _tables(spec, of)
    columns = _columns(tables, of)
    fields = [
        f"{standardised(field, columns[name]) if name in columns else nothing(field)} AS {name}"
        for name, field in spec.linkage.fields.items()
    ]
    key = ", ".join(f"{of.table}.{column}" for column in tables[0].key)
    lines = [
        f"{literal(dataset)} AS dataset",
        f"{of.table}._row AS _row",
        f"concat_ws('/', {key}) AS record_id",
        *fields,
    ]
    joins = "".join(f"\nLEFT JOIN {join}" for join in of.joins)
    derived = [
        f"{sql} AS {column}"
        for name, field in spec.linkage.fields.items()
        for column, sql in parts(name, field.kind).items()
    ]
    return (
        f"WITH standardised AS (\nSELECT {_list(lines)}\nFROM {of.table}{joins}\n"
        f"WHERE ({of.where}) AND ({of.person_when}))\n"
        f"SELECT {_list(['*', *derived])}\nFROM standardised"
    )


def digest(spec: Specification, datasets: tuple[str, ...]) -> str:
    """SHA-256 of how these datasets are standardised: a trained model holds for one way only."""
    queries = "\n".join(records(spec, dataset) for dataset in datasets)
    return hashlib.sha256(queries.encode()).hexdigest()


def _list(columns: list[str]) -> str:
    return ",\n    ".join(columns)


def _tables(spec: Specification, of: Dataset) -> list[Table]:
    known = spec.systems[of.system].tables
    names = [of.table, *(join.split()[0] for join in of.joins)]
    if missing := [name for name in names if name not in known]:
        raise SpecificationError(
            f"linkage/datasets/{of.id}.toml: {of.system} has no table {', '.join(missing)}; "
            "joins begin with the name of a table of the same system"
        )
    return [known[name] for name in names]


def _columns(tables: list[Table], of: Dataset) -> dict[str, str]:
    """The column that each field is read from."""
    found: dict[str, str] = {}
    for field, column in _linked(tables):
        if field in found:
            raise SpecificationError(
                f"linkage/datasets/{of.id}.toml: {found[field]} and {column} both link as "
                f"{field}; a dataset has one variable for each field"
            )
        found[field] = column
    if not found:
        raise SpecificationError(
            f"linkage/datasets/{of.id}.toml: no variable of its tables says links_as"
        )
    return found


def _linked(tables: list[Table]) -> Iterator[tuple[str, str]]:
    for table in tables:
        for variable in table:
            if variable.links_as:
                yield variable.links_as, f"{table.name}.{variable.name}"
