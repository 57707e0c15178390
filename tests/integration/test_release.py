"""The whole path, on invented courts: the same bytes whatever the threads, and nothing lost."""

import json
import uuid
from pathlib import Path

import duckdb
import pytest

from datafirst import stages
from datafirst.deliver import fetch
from datafirst.order import make, prepare
from datafirst.package import verify
from datafirst.settings import settings
from datafirst.stage.release import plan, release_named, specification
from datafirst.store import Store

RELEASE, PEOPLE = "2021-03", 8_000
SHARES = ("magistrates", "crown", "linking")


def received(recipient: Store, to: Path) -> dict[str, Path]:
    """What the recipient finds in its bucket, checked as it would check it."""
    for share in SHARES:
        fetch(recipient, RELEASE, share, to / share)
        verify(to / share)
    return {share: to / share for share in SHARES}


def test_a_release_of_invented_courts(
    recipient: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.synthesise(PEOPLE, 7)
    prepare(release_named(specification(), RELEASE), stages)
    make(RELEASE, stages)
    packages = received(recipient, tmp_path / "first")
    nothing_is_lost()
    tables_join(packages)
    people_are_found()
    again_with_other_threads(packages, monkeypatch)


def nothing_is_lost() -> None:
    made = plan(RELEASE)
    counts = made.done("landing", "ledger").counts
    snapshot = sum(sum(r.counts["rows"].values()) for r in made.snapshots.values())
    assert counts["rows"] == snapshot
    assert {"delivered", "excluded", "quarantined"} <= counts["outcomes"].keys()


def tables_join(packages: dict[str, Path]) -> None:
    """Every record of both courts is in the linking share once, and every journey joins."""

    def table(share: str, name: str) -> str:
        return f"'{packages[share]}/data/{name}/*.parquet'"

    with duckdb.connect() as con:
        records = " UNION ALL ".join(
            f"SELECT record_id FROM {table(s, 'defendant_case')}" for s in ("magistrates", "crown")
        )
        apart = con.execute(
            f"SELECT count(*) FROM ({records}) FULL JOIN {table('linking', 'xjs_link')} AS link "
            "USING (record_id) WHERE link.record_id IS NULL OR link.source_dataset IS NULL"
        ).fetchone()
        journeys = con.execute(
            "SELECT count(*), count(c.record_id), count(m.record_id), "
            "count(DISTINCT cc_defendant_on_case_id), count(*) FILTER (best_match = 'Y') "
            f"FROM {table('linking', 'mags_crown_journey')} "
            f"LEFT JOIN {table('crown', 'defendant_case')} c "
            "ON c.defendant_on_case_id = cc_defendant_on_case_id "
            f"LEFT JOIN {table('magistrates', 'defendant_case')} m "
            "ON m.case_id = mc_case_id AND m.defendant_id = mc_defendant_id"
        ).fetchone()
    assert apart == (0,)
    assert journeys is not None and journeys[0] > 100
    assert journeys[0] == journeys[1] == journeys[2]
    assert journeys[3] == journeys[4]


def people_are_found() -> None:
    answer = stages.evaluate(RELEASE)
    pairs = answer["people"]["all, standard"]["pairs"]
    assert pairs["precision"] > 0.95 and pairs["recall"] > 0.95
    assert answer["journeys"]["best links"]["precision"] > 0.95


def again_with_other_threads(packages: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """In other stores, from the sources on, with one thread: every file has the same bytes."""
    monkeypatch.setenv("DATAFIRST_BUCKET_PREFIX", f"again-{uuid.uuid4().hex[:12]}-")
    monkeypatch.setenv("DATAFIRST_THREADS", "1")
    settings.cache_clear()
    prepare(release_named(specification(), RELEASE), stages)
    make(RELEASE, stages)  # delivering other bytes under the same name would be refused
    for share, folder in packages.items():
        place = plan(RELEASE).share_place(share, "srs")
        again = {
            a.name: a.sha256 for a in plan(RELEASE).done("release", "package", place).artefacts
        }
        listed = json.loads((folder / "manifest.json").read_text())["files"]
        assert {file["path"]: file["sha256"] for file in listed}.items() <= again.items()
