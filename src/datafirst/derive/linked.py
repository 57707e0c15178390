"""Where do researchers find the linkage records? For shares that follow the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from datafirst.errors import ValidationFailed
from datafirst.spec import Dataset, Share, Specification, Table

from .proofs import relation
from .reads import reads
from .tables import PEOPLE, RECORD, TYPES
from .typed import files

LINKED = "linked"
PERSON = tuple(column for column in PEOPLE if column not in ("dataset", "record_id", "_row"))


def follow(
    con: DuckDBPyConnection, spec: Specification, share: Share, made: Mapping[str, Sequence[Path]]
) -> None:
    """Makes the tables of the shares that it follows, and `linked`, askable.

    A table that is not in the release is there without rows. `linked` has a row for each row of
    each table in which linkage records are released: dataset, record_id, and who it is.
    """
    for name in share.follows:
        con.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}"')
        for table in spec.shares[name].tables.values():
            source = files(made[table.id]) if made.get(table.id) else _empty(spec, table)
            con.execute(f"CREATE VIEW {relation(table.id)} AS FROM {source}")
    con.execute(f"CREATE VIEW {LINKED} AS {_linked(_followed(spec, share))}")


def released(spec: Specification) -> set[str]:
    """The tables (`share.table`) in which some dataset's records are released."""
    return {d.released_in for d in spec.linkage.datasets.values() if d.released_in}


def whole(con: DuckDBPyConnection, share: Share) -> None:
    """Proves that a table made from `linked` has each of its records, once.

    Raises ValidationFailed with counts.
    """
    made = [
        table
        for table in share.tables.values()
        if ("", LINKED) in reads(con, share.queries[table.name]) and "record_id" in table.variables
    ]
    faults = [fault for table in made for fault in _difference(con, table)]
    faults += _strangers(con) if made else []
    if faults:
        raise ValidationFailed("\n".join(faults))


def _difference(con: DuckDBPyConnection, table: Table) -> Iterator[str]:
    row = con.execute(
        f"WITH given AS (SELECT record_id FROM {relation(table.id)}) SELECT "
        f"(SELECT count(*) FROM {LINKED} ANTI JOIN given USING (record_id)), "
        f"(SELECT count(*) FROM given ANTI JOIN {LINKED} USING (record_id)), "
        "(SELECT count(*) - count(DISTINCT record_id) FROM given)"
    ).fetchone()
    assert row is not None
    absent, strange, repeated = row
    if absent or strange or repeated:
        yield (
            f"{table.id}: its query loses {absent:,} released records, repeats {repeated:,} and "
            f"gives {strange:,} that are not released"
        )


def _strangers(con: DuckDBPyConnection) -> Iterator[str]:
    """Datasets that have people, of whom no released record finds its own: the wrong rows are
    named as its records."""
    found = con.execute(
        f"SELECT dataset, count(*) FROM {LINKED} SEMI JOIN people USING (dataset) "
        "GROUP BY dataset HAVING count(dataset_person) = 0 ORDER BY dataset"
    )
    for dataset, rows in found.fetchall():
        yield f"dataset {dataset}: none of its {rows:,} released records is one that was linked"


def _followed(spec: Specification, share: Share) -> list[Dataset]:
    known = {f"{name}.{table}" for name in share.follows for table in spec.shares[name].tables}
    datasets = (spec.linkage.datasets[name] for name in sorted(spec.linkage.datasets))
    return [dataset for dataset in datasets if dataset.released_in in known]


def _linked(datasets: Iterable[Dataset]) -> str:
    person = ", ".join(f"people.{column}" for column in PERSON)
    each = [
        f"SELECT '{d.id}' AS dataset, found.record_id, {person} "
        f"FROM {relation(d.released_in)} AS found LEFT JOIN people "
        f"ON people.dataset = '{d.id}' AND people._row = found.{RECORD}"
        for d in datasets
        if d.released_in
    ]
    columns = ", ".join(f"NULL::VARCHAR AS {c}" for c in ("dataset", "record_id", *PERSON))
    return " UNION ALL ".join([f"SELECT {columns} WHERE false", *each])


def _empty(spec: Specification, table: Table) -> str:
    columns = [f'NULL::{TYPES[v.type][0]} AS "{v.name}"' for v in table]
    if table.id in released(spec):
        columns.append(f"NULL::BIGINT AS {RECORD}")
    return f"(SELECT {', '.join(columns)} WHERE false)"
