"""Which relations does a query read, and so in what order are queries asked?"""

import json
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.errors import SpecificationError
from datafirst.spec import Share


def reads(con: DuckDBPyConnection, query: str) -> set[tuple[str, str]]:
    """Schema and name of every relation that a query names; none where it cannot be parsed."""
    row = con.execute("SELECT json_serialize_sql(?)", [query]).fetchone()
    assert row is not None
    return set(_named(json.loads(row[0])))


def in_order(con: DuckDBPyConnection, share: Share) -> tuple[str, ...]:
    """The share's queries, each after those whose relation `<share>.<name>` it reads.

    Raises SpecificationError naming the queries that wait for each other.
    """
    return _sorted(share, {name: _own(con, share, name) for name in sorted(share.queries)})


def _own(con: DuckDBPyConnection, share: Share, query: str) -> list[str]:
    """The queries of the share whose relations one of them reads."""
    read = reads(con, share.queries[query])
    return sorted(name for group, name in read if group == share.id and name in share.queries)


def _sorted(share: Share, needs: Mapping[str, list[str]]) -> tuple[str, ...]:
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " reads ".join(f"{share.id}.{name}" for name in reversed(error.args[1]))
        raise SpecificationError(
            f"shares/{share.id}: {circle}: no table can be made before itself"
        ) from None


def _named(parsed: Any) -> Iterator[tuple[str, str]]:
    if isinstance(parsed, dict):
        if parsed.get("type") == "BASE_TABLE":
            yield parsed["schema_name"].lower(), parsed["table_name"].lower()
        parsed = list(parsed.values())
    for part in parsed if isinstance(parsed, list) else ():
        yield from _named(part)
