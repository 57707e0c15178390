"""Do the pages for people say what is so? Commands, columns, systems, shares, settings, links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer

from datafirst.cli import app
from datafirst.deidentify import release
from datafirst.settings import PROJECT, Settings
from datafirst.spec import Specification, Type, load

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
READING = (PROJECT / "docs" / "reading-a-package.md").read_text(encoding="utf-8")
POLARS = {Type.INTEGER: pl.Int64, Type.NUMBER: pl.Float64, Type.BOOLEAN: pl.Boolean,
          Type.DATE: pl.Date}  # fmt: skip


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(PROJECT / "config")


def commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for command in re.findall(r"(?m)^datafirst .+$|`datafirst ([^`]+)`", text):
            yield page.name, command
        yield from ((page.name, c[10:]) for c in re.findall(r"(?m)^datafirst .+$", text))


COMMANDS = sorted({(page, c) for page, c in commands() if c})


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_every_command_exists_with_its_options(page: str, command: str) -> None:
    assert unknown_in(command) == []


@pytest.mark.parametrize("wrong", ["frobnicate", "spec frobnicate", "train x --fast"])
def test_a_command_that_is_none_would_be_found(wrong: str) -> None:
    assert len(unknown_in(wrong)) == 1


def unknown_in(command: str) -> list[str]:
    """The commands and options of a line that there are not."""
    at: Any = typer.main.get_command(app)
    unknown, taken = [], False
    for word in shlex.split(command.replace("...", ""), comments=True):
        options = {name: o for o in at.params for name in o.opts if name.startswith("-")}
        if word.startswith("-"):
            unknown += [] if word in options else [word]
            taken = word in options and not options[word].is_flag
        elif taken:
            taken = False
        elif hasattr(at, "commands"):
            unknown += [] if word in at.commands else [word]
            at = at.commands.get(word, at)
    return unknown


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) > 15


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.+?)^```", READING)


def tables(spec: Specification, code: str) -> set[str]:
    """The tables that an example reads, as `share.table`."""
    return {f"{s}.{t}" for s, t in re.findall(r"(\w+)/data/(\w+)", code)}


@pytest.mark.parametrize("code", blocks("python"))
def test_the_examples_in_python_run(
    spec: Specification, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in tables(spec, code):
        share, table = name.split(".")
        leaving = release(spec, spec.shares[share].tables[table])[0]
        folder = tmp_path / share / "data" / table
        folder.mkdir(parents=True)
        shape = {v.name: POLARS.get(v.type, pl.String) for v in leaving}
        pl.DataFrame(schema=shape).write_parquet(folder / f"{table}-00001-of-00001.parquet")
    pl.DataFrame(schema={"estimated_person_id": pl.String}).write_parquet(
        tmp_path / "cohort.parquet"
    )
    monkeypatch.chdir(tmp_path)
    names: dict[str, pl.DataFrame] = {}
    exec(code, names)
    found = names["both"] if "both" in names else names["carried"]
    assert {"estimated_person_id", "unique_id"} & set(found.columns)


def test_people_are_carried_over_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of each change, and one whose data are of no level that is asked for."""
    rows = [("retained", "A", "A"), ("merged", "B", "A"), ("split", "B", "C"), ("new", None, "D"),
            ("withdrawn", "E", None)]  # fmt: skip
    change = pl.DataFrame(
        [(*row, level) for row in rows for level in ("standard", "loose")],
        schema=["change", "person_id_before", "person_id_now", "level"],
        orient="row",
    )
    (tmp_path / "linking" / "data" / "id_change").mkdir(parents=True)
    change.write_parquet(tmp_path / "linking" / "data" / "id_change" / "part.parquet")
    cohort = pl.DataFrame({"estimated_person_id": ["A", "B", "E", None], "years": [1, 2, 3, 4]})
    cohort.write_parquet(tmp_path / "cohort.parquet")
    monkeypatch.chdir(tmp_path)
    names: dict[str, pl.DataFrame] = {}
    exec(blocks("python")[1], names)
    told = names["carried"].sort("years").select("years", "person_id_now", "change", "parted")
    assert told.rows() == [
        (1, "A", "retained", False), (2, "A", "merged", True), (3, None, "withdrawn", False),
        (4, None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["r", "stata", "python"])
def test_what_carries_people_over_leaves(spec: Specification, language: str) -> None:
    code = blocks(language)[1]
    table = release(spec, spec.shares["linking"].tables["id_change"])[0]
    named = set(re.findall(r"\b(?:dataset_)?person_id_\w+\b|\blevel\b|\bchange\b", code))
    assert {"person_id_before", "person_id_now", "level", "change"} <= named <= set(table.variables)
    said = {*re.findall(r'== ?"(\w+)"|change="(\w+)"', code)}
    codes = {**(table.variables["change"].codes or {}), **(table.variables["level"].codes or {})}
    assert {word for words in said for word in words if word} <= set(codes)


@pytest.mark.parametrize("language", ["r", "stata", "python"])
def test_the_examples_join_by_columns_that_leave(spec: Specification, language: str) -> None:
    """By record_id and the estimated person across shares, by unique_id within moj_dfe."""
    across, _, within = blocks(language)
    link = release(spec, spec.shares["linking"].tables["xjs_link"])[0]
    assert {"record_id", "estimated_person_id"} <= set(link.variables)
    assert "record_id" in across and "estimated_person_id" in across and "unique_id" in within
    for name in tables(spec, "\n".join(blocks("python"))):
        share, table = name.split(".")
        leaving = release(spec, spec.shares[share].tables[table])[0]
        if name != "linking.id_change":
            assert {"record_id", "unique_id"} & set(leaving.variables), name


def test_what_stata_renames_is_there(spec: Specification) -> None:
    [renamed] = re.findall(r"rename \((.+?)\)", READING)
    pupil = release(spec, spec.shares["moj_dfe"].tables["npd_pupil"])[0]
    assert set(renamed.split()) <= set(pupil.variables)


def test_every_system_is_in_the_diagram_and_every_share_in_the_list(spec: Specification) -> None:
    diagram = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8").lower()
    called = {"pcol": "possession claim online", "nomis": "p-nomis", "delius": "ndelius"}
    assert [s for s in spec.systems if called.get(s, s) not in diagram] == []
    listed = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert [s for s in spec.shares if f"| {s} |" not in listed] == []


def test_every_setting_is_told() -> None:
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {f"DATAFIRST_{name.upper()}" for name in Settings.model_fields}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    local = [t for t in targets if "://" not in t]
    assert [t for t in local if not (page.parent / t).exists()] == []
