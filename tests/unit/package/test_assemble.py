"""A package is the same bytes whoever makes it, and holds nothing but what it says."""

import json

import duckdb
import polars
import pytest

from datafirst.package.manifest import canonical, read_file


def bodies(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_it_is_laid_out_as_promised(made):
    assert sorted(p.name for p in made.iterdir()) == [
        "README.txt", "catalogue", "data", "datapackage.json", "manifest.json",
    ]  # fmt: skip
    assert sorted(p.name for p in (made / "data" / "offence").iterdir()) == [
        f"offence-0000{n}-of-00003.{form}" for n in (1, 2, 3) for form in ("csv", "parquet")
    ]


def test_it_is_the_same_bytes_with_other_threads_and_rows_in_another_order(
    court, made, make, tmp_path
):
    again = make(court, tmp_path / "again", threads=1, order_by="hash(number)")
    assert bodies(again) == bodies(made)


def test_the_manifest_is_canonical_and_says_what_it_was_made_from(made):
    body = (made / "manifest.json").read_bytes()
    content = json.loads(body)
    assert canonical(content) == body
    assert set(content["inputs"]) == {
        "code", "key_epoch", "models", "snapshots", "specification",
    }  # fmt: skip
    assert (content["release"], content["date"]) == ("2022-02", "2022-02-28")
    assert content["tables"] == {"defendant": {"rows": 1200}, "offence": {"rows": 1402}}


def test_the_manifest_names_every_other_file(made):
    named = [file.path for file in read_file(made).files]
    assert named == sorted(named)
    assert {*named, "manifest.json"} == set(bodies(made))


def test_no_footer_carries_more_than_the_table(made):
    with duckdb.connect() as con:
        for path in made.rglob("*.parquet"):
            assert con.execute(f"SELECT key FROM parquet_kv_metadata('{path}')").fetchall() == []


@pytest.mark.parametrize("table", ["defendant", "offence"])
def test_the_readme_s_python_reads_every_row(made, table, monkeypatch):
    text = (made / "README.txt").read_text()
    assert f"data/{table}/" in text
    lines = [line.removeprefix("Python").strip() for line in text.splitlines()]
    read = [line for line in lines if line.startswith("defendant = polars.")]
    assert len(read) == 2
    monkeypatch.chdir(made)
    for line in read:
        found = {}
        exec(line.replace("defendant", table), {"polars": polars}, found)
        assert found[table].height == {"defendant": 1200, "offence": 1402}[table]


def test_missing_and_empty_text_stay_apart_in_csv(made):
    first = (made / "data/defendant/defendant-00001-of-00003.csv").read_text().splitlines()[1:]
    ends = {line.rpartition(",")[2] for line in first}
    assert {'""', ""} <= ends
