"""The whole path, on invented courts: the same bytes whatever the threads, and nothing lost."""

import json
import os
import uuid
from pathlib import Path

import duckdb
import psycopg2
import pytest

from datafirst import stages
from datafirst.deliver import fetch
from datafirst.order import make, prepare
from datafirst.package import verify
from datafirst.quality.kept import read
from datafirst.run import bring
from datafirst.settings import settings
from datafirst.stage.explain import Two
from datafirst.stage.release import plan, release_named, specification
from datafirst.store import Store

RELEASE, PEOPLE = "2021-03", 8_000
SHARES = ("magistrates", "crown", "linking")


CHANGES = """
    CREATE TEMP TABLE fresh AS SELECT * FROM libra.hocas_flatfile WHERE right(case_id, 2) = '07';
    UPDATE fresh SET case_id = '9' || right(case_id, 11), postcode = NULL;
    INSERT INTO libra.hocas_flatfile SELECT * FROM fresh;
    UPDATE libra.hocas_flatfile SET postcode = NULL WHERE right(case_id, 2) = '13';
    DELETE FROM libra.hocas_offence WHERE right(case_id, 3) = '123';
    DELETE FROM libra.hocas_flatfile WHERE right(case_id, 3) = '123';
"""
"""New cases, fewer than a tenth; some that have lost a field; some that are gone."""


def received(recipient: Store, to: Path) -> dict[str, Path]:
    """What the recipient finds in its bucket, checked as it would check it."""
    for share in SHARES:
        fetch(recipient, RELEASE, share, to / share)
        verify(to / share)
    return {share: to / share for share in SHARES}


def test_a_release_of_invented_courts(
    recipient: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stages.synthesise(PEOPLE, 7)
    prepare(release_named(specification(), RELEASE), stages)
    make(RELEASE, stages)
    packages = received(recipient, tmp_path / "first")
    nothing_is_lost()
    tables_join(packages)
    people_are_found()
    linkage_is_reported(packages)
    two_records_are_explained(tmp_path, caplog)
    again_with_other_threads(packages, monkeypatch)
    monkeypatch.undo()
    settings.cache_clear()
    the_next_goes_on()


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


def linkage_is_reported(packages: dict[str, Path]) -> None:
    """With exact counts where records may be seen, and with others where researchers look."""
    made = plan(RELEASE)
    exact, rounded = (
        {s.name: s for s in read(made.store(store).read(key_of(store, "quality.json")))}
        for store in ("index", "release")
    )
    assert {name for name, section in exact.items() if section.published} == set(rounded)
    assert exact["Completeness"].rows != rounded["Completeness"].rows
    page = made.store("index").read(key_of("index", "quality.html")).decode()
    assert page.count("<svg ") == sum(1 for s in exact.values() if s.chart)
    for share, folder in packages.items():
        told = json.loads((folder / "linkage_quality.json").read_text())
        models = {model["model"] for model in told["models"]}
        assert models == (set(made.release.models) if share == "linking" else {share})
        about = {row[0] for s in told["sections"] if s["header"][0] == "Model" for row in s["rows"]}
        assert about == models
        assert "<svg " in (folder / "catalogue" / "catalogue.html").read_text()


def two_records_are_explained(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """On a page in the index store, and nowhere else: a record's name is an identifier."""
    made = plan(RELEASE)
    linked = made.done("index", "link")
    paths = bring(made.store("index"), linked.of("people"), tmp_path / "linked")
    with duckdb.connect() as con:
        one, other = con.execute(
            "SELECT min(dataset || '/' || record_id), max(dataset || '/' || record_id) "
            f"FROM read_parquet({[str(path) for path in paths]}) "
            "GROUP BY person_standard HAVING count(DISTINCT dataset) > 1 ORDER BY 1 LIMIT 1"
        ).fetchall()[0]
    caplog.set_level("INFO", "datafirst")
    answer = stages.explain(RELEASE, Two(other, one))
    assert answer["one_person"] and answer["links"] >= 1
    told = f"{caplog.text} {answer}"
    page = made.store("index").read(answer["page"].split("/", 3)[3]).decode()
    for name in (one, other):
        assert name in page
        assert name not in told and name.split("/", 1)[1] not in told
    assert "How the weight comes about" in page and "<script" not in page


def key_of(store: str, name: str) -> str:
    [key] = [a.key for a in plan(RELEASE).done(store, "quality").artefacts if a.name == name]
    return key


def again_with_other_threads(packages: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """In other stores, from the sources on, with one thread: every file has the same bytes."""
    reported = [a.sha256 for a in plan(RELEASE).done("index", "quality").artefacts]
    monkeypatch.setenv("DATAFIRST_BUCKET_PREFIX", f"again-{uuid.uuid4().hex[:12]}-")
    monkeypatch.setenv("DATAFIRST_THREADS", "1")
    settings.cache_clear()
    prepare(release_named(specification(), RELEASE), stages)
    make(RELEASE, stages)  # delivering other bytes under the same name would be refused
    assert [a.sha256 for a in plan(RELEASE).done("index", "quality").artefacts] == reported
    for share, folder in packages.items():
        place = plan(RELEASE).share_place(share, "srs")
        again = {
            a.name: a.sha256 for a in plan(RELEASE).done("release", "package", place).artefacts
        }
        listed = json.loads((folder / "manifest.json").read_text())["files"]
        assert {file["path"]: file["sha256"] for file in listed}.items() <= again.items()


def the_next_goes_on() -> None:
    """It scores what changed, keeps people's identifiers, and links as one that scores all."""
    libra = os.environ["DATAFIRST_SOURCE_LIBRA_DSN"]
    with psycopg2.connect(libra) as connection, connection.cursor() as cursor:
        cursor.execute(CHANGES)
    written = settings().config / "releases"
    for version, first in (("2021-04", f'previous = "{RELEASE}"\n'), ("2021-05", "")):
        text = (written / f"{RELEASE}.toml").read_text().replace("2021-02-28", "2021-03-28")
        dated = text.replace("date = 2021-03-31", f"{first}date = {version}-30", 1)
        (written / f"{version}.toml").write_text(dated)
        prepare(release_named(specification(), version), stages)
        stages.link(version)
    going_on, anew = (plan(v).done("index", "link") for v in ("2021-04", "2021-05"))
    taken_over = going_on.counts["scored"]
    assert all(taken_over[m]["edges_reused"] > 100 for m in ("magistrates", "magistrates_crown"))
    assert [a.sha256 for a in going_on.of("edges")] == [a.sha256 for a in anew.of("edges")]
    kept = going_on.counts["ids"]
    assert all(
        level["untouched_kept"] >= 0.99 * level["untouched"] > 100 for level in kept.values()
    )
