"""Whatever happens to a package on its way is found, all of it at once, and no value is told."""

import hashlib
import json
import re
import shutil

import duckdb
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from datafirst.cli import app
from datafirst.errors import DeliveryRefused
from datafirst.package import verify
from datafirst.package.contents import Tables
from datafirst.settings import settings

PARQUET = "data/offence/offence-00002-of-00003.parquet"
CSV = "data/offence/offence-00002-of-00003.csv"


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "package")


def differences(folder):
    with pytest.raises(DeliveryRefused) as refused:
        verify(folder)
    return str(refused.value).splitlines()[1:]


def reseal(folder):
    """Makes the manifest agree with the files again, as a careful forger would."""
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    for file in content["files"]:
        body = (folder / file["path"]).read_bytes()
        file |= {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    path.write_text(json.dumps(content))


def rewrite(path, sql, source=None):
    """Writes a part anew from a query over its rows."""
    new = path.with_suffix(".new")
    form = path.suffix[1:]
    nulls = ", NULLSTR ''" if form == "csv" else ""
    read = "read_csv('{}', allow_quoted_nulls = false)" if form == "csv" else "'{}'"
    with duckdb.connect() as con:
        con.execute(f"COPY ({sql.format(read.format(path))}) TO '{new}' (FORMAT {form}{nulls})")
    new.rename(path)
    reseal(path.parents[2])


def test_a_package_as_made_is_whole(made):
    report = verify(made)
    assert (report.release, report.share, report.recipient) == ("2022-02", "court", "safe_room")
    assert report.tables == {"defendant": 1200, "offence": 1402}
    assert report.files == 16


def test_one_changed_byte_of_a_file_of_the_same_size_is_found(folder):
    path = folder / PARQUET
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    assert differences(folder) == [f"{PARQUET}: changed: the right size, but not the right hash"]


def test_missing_extra_and_cut_files_are_named_together(folder):
    (folder / PARQUET).unlink()
    (folder / "data" / "offence" / "extra.parquet").write_bytes(b"")
    (folder / "README.txt").write_bytes((folder / "README.txt").read_bytes()[:-1])
    found = differences(folder)
    assert len(found) == 3
    assert f"{PARQUET}: missing" in found
    assert "data/offence/extra.parquet: the manifest does not know it" in found
    assert any(
        re.fullmatch(r"README.txt: \d+ bytes, where the manifest says \d+", f) for f in found
    )


@pytest.mark.parametrize("path", [PARQUET, CSV])
def test_a_removed_row_is_found_though_every_hash_agrees(folder, path):
    rewrite(folder / path, "FROM {} LIMIT 466")
    form = path.rpartition(".")[2]
    assert differences(folder) == [
        f"{path}: 466 rows, where the manifest says 467",
        f"offence: 1401 rows in {form}, where the manifest says 1402",
    ]


@pytest.mark.parametrize("path", [PARQUET, CSV])
@pytest.mark.parametrize("sql", ["SELECT * EXCLUDE (fine) FROM {}", "SELECT *, 1 AS more FROM {}",
                                 "SELECT * RENAME (fine AS price) FROM {}"])  # fmt: skip
def test_other_columns_are_found(folder, path, sql):
    rewrite(folder / path, sql)
    assert f"{path}: its columns are not those of datapackage.json" in differences(folder)


def test_another_type_is_found(folder):
    rewrite(folder / PARQUET, "SELECT * REPLACE (fine::VARCHAR AS fine) FROM {}")
    assert f"{PARQUET}: its columns are not those of datapackage.json" in differences(folder)


@pytest.mark.parametrize("path", [PARQUET, CSV])
def test_a_value_changed_in_one_format_only_is_found(folder, path):
    rewrite(folder / path, "SELECT * REPLACE (fine + 1 AS fine) FROM {}")
    assert differences(folder) == ["offence: the rows in parquet and csv are not the same"]


def test_a_key_that_stands_twice_and_a_row_that_points_nowhere_are_found(folder):
    for path in (PARQUET, CSV):
        rewrite(folder / path, "SELECT * REPLACE ('BCDFGHJKLMNPQRSTBC' AS number) FROM {}")
    assert differences(folder) == [
        "offence: 2 of its keys stand more than once",
        "offence: 467 rows point to rows that defendant does not have",
    ]


def test_a_value_of_the_wrong_type_is_found_and_never_told(folder):
    rewrite(folder / CSV, "SELECT * REPLACE ('secret' AS fine) FROM {}")
    with pytest.raises(DeliveryRefused) as refused:
        verify(folder)
    assert "offence: the csv files cannot be read" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_what_another_writer_leaves_in_a_footer_is_found(folder):
    table = pyarrow.parquet.read_table(folder / PARQUET)
    pyarrow.parquet.write_table(table.replace_schema_metadata({"pandas": "x"}), folder / PARQUET)
    reseal(folder)
    assert f"{PARQUET}: it carries metadata besides its table" in differences(folder)


@pytest.mark.parametrize("body", [None, b"", b"[]", b'{"layout": 1}', b'{"layout": 2}'])
def test_a_folder_without_a_manifest_is_refused(folder, body):
    (folder / "manifest.json").unlink()
    if body is not None:
        (folder / "manifest.json").write_bytes(body)
    with pytest.raises(DeliveryRefused, match=r"manifest\.json"):
        verify(folder)


def test_a_table_that_only_the_manifest_knows_is_found(folder):
    path = folder / "datapackage.json"
    described = json.loads(path.read_text())
    described["resources"] = described["resources"][:1]
    path.write_text(json.dumps(described))
    reseal(folder)
    assert differences(folder) == [
        "offence: a table of the manifest or of datapackage.json, but not of both"
    ]


def test_a_connection_may_be_given_and_given_again(made):
    with duckdb.connect() as con:
        assert verify(made, con) == verify(made, con) == verify(made)


def test_too_little_memory_is_no_fault_of_the_package(made):
    with duckdb.connect() as con:
        con.execute("SET memory_limit = '1MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            verify(made, con)


def test_a_disk_that_fails_is_no_fault_of_the_package(made, monkeypatch):
    def failing(*_):
        raise duckdb.IOException("no space")

    monkeypatch.setattr(Tables, "_rows", failing)
    with pytest.raises(duckdb.IOException):
        verify(made)


@pytest.mark.parametrize(("memory", "code"), [("1GB", 0), ("1MB", 16)])
def test_the_command_keeps_to_the_deployment_s_memory(made, build, monkeypatch, memory, code):
    monkeypatch.setenv("DATAFIRST_BUILD", str(build))
    monkeypatch.setenv("DATAFIRST_MEMORY", memory)
    settings.cache_clear()
    answer = CliRunner().invoke(app, ["verify", str(made)])
    assert answer.exit_code == code
    assert code == 0 or "DATAFIRST_MEMORY" in answer.output
    assert not any((build / "scratch").iterdir())
