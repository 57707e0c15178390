"""How are invented sources laid out where no server is? As typed tables of one database."""

import duckdb
import pyarrow as pa

from datafirst.derive.typed import column
from datafirst.spec import Specification

from .generate import tables


def lay_out(con: duckdb.DuckDBPyConnection, spec: Specification, people: int, seed: int) -> None:
    """Makes every table of every system by its bare name, typed, with `_row` and without doubles
    (as validation leaves it), and `truth` (dataset, record_id, person_id).

    It is what linkage is measured on without extracting anything: all of it at once, in memory.
    """
    parts: dict[str, list[pa.Table]] = {}
    for name, part in tables(spec, people, seed):
        parts.setdefault(name, []).append(part)
    for name, found in parts.items():
        system, table = name.split(".")
        con.register("invented", pa.concat_tables(found))
        if name == "truth.records":
            con.execute("CREATE TABLE truth AS SELECT dataset, record_id, person_id FROM invented")
        elif system == "truth":
            con.execute(f"CREATE TABLE truth_{table} AS FROM invented")
        else:
            described = spec.systems[system].tables[table]
            columns = ", ".join(column(variable) for variable in described)
            key = ", ".join(f'"{name}"' for name in described.key)
            con.execute(
                f'CREATE TABLE "{table}" AS SELECT row_number() OVER (ORDER BY {key}) - 1 AS _row, '
                f"{columns} FROM (FROM invented QUALIFY row_number() OVER (PARTITION BY {key}) = 1)"
            )
        con.unregister("invented")
