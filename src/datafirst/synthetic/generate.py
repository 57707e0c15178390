"""What would the databases hold? Invents the people and writes them down as each court would.

Yields Arrow tables, a chunk of people at a time, so that memory does not grow with their number.
The people, their names, their homes and their cases are the same for every system; a system is
the SQL that writes them down.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from datafirst.spec import Specification, Table, Type

from . import lists
from .faults import faulty

SQL = Path(__file__).parent / "sql"
MOST_PEOPLE = 1 << 24
"""The numbers that systems give to their rows leave 24 bits for the person."""

LIBRA_RECORDS = """
    CREATE OR REPLACE TEMP VIEW libra_record AS
    SELECT defendant_key AS record_key, defendant, is_company, first_hearing AS written_on, home
    FROM appearance WHERE NOT is_not_in_libra"""

STEPS = (
    "population",
    "cases",
    "addresses",
    ("libra_record", "libra_written"),
    "libra_offence",
    "libra",
    "crown_case",
    ("crown_record", "crown_written"),
    "xhibit_parties",
    "xhibit_results",
    "truth",
)
"""The .sql files in order. A pair writes down who each record says that the defendant is."""

REFERENCES = ("xhibit.xhb_ref_offence", "xhibit.xhb_ref_disposal")
SYSTEMS = ("libra", "xhibit")
TRUTH = {"truth.records": "dataset, record_id", "truth.journeys": "ALL"}
COLUMN_TYPES = {
    Type.STRING: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
}


def tables(
    spec: Specification, people: int, seed: int, chunk: int = 50_000
) -> Iterator[tuple[str, pa.Table]]:
    """Every table of every system, and the truth about who is who, a chunk of people at a time.

    The same people and seed give the same rows, whatever the threads or the chunk.
    """
    if not 0 < people <= MOST_PEOPLE:
        raise ValueError(f"people must be from 1 to {MOST_PEOPLE}")
    sources = [spec.systems[system].tables[t] for system in SYSTEMS for t in _names(spec, system)]
    con = duckdb.connect(config={"memory_limit": "3GB"})
    # Two wheels chosen by the same column would otherwise be joined with each other first.
    con.execute("SET disabled_optimizers = 'join_order'")
    try:
        lists.lay_out(con)
        _run(con, "draws", seed=seed)
        _run(con, "references")
        pairs = max(chunk // 2, 1) * 2
        for first in range(0, people, pairs):
            _invent(con, first, min(first + pairs, people))
            for table in sources:
                if first == 0 or table.id not in REFERENCES:
                    yield table.id, con.sql(_select(table)).to_arrow_table()
            for name, order in TRUTH.items():
                query = f"FROM {name.split('.')[1]} ORDER BY {order}"
                yield name, con.sql(query).to_arrow_table()
    finally:
        con.close()


def _names(spec: Specification, system: str) -> list[str]:
    return sorted(spec.systems[system].tables) if system in spec.systems else []


def _invent(con: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    """The people from first to last (even, so that no pair is divided), and all about them."""
    for step in STEPS:
        if isinstance(step, tuple):
            _run(con, "identity", records=step[0], written=step[1])
        else:
            _run(con, step, first=first, last=last)
        if step == "addresses":
            con.execute(LIBRA_RECORDS)


def _run(con: duckdb.DuckDBPyConnection, name: str, **words: object) -> None:
    sql = (SQL / f"{name}.sql").read_text()
    for word, value in words.items():
        sql = sql.replace(f"{{{word}}}", str(value))
    con.execute(sql)


def _select(table: Table) -> str:
    """The table as the specification has it: its columns in order, its types, its faults."""
    columns = ", ".join(
        f'CAST("{v.name}" AS {"VARCHAR" if v.format else COLUMN_TYPES[v.type]}) AS "{v.name}"'
        for v in table
    )
    order = ", ".join(f'"{name}"' for name in table.key)
    rows = faulty(table.id, f'FROM "{table.name}"')
    return f"SELECT {columns} FROM ({rows}) ORDER BY {order}, row_key"
