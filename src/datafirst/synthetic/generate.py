"""What would the databases hold? Invents the people and writes them down as each system would.

Yields Arrow tables, a chunk of people at a time, so that memory does not grow with their number.
First it is settled what happened to whom, then where everybody lived on the days that count, then
what each clerk wrote down, and last how each system holds it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from datafirst.spec import Specification, Table, Type

from . import lists
from .faults import faulty

SQL = Path(__file__).parent / "sql"
MOST_PEOPLE = 1 << 24
"""The numbers that systems give to their rows leave 24 bits for the person."""

AT_A_TIME = 500_000
"""People times systems that are invented together: what bounds memory, to less than 3 GB."""

HOUSEHOLD = 4
"""People who may stand in relation to each other: a chunk holds them all or none."""


@dataclass(frozen=True)
class System:
    """The .sql files, in order, that make one system's tables."""

    histories: tuple[str, ...]
    """What happened; `<system>_record` says whom the clerks wrote down, and when."""
    tables: tuple[str, ...]
    """How the system holds it, from `<system>_written`; `truth_<dataset>` says who is who."""


SYSTEMS = {
    "libra": System(("cases", "libra_offence"), ("libra",)),
    "xhibit": System(("crown_case", "sentences"), ("xhibit_parties", "xhibit_results", "truth")),
    "nomis": System(("nomis_history",), ("nomis", "nomis_custody", "nomis_sentences")),
    "familyman": System(
        ("familyman_history", "familyman_events"), ("familyman", "familyman_fields")
    ),
    "caseman": System(("caseman_history",), ("caseman", "caseman_progress")),
    "pcol": System((), ("pcol",)),
    "oasys": System(("oasys_history",), ("oasys", "oasys_answers")),
    # After the prisons, which know who was released and recalled when.
    "delius": System(
        ("delius_history",),
        ("delius_references", "delius_people", "delius_events", "delius_orders"),
    ),
    "npd": System(("npd_history",), ("npd", "npd_results", "npd_care")),
    # After the schools: the police often know the address that a school knew.
    "pnc": System(("pnc_history",), ("pnc", "pnc_results")),
}
"""In the order of the histories: a later one builds on the earlier."""

REFERENCES = (
    "xhibit.xhb_ref_",
    "delius.delius_r_",
    "nomis.nomis_",
    "npd.npd_school",
    "oasys.oasys_ref_",
)
"""How the names of tables without people begin: they are written once."""

COLUMN_TYPES = {
    Type.STRING: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
}


def tables(
    spec: Specification,
    people: int,
    seed: int,
    chunk: int | None = None,
    systems: Collection[str] = tuple(SYSTEMS),
) -> Iterator[tuple[str, pa.Table]]:
    """Every table of the systems, and the truth about who is who, a chunk of people at a time.

    The same people and seed give the same rows, whatever the threads, the chunk or the systems.
    """
    if not 0 < people <= MOST_PEOPLE:
        raise ValueError(f"people must be from 1 to {MOST_PEOPLE}")
    invented = _up_to(systems)
    sources = [spec.systems[s].tables[t] for s in invented if s in systems for t in _names(spec, s)]
    con = duckdb.connect(config={"memory_limit": "3GB"})
    # Two wheels chosen by the same column would otherwise be joined with each other first.
    con.execute("SET disabled_optimizers = 'join_order'")
    try:
        lists.lay_out(con)
        _run(con, "draws", seed=seed)
        _run(con, "references")
        together = chunk or AT_A_TIME // len(invented)
        households = max(together // HOUSEHOLD, 1) * HOUSEHOLD
        for first in range(0, people, households):
            _invent(con, invented, first, min(first + households, people))
            for table in sources:
                if first == 0 or not table.id.startswith(REFERENCES):
                    yield table.id, con.sql(_select(table)).to_arrow_table()
            yield "truth.records", con.sql(_truth(con)).to_arrow_table()
            yield "truth.journeys", con.sql("FROM journeys ORDER BY ALL").to_arrow_table()
    finally:
        con.close()


def _up_to(systems: Collection[str]) -> dict[str, System]:
    """The systems to the last of those asked for: what happened in it builds on them."""
    names = list(SYSTEMS)
    last = max(names.index(system) for system in systems if system in SYSTEMS)
    return {name: SYSTEMS[name] for name in names[: last + 1]}


def _names(spec: Specification, system: str) -> list[str]:
    return sorted(spec.systems[system].tables) if system in spec.systems else []


def _invent(
    con: duckdb.DuckDBPyConnection, systems: Mapping[str, System], first: int, last: int
) -> None:
    """The people from first to last (whole households, but for the very last), and all of them."""
    _run(con, "population", first=first, last=last)
    for system in systems.values():
        for step in system.histories:
            _run(con, step)
    columns = "SELECT defendant, is_company, home"
    records = " UNION ALL ".join(f"{columns} FROM {system}_record" for system in systems)
    con.execute(f"CREATE OR REPLACE TEMP VIEW every_record AS {records}")
    _run(con, "addresses")
    for name, system in systems.items():
        _run(con, "identity", records=f"{name}_record", written=f"{name}_written")
        for step in system.tables:
            _run(con, step)


def _run(con: duckdb.DuckDBPyConnection, name: str, **words: object) -> None:
    sql = (SQL / f"{name}.sql").read_text()
    for word, value in words.items():
        sql = sql.replace(f"{{{word}}}", str(value))
    con.execute(sql)


def _truth(con: duckdb.DuckDBPyConnection) -> str:
    """Who is who, in every dataset that some system wrote down."""
    names = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, 'truth_') ORDER BY 1"
    ).fetchall()
    each = " UNION ALL ".join(f"SELECT dataset, record_id, person_id FROM {n}" for (n,) in names)
    return f"FROM ({each}) ORDER BY dataset, record_id"


def _select(table: Table) -> str:
    """The table as the specification has it: its columns in order, its types, its faults."""
    columns = ", ".join(
        f'CAST("{v.name}" AS {"VARCHAR" if v.format else COLUMN_TYPES[v.type]}) AS "{v.name}"'
        for v in table
    )
    order = ", ".join(f'"{name}"' for name in table.key)
    rows = faulty(table.id, f'FROM "{table.name}"')
    return f"SELECT {columns} FROM ({rows}) ORDER BY {order}, row_key"
