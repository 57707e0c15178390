"""What does one stage cost, which data does it read, and what would copying those cost?

Each function is called in a process of its own. The floor of a stage is what DuckDB's COPY takes
to read the tables that the stage read and to write them in the formats in which it wrote tables,
from local files to local files: no stage could do less.
"""

import time
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import PurePosixPath
from typing import Any

DATA = (".parquet", ".csv")
Object = tuple[str, str]
"""Bucket and key."""


def stage(name: str, arguments: list[Any]) -> dict[str, Any]:
    """What a stage answers, with the objects of tables that it read and the formats it wrote."""
    from datafirst import stages
    from datafirst.store import Store

    got: set[Object] = set()
    put: set[Object] = set()
    Store.pointer = _noted(Store.pointer, got)  # type: ignore[method-assign]
    Store._put = _noted(Store._put, put)  # type: ignore[method-assign]
    answer = getattr(stages, name)(*arguments)
    formats = sorted({PurePosixPath(key).suffix for _, key in put})
    written = {(name, key) for name, key in put if key.endswith(".parquet")}
    # What an extraction reads is no object: it is what it wrote.
    return {**answer, "read": sorted(got or written), "formats": formats or [".parquet"]}


def _noted(method: Callable[..., Any], objects: set[Object]) -> Callable[..., Any]:
    """The same method of a store, which also keeps the names of the objects with tables' rows."""

    @wraps(method)
    def noted(store: Any, key: str, *rest: Any, **named: Any) -> Any:
        if key.endswith(DATA):
            objects.add((store.bucket, key))
        return method(store, key, *rest, **named)

    return noted


def floor(read: list[Object], formats: list[str]) -> dict[str, float]:
    """Seconds and processor seconds of copying the tables, once they are local files."""
    from datafirst.parts import COPY
    from datafirst.scratch import scratch
    from datafirst.settings import settings
    from datafirst.store import bucket

    spent = {"wall": 0.0, "cpu": 0.0}
    several = len({PurePosixPath(key).suffix for _, key in read}) > 1
    with scratch(settings()) as work, work.connect() as con:
        for number, (form, objects) in enumerate(_tables(read)):
            paths = [work / f"{number}/{i}{form}" for i in range(len(objects))]
            for path, (name, key) in zip(paths, objects, strict=True):
                path.write_bytes(bucket(name, settings()).read(key))
            names = ", ".join(f"'{path}'" for path in paths)
            source = f"read_parquet([{names}])"
            if form == ".csv":
                source = f"read_csv([{names}], all_varchar = true, delim = ',', quote = '\"')"
            for to in [form] if several else formats:
                target = work / f"copied{to}"
                before = time.perf_counter(), time.process_time()
                con.execute(f"COPY (FROM {source}) TO '{target}' ({COPY[to[1:]]})")
                spent["wall"] += time.perf_counter() - before[0]
                spent["cpu"] += time.process_time() - before[1]
                target.unlink()
            for path in paths:
                path.unlink()
    return spent


def _tables(read: Iterable[Object]) -> list[tuple[str, list[Object]]]:
    """The objects of each table in each format: those of one folder."""
    found: dict[tuple[str, str, str], list[Object]] = {}
    for name, key in sorted(map(tuple, read)):
        path = PurePosixPath(key)
        found.setdefault((name, str(path.parent), path.suffix), []).append((name, key))
    return [(form, objects) for (_, _, form), objects in found.items()]


def forget_sources() -> dict[str, Any]:
    """Empties the sources, once every snapshot of them is taken: they fill most of the disk."""
    import psycopg2

    from datafirst.extract.source import address
    from datafirst.settings import settings
    from datafirst.spec import load

    for system in load(settings().config).systems.values():
        if system.connection.kind != "postgresql":
            continue
        schema = system.connection.schema_name or system.id
        connection = psycopg2.connect(address(system.id))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        connection.close()
    return {}
