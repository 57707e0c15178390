"""What is a small Splink model trained on? Records at random, of few values each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
from hypothesis import strategies as st
from splink import DuckDBAPI, Linker

from datafirst.link.engine.columns import Columns, columns

NAMES = st.sampled_from(["ann", "anna", "anne", "hannah", "", "bo", "élodie", None])
BORN = st.sampled_from(["1990-01-02", "1990-02-01", "1991-01-02", "1960-12-31", "no", None])
Record = tuple[str | None, str | None, int | None]
RECORDS = st.lists(st.tuples(NAMES, BORN, st.sampled_from([1, 2, None])), min_size=3, max_size=40)

LEVELS = {
    "name": [
        '"name_l" IS NULL OR "name_r" IS NULL',
        '"name_l" = "name_r"',
        'jaro_winkler_similarity("name_l", "name_r") >= 0.9',
        'levenshtein("name_l", "name_r") <= 3',
    ],
    "born": [
        'try_cast("born_l" AS DATE) IS NULL OR try_cast("born_r" AS DATE) IS NULL',
        '"born_l" = "born_r"',
        'abs(epoch(try_cast("born_l" AS DATE)) - epoch(try_cast("born_r" AS DATE))) <= 3e6',
    ],
    "kind": ['"kind_l" IS NULL OR "kind_r" IS NULL', '"kind_l" = "kind_r"'],
    "later": ['"name_l" IS NULL', '"kind_l" = 1 AND "kind_r" = 2'],
}
"""The last says something else of a pair the other way round."""


def settings(link_type: str = "dedupe_only", **more: str) -> dict[str, Any]:
    """A model that has seen nothing. `more` are comparisons with one level."""
    known = LEVELS | {name: ["false", asked] for name, asked in more.items()}
    return {
        "sql_dialect": "duckdb",
        "linker_uid": "any",
        "link_type": link_type,
        "comparisons": [
            {"output_column_name": name, "comparison_levels": _levels(asked)}
            for name, asked in known.items()
        ],
        "blocking_rules_to_generate_predictions": [],
        "probability_two_random_records_match": 0.1,
        "max_iterations": 3,
    }


def _levels(asked: list[str]) -> list[dict[str, Any]]:
    known = [{"sql_condition": sql, "label_for_charts": sql} for sql in [*asked, "ELSE"]]
    known[0]["is_null_level"] = True
    return known


@contextmanager
def linked(link_type: str, *tables: Sequence[Record], **more: str) -> Iterator[Linker]:
    """Splink over these tables of records, whose ids are not in order."""
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        api, over = DuckDBAPI(con), []
        for n, records in enumerate(tables):
            con.execute(f"CREATE TABLE t{n} (unique_id INT, name TEXT, born TEXT, kind INT)")
            rows = [(101 * i % len(records), *record) for i, record in enumerate(records)]
            con.executemany(f"INSERT INTO t{n} VALUES (?, ?, ?, ?)", [list(row) for row in rows])
            over.append(api.register(f"t{n}", dataset_display_name=f"{'zyx'[n]}"))
        made = settings(link_type, **more)
        yield Linker(over if len(over) > 1 else over[0], made, log_level=None)


def read(linker: Linker) -> Columns:
    """The columns of the tables that a linker compares."""
    tables = linker._input_tables_dict.values()
    named = {each.dataset_display_name: each.physical_name for each in tables}
    return columns(linker._db_api.duckdb_con, named)
