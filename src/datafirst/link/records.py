"""Which query makes the linkage records of a dataset from its source tables?"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from datafirst.errors import SpecificationError
from datafirst.spec import Dataset, FieldKind, LinkField, LinkModel, Specification, Table

from .inputs import needed
from .settings import fields_of
from .standardise import literal, nothing, parts, standardised


def records(spec: Specification, dataset: str, fields: Iterable[str] | None = None) -> str:
    """The SELECT that makes a dataset's linkage records.

    It reads the typed views of the source's tables by their bare names (each with `_row`) and
    yields dataset, _row, variant, record_id, the named fields of linkage/fields.toml (default:
    all) standardised, null where the dataset lacks one, and the parts derived from them. Only
    people are records. A record whose person is written in several ways has a row for each,
    of which variant 0 is the main one.
    """
    of = spec.linkage.datasets[dataset]
    named, columns, source = unstandardised(spec, of, fields)
    key = ", ".join(f"{of.table}.{column}" for column in _table(spec, of).key)
    lines = [
        f"{literal(dataset)} AS dataset",
        f"{of.table}._row AS _row",
        f"{'coalesce(found.variant, 0)' if of.query else '0'}::INTEGER AS variant",
        f"concat_ws('/', {key}) AS record_id",
        *(
            f"{standardised(field, columns[n]) if n in columns else nothing(field)} AS {n}"
            for n, field in named.items()
        ),
    ]
    derived = [
        f"{sql} AS {column}"
        for name, field in named.items()
        for column, sql in parts(name, field.kind).items()
    ]
    return (
        f"WITH standardised AS (\nSELECT {_list(lines)}\n{source})\n"
        f"SELECT {_list(['*', *derived])}\nFROM standardised"
    )


def unstandardised(
    spec: Specification, of: Dataset, fields: Iterable[str] | None = None
) -> tuple[dict[str, LinkField], dict[str, str], str]:
    """The named fields, the column that each has in the source, and where those columns stand."""
    wanted = set(spec.linkage.fields if fields is None else fields)
    named = {name: field for name, field in spec.linkage.fields.items() if name in wanted}
    return (named, *(_asked(spec, of, named) if of.query else _joined(spec, of)))


def digest(spec: Specification, model: LinkModel) -> str:
    """SHA-256 of how a model's datasets are standardised for it: a trained model holds for one
    way only."""
    fields = fields_of(spec, list(needed(model)))
    queries = "\n".join(records(spec, dataset, fields) for dataset in model.datasets)
    return hashlib.sha256(queries.encode()).hexdigest()


def _joined(spec: Specification, of: Dataset) -> tuple[dict[str, str], str]:
    """The column of each field, and where they stand: the dataset's table and what it joins."""
    joins = "".join(f"\nLEFT JOIN {join}" for join in of.joins)
    source = f"FROM {of.table}{joins}\nWHERE ({of.where}) AND ({of.person_when})"
    columns = _columns(_tables(spec, of), of)
    several = {n for n, field in spec.linkage.fields.items() if field.kind is FieldKind.DATES}
    return {n: f"[{c}]" if n in several else c for n, c in columns.items()}, source


def _asked(
    spec: Specification, of: Dataset, named: Mapping[str, LinkField]
) -> tuple[dict[str, str], str]:
    """The same for a dataset with a query of its own. A field that it does not yield is null."""
    typed = [f"{nothing(field)} AS {name}" for name, field in named.items()]
    shape = ", ".join(["NULL::BIGINT AS _row", "NULL::INTEGER AS variant", *typed])
    query = (of.query or "").strip().rstrip(";")
    source = (
        f"FROM (SELECT {shape} WHERE false UNION ALL BY NAME (\n{query}\n)) AS found\n"
        f"JOIN {of.table} ON {of.table}._row = found._row"
    )
    return {name: f"found.{name}" for name in named}, source


def _list(columns: list[str]) -> str:
    return ",\n    ".join(columns)


def _table(spec: Specification, of: Dataset) -> Table:
    return spec.systems[of.system].tables[of.table]


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
