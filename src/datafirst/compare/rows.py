"""Which rows of a table are in both releases, by key, and in how many did something change?"""

from collections.abc import Sequence
from typing import Any

from duckdb import DuckDBPyConnection


def rows(
    con: DuckDBPyConnection, old: str, new: str, key: Sequence[str], variables: Sequence[str]
) -> dict[str, Any]:
    """Rows of two relations: in both, only in one, changed; and changed values by variable.

    Both have the key, which stands once in each. A variable that is not in both, or not of one
    type, is not compared.
    """
    same = " AND ".join(f'old."{column}" = new."{column}"' for column in key)
    compared = _alike(con, old, new, [name for name in variables if name not in key])
    differs = [f'(old."{name}" IS DISTINCT FROM new."{name}")' for name in compared]
    counts = [
        "count(*) FILTER (old._there AND new._there)",
        "count(*) FILTER (new._there IS NULL)",
        "count(*) FILTER (old._there IS NULL)",
        *(
            f"count(*) FILTER (old._there AND new._there AND {condition})"
            for condition in (f"({' OR '.join(differs) or 'false'})", *differs)
        ),
    ]
    found = con.execute(
        f"SELECT {', '.join(counts)} FROM (SELECT *, true AS _there FROM {old}) AS old "
        f"FULL JOIN (SELECT *, true AS _there FROM {new}) AS new ON {same}"
    ).fetchone()
    assert found is not None
    both, only_old, only_new, changed, *each = found
    return {
        "both": both,
        "only_old": only_old,
        "only_new": only_new,
        "changed": changed,
        "values": {name: n for name, n in zip(compared, each, strict=True) if n},
    }


def _alike(con: DuckDBPyConnection, old: str, new: str, names: Sequence[str]) -> list[str]:
    """Those columns that both relations have, of one type."""
    before, after = (
        {name: kind for name, kind, *_ in con.execute(f"DESCRIBE FROM {relation}").fetchall()}
        for relation in (old, new)
    )
    return [name for name in names if name in before and before[name] == after.get(name)]
