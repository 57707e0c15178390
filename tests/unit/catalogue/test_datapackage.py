"""The data package is valid, and finds what is wrong with the CSV files beside it."""

import json
import shutil

import duckdb
import frictionless
import pytest

from datafirst.catalogue.datapackage import field


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "package")


def faults(folder):
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    return {row[0] for row in report.flatten(["type"])}


def change(path, sql):
    """Rewrites a CSV part through a query over its rows, which are text."""
    new = path.with_suffix(".new")
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT {sql} FROM read_csv('{path}', all_varchar = true, header = true)) "
            f"TO '{new}' (FORMAT csv, HEADER true)"
        )
    new.rename(path)


def test_what_is_delivered_is_valid(folder):
    assert faults(folder) == set()


@pytest.mark.parametrize(
    ("table", "sql", "fault"),
    [
        ("defendant", "* REPLACE ('X' AS sex)", "constraint-error"),
        ("defendant", "* REPLACE ('12' AS number)", "constraint-error"),
        ("defendant", "* REPLACE ('2031-01-01' AS heard)", "constraint-error"),
        ("defendant", "* REPLACE ('soon' AS heard)", "type-error"),
        ("defendant", "* EXCLUDE (sex)", "missing-cell"),
        ("offence", "* REPLACE ('1' AS sequence)", "primary-key"),
        ("offence", "* REPLACE ('BCDFGHJKLMNPQRSTBC' AS number)", "foreign-key"),
        ("offence", "* REPLACE ('maybe' AS guilty)", "type-error"),
    ],
)
def test_it_finds_a_fault_in_the_second_part(folder, table, sql, fault):
    change(folder / "data" / table / f"{table}-00002-of-00003.csv", sql)
    assert fault in faults(folder)


def test_it_says_which_release_and_licence_and_no_other_time(folder):
    described = json.loads((folder / "datapackage.json").read_text())
    assert described["created"] == "2022-02-28T00:00:00Z"
    assert described["version"] == "2022-02"
    assert described["licenses"] == [{"name": "OGL-UK-3.0", "title": "OGL-UK-3.0"}]


def test_every_file_of_data_is_named_in_it(folder):
    described = json.loads((folder / "datapackage.json").read_text())
    named = {
        path
        for resource in described["resources"]
        for one in (resource, *resource["alternatives"])
        for path in ([one["path"]] if isinstance(one["path"], str) else one["path"])
    }
    there = {p.relative_to(folder).as_posix() for p in (folder / "data").rglob("*.*")}
    assert named == there


def test_a_coded_variable_lists_its_codes_and_their_meanings(court):
    said = field(court.tables["defendant"].variables["sex"])
    assert said["constraints"]["enum"] == ["F", "M", "I"]
    assert said["categories"][0] == {"value": "F", "label": "Female"}
    assert "required" not in said["constraints"]
