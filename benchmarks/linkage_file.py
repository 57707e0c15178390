"""What is in the file that every way of the linkage benchmark deduplicates?"""

import hashlib
import inspect
import json
import math
import shutil
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

import linkage_model
import linkage_people
from linkage_ways import Task, database

PAIRS_AT_ONCE = 60_000_000
"""Candidate pairs that Splink is given at once: it can hold those of 5 million records."""

SHARE = (
    "SELECT sum(n * (n - 1)) / sum(n) ** 2 FROM (SELECT count(*)::DOUBLE AS n FROM {} GROUP BY {})"
)


def described(folder: str, records: int, seed: int, memory: str) -> dict[str, Any]:
    """The file, made where it is not there as it would be made now, and what was counted in it."""
    digest = hashlib.sha256(
        repr((inspect.getsource(linkage_people), linkage_model.BLOCKED_ON, records, seed)).encode()
    ).hexdigest()
    path = Path(folder, "people.parquet")
    told = path.with_suffix(".json")
    if told.exists():
        known: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        if known["digest"] == digest:
            return {**known, "path": str(path)}
    shutil.rmtree(path.parent, ignore_errors=True)  # what ways found in another file
    path.parent.mkdir(parents=True)
    with database(Task(path, path.parent, 1, memory)) as con:
        linkage_people.people(con, path, records, seed)
        con.execute("SET preserve_insertion_order = false")
        found = {"digest": digest, "records": records, **_counted(con, path)}
    told.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return {**found, "path": str(path)}


def _counted(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Any]:
    con.execute(f"CREATE TABLE people AS FROM '{path}'")
    (persons,) = con.execute("SELECT count(DISTINCT person) FROM people").fetchall()[0]
    shares = {
        name: con.execute(SHARE.format("people", name)).fetchall()[0][0]
        for name in ("forename", "surname")
    }
    by_rule = sum(_by_rule(con, rule) for rule in linkage_model.BLOCKED_ON)
    pairs = _pairs(con, math.ceil(by_rule / PAIRS_AT_ONCE))
    return {
        "persons": persons,
        **{f"same_{name}": share for name, share in shares.items()},
        "pairs": pairs,
        "pieces": math.ceil(pairs / PAIRS_AT_ONCE),
    }


def _by_rule(con: duckdb.DuckDBPyConnection, rule: tuple[str, ...]) -> int:
    """Pairs that meet one rule, from the sizes of groups; those that meet several count in each."""
    known = " AND ".join(f"{key} IS NOT NULL" for key in rule)
    groups = f"SELECT count(*) AS n FROM people WHERE {known} GROUP BY {', '.join(rule)}"
    return int(con.execute(f"SELECT sum(n * (n - 1)) // 2 FROM ({groups})").fetchall()[0][0])


def _pairs(con: duckdb.DuckDBPyConnection, pieces: int) -> int:
    """Candidate pairs, each once, as Splink blocks."""
    linker = Linker(DuckDBAPI(con).register("people"), linkage_model.plain(), log_level=None)
    counted = 0
    for piece in range(1, pieces + 1):
        blocked = linker.inference.compute_blocked_pairs_for_predict_chunk(
            left_chunk=(1, 1), right_chunk=(piece, pieces)
        )
        (found,) = con.execute(f"SELECT count(*) FROM {blocked.physical_name}").fetchall()[0]
        blocked.drop_table_from_database_and_remove_from_cache()
        counted += int(found)
    return counted
