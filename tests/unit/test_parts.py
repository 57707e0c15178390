"""Tables are written in parts whose bytes depend on the rows alone."""

import csv
import hashlib
from pathlib import Path

import duckdb
import polars as pl
import pytest

from datafirst import parts
from datafirst.errors import NOT_RETRIED, ValidationFailed

WORDS = ["007", "", None, "Zoë", "two\nlines", 'a "quote"', "a,b", " lead", "NULL", "\r\n", "日本"]


def connection(threads: int = 2) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}")
    con.execute("SET preserve_insertion_order = false")
    return con


def numbers(con: duckdb.DuckDBPyConnection, rows: int) -> str:
    con.execute(
        "CREATE TABLE numbers AS SELECT i AS id, 'v' || (hash(i) % 1000) AS word, "
        "CASE WHEN i % 3 = 0 THEN i / 7.0 END AS share, DATE '2020-01-01' + (i % 1000)::INT AS day "
        f"FROM range({rows}) t(i) ORDER BY hash(i)"
    )
    return "SELECT * FROM numbers"


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_bytes_do_not_depend_on_the_threads(tmp_path: Path, form: str) -> None:
    seen = set()
    for threads in (1, 2, 4):
        con = connection(threads)
        made = parts.write(
            con,
            numbers(con, 200_000),
            ["word", "id"],
            tmp_path / str(threads),
            name="numbers",
            formats=[form],
            part_rows=90_000,
        )
        assert len(made) == 3
        seen.add(tuple(hashlib.sha256(p.path.read_bytes()).hexdigest() for p in made))
    assert len(seen) == 1


def test_parts_hold_every_row_once_in_order_and_are_equal_to_within_one(tmp_path: Path) -> None:
    con = connection()
    made = parts.write(con, numbers(con, 1000), ["id"], tmp_path, name="numbers", part_rows=333)
    assert [p.name for p in made] == [f"numbers-0000{i}-of-00004.parquet" for i in (1, 2, 3, 4)]
    assert {p.rows for p in made} == {250}
    frames = [pl.read_parquet(p.path) for p in made]
    assert [f.height for f in frames] == [p.rows for p in made]
    assert pl.concat(frames)["id"].to_list() == list(range(1000))
    uneven = parts.write(con, "SELECT * FROM numbers", ["id"], tmp_path / "u", part_rows=300)
    assert [p.name for p in uneven] == [f"part-0000{i}.parquet" for i in range(4)]
    assert max(p.rows for p in uneven) - min(p.rows for p in uneven) <= 1


def test_no_part_is_larger_than_allowed_even_where_rows_are_wide_in_one_place(
    tmp_path: Path,
) -> None:
    con = connection()
    query = (
        "SELECT i AS id, CASE WHEN i > 15000 THEN repeat(hash(i)::VARCHAR, 20) ELSE '' END AS t "
        "FROM range(20000) t(i)"
    )
    made = parts.write(
        con, query, ["id"], tmp_path, name="t", formats=["csv", "parquet"], part_bytes=200_000
    )
    assert max(p.path.stat().st_size for p in made) <= 200_000
    assert sum(p.rows for p in made if p.name.endswith("csv")) == 20_000
    assert {p.name for p in made} == {p.name for p in tmp_path.iterdir()}


def test_a_csv_gives_back_what_was_written(tmp_path: Path) -> None:
    con = connection()
    con.execute("CREATE TABLE words AS SELECT * FROM (SELECT unnest(?) AS word)", [WORDS])
    con.execute("CREATE TABLE numbered AS SELECT rowid AS id, word FROM words")
    [part] = parts.write(con, "FROM numbered", ["id"], tmp_path, name="words", formats=["csv"])
    read = con.execute(
        f"SELECT word FROM read_csv('{part.path}', header = true, all_varchar = true, "
        "nullstr = '', allow_quoted_nulls = false) ORDER BY id::INT"
    ).fetchall()
    assert [word for (word,) in read] == WORDS
    with part.path.open(newline="", encoding="utf-8") as file:
        assert [row["word"] for row in csv.DictReader(file)] == [word or "" for word in WORDS]


def test_a_table_without_rows_is_a_part_with_a_header(tmp_path: Path) -> None:
    con = connection()
    numbers(con, 0)
    made = parts.write(
        con, "FROM numbers", ["id"], tmp_path, name="numbers", formats=["parquet", "csv"]
    )
    assert [p.rows for p in made] == [0, 0]
    assert pl.read_parquet(made[0].path).columns == ["id", "word", "share", "day"]
    assert made[1].path.read_text() == "id,word,share,day\n"


def test_an_order_that_leaves_something_to_chance_is_refused(tmp_path: Path) -> None:
    con = connection()
    with pytest.raises(ValidationFailed, match=r'^hearing: "word" does not order the rows'):
        parts.write(con, numbers(con, 2000), ["word"], tmp_path / "hearing")
    with pytest.raises(NOT_RETRIED, match=r"^numbers: "):
        parts.write(con, "FROM numbers", ["word"], tmp_path, name="numbers")
