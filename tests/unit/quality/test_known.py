"""The strata's pairs are counted by group as the sample names groups, drawn or not."""

import duckdb

from datafirst.quality.groups import GROUPS
from datafirst.quality.sample import sample

from .test_sample import RECORDS, STANDARDS, world

PEOPLE = [
    {"n": n, "dataset": "ab"[n % 2], "person": f"p{n // 3}", "forename1": "ANNA",
     "surname": "SMITH", "date_of_birth": "1980-01-01", "postcode": "AB1 1AA"}
    for n in range(12)
]  # fmt: skip


def test_a_sample_of_everything_has_all_that_is_known() -> None:
    with world(PEOPLE, [(0, 4, 3.0), (1, 2, 9.0)]) as con:
        values = ", ".join(
            f"CASE _row % 3 WHEN 0 THEN 'x' WHEN 1 THEN 'y' ELSE 'not known' END AS {name}"
            for name in GROUPS
        )
        con.execute(
            f"CREATE OR REPLACE TABLE grouped AS SELECT dataset, _row, {values} FROM people"
        )
        sample(con, RECORDS, 10_000, 1, STANDARDS)
        found = counted(con, "kind, category, stratum, together", "pairs", "sample_known")
        for by in ("datasets", *GROUPS):
            category = "dataset_l || ' and ' || dataset_r" if by == "datasets" else by
            drawn = counted(con, f"'{by}', {category}, stratum, together", "1", "sample")
            assert drawn == {key: n for key, n in found.items() if key[0] == by}


def counted(con: duckdb.DuckDBPyConnection, by: str, pairs: str, of: str) -> dict[object, int]:
    rows = con.execute(f"SELECT {by}, sum({pairs}) FROM {of} GROUP BY ALL").fetchall()
    return {tuple(key): int(n) for *key, n in rows}
