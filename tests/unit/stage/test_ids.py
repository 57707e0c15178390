"""What a stage keeps of people's ids, how it goes on with another release, what shares may ask."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from datafirst.derive.tables import link
from datafirst.link.lasting import CHANGES
from datafirst.parts import write
from datafirst.run import Artefact
from datafirst.scratch import Scratch
from datafirst.stage.ids import ORDER, named
from datafirst.stage.release import Plan


@dataclass
class Releases:
    """Releases that go on with one another, their people kept in files as the stage keeps them."""

    folder: Path
    people: dict[str, Path] = field(default_factory=dict)

    def make(
        self, con: duckdb.DuckDBPyConnection, version: str, before: str | None, **persons: str
    ) -> dict[str, dict[str, Any]]:
        rows = ", ".join(f"('{record}', '{person}')" for record, person in persons.items())
        con.execute(
            "CREATE OR REPLACE TABLE people AS SELECT 'court' AS dataset, record_id, "
            "row_number() OVER () AS _row, person AS person_strict, person AS person_standard, "
            "person AS person_loose, person AS dataset_person, NULL::VARCHAR AS flag "
            f"FROM (VALUES {rows}) t(record_id, person)"
        )
        counts = named(con, self.plan(version, before), cast(Scratch, self.folder / version))
        [part] = write(con, "FROM people", ("dataset", "_row"), self.folder / f"kept {version}")
        self.people[version] = part.path
        return counts

    def plan(self, version: str, before: str | None) -> Plan:
        def record(store: str, stage: str) -> Any:
            assert (store, stage) == ("index", "link")
            return SimpleNamespace(
                of=lambda table: (Artefact(f"{table}/part", f"{before}", "", 0),)
            )

        def fetch(key: str, to: Path, sha256: str) -> Path:
            to.parent.mkdir(parents=True)
            return Path(shutil.copy(self.people[key], to))

        return cast(Plan, SimpleNamespace(
            release=SimpleNamespace(version=version),
            previous=SimpleNamespace(record=record) if before else None,
            store=lambda name: SimpleNamespace(fetch=fetch),
        ))  # fmt: skip


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path)


def test_a_release_that_continues_none_names_everybody_anew(
    con: duckdb.DuckDBPyConnection, releases: Releases
) -> None:
    counts = releases.make(con, "v1", None, a="x", b="y")
    assert set(counts) == {"strict", "standard", "loose", "dataset"}
    assert counts["loose"] == {**dict.fromkeys(CHANGES, 0), "new": 2}


def test_a_release_goes_on_with_the_people_of_the_one_that_it_continues(
    con: duckdb.DuckDBPyConnection, releases: Releases
) -> None:
    releases.make(con, "v1", None, a="x", b="x", c="y", d="z")
    counts = releases.make(con, "v2", "v1", b="p", c="q", e="q", f="r")
    assert counts["strict"] == {
        "retained": 2, "merged": 0, "split": 0, "new": 1, "withdrawn": 1,
        "untouched": 0, "untouched_kept": 0,
    }  # fmt: skip
    ids = con.execute("SELECT record_id, person_strict FROM people ORDER BY 1").fetchall()
    assert ids == [
        ("b", "v1/court/a"), ("c", "v1/court/c"), ("e", "v1/court/c"), ("f", "v2/court/f"),
    ]  # fmt: skip
    again = releases.make(con, "v3", "v2", b="p", c="q", e="q", f="r")
    assert (again["dataset"]["untouched"], again["dataset"]["untouched_kept"]) == (3, 3)


def test_changes_are_kept_in_a_total_order_and_shares_ask_for_them(
    con: duckdb.DuckDBPyConnection, releases: Releases, tmp_path: Path
) -> None:
    releases.make(con, "v1", None, a="x", b="y", c="z")
    releases.make(con, "v2", "v1", a="x", b="x", d="w", e="v")
    parts = write(con, "FROM id_changes", ORDER["id_changes"], tmp_path / "id_changes")
    with duckdb.connect() as share:
        link(share, [], [], id_changes=[part.path for part in parts])
        told = share.execute("SELECT change, count(*) FROM id_changes GROUP BY ALL ORDER BY 1")
        assert told.fetchall() == [("merged", 4), ("new", 8), ("retained", 4), ("withdrawn", 4)]
