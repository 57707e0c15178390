"""Every dataset, invented, released once: what does the recipient hold, and is it right?"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest

from datafirst import stages
from datafirst.deliver import fetch
from datafirst.derive.linked import released
from datafirst.derive.typed import files
from datafirst.link.cluster import LEVELS
from datafirst.order import make, prepare
from datafirst.package import verify
from datafirst.package.verify import Report
from datafirst.run import bring
from datafirst.scratch import scratch
from datafirst.settings import settings
from datafirst.stage.landed import typed_tables
from datafirst.stage.release import plan, release_named, specification
from datafirst.store import Store

RELEASE, LATER, PEOPLE = "2022-02", "2024-06-iteration-2", 8_000
DATASETS = ["crown", "family", "magistrates", "prison", "probation"]

POSES = """
CREATE TEMP TABLE poses AS
SELECT l.root_offender_id AS as_whom, r.root_offender_id AS who, known.identifier
FROM nomis.offender_bookings AS l JOIN nomis.offender_bookings AS r
    ON l.root_offender_id < r.root_offender_id AND least(l.booking_end_date, r.booking_end_date)
        - greatest(l.booking_begin_date, r.booking_begin_date) > 200
JOIN nomis.offender_identifiers AS known ON known.root_offender_id = l.root_offender_id
    AND known.identifier_type = 'PNC'
JOIN nomis.offender_identifiers AS told ON told.root_offender_id = r.root_offender_id
    AND told.identifier_type = 'PNC'
ORDER BY 1, 2 LIMIT 1;
UPDATE nomis.offenders AS o SET last_name = other.last_name, first_name = other.first_name,
    middle_name = other.middle_name, birth_date = other.birth_date, sex_code = other.sex_code
FROM nomis.offenders AS other JOIN poses ON as_whom = other.offender_id
WHERE o.root_offender_id = who;
UPDATE nomis.offender_identifiers AS told SET identifier = poses.identifier
FROM poses WHERE root_offender_id = who AND identifier_type = 'PNC'
"""
"""One prisoner takes the name and number of another who is in prison too."""

Made = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Received:
    """A release's packages, in folders by the names of their shares."""

    folder: Path
    reports: dict[str, Report]

    @cached_property
    def con(self) -> duckdb.DuckDBPyConnection:
        """Every table that was received, as `<share>.<table>`."""
        con = duckdb.connect()
        for share, report in self.reports.items():
            con.execute(f"CREATE SCHEMA {share}")
            for table in report.tables:
                parts = self.folder / share / "data" / table / "*.parquet"
                con.execute(f"CREATE VIEW {share}.{table} AS FROM '{parts}'")
        return con

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()


@pytest.fixture(scope="module")
def made(recipient: Store, postgres: str) -> Made:
    """Makes a release of the same people, from the sources on."""
    stages.synthesise(PEOPLE, 7)
    with closing(psycopg2.connect(postgres)) as nomis, nomis, nomis.cursor() as cursor:
        cursor.execute(POSES)
        assert cursor.rowcount > 0

    def release(version: str) -> dict[str, Any]:
        prepare(release_named(specification(), version), stages)
        return make(version, stages)

    return release


@pytest.fixture(scope="module")
def received(
    recipient: Store, made: Made, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Received]:
    """The release as its recipient fetches and checks it."""
    folder, reports = tmp_path_factory.mktemp("received"), {}
    for share in made(RELEASE)["shares"]:
        fetch(recipient, RELEASE, share, folder / share)
        reports[share] = verify(folder / share)
    yield (found := Received(folder, reports))
    found.con.close()


def test_every_table_of_every_share_arrives_with_rows(received: Received) -> None:
    planned = plan(RELEASE)
    assert {share: set(report.tables) for share, report in received.reports.items()} == {
        share.id: set(share.tables) for share in planned.shares
    }
    assert {report.run for report in received.reports.values()} == {planned.run_id}
    tables = [(s, t, n) for s, report in received.reports.items() for t, n in report.tables.items()]
    assert [f"{share}.{table}" for share, table, rows in tables if rows == 0] == []


def test_every_row_of_every_source_is_accounted_for(received: Received) -> None:
    planned = plan(RELEASE)
    counts = planned.done("landing", "ledger").counts
    assert counts["rows"] == sum(sum(r.counts["rows"].values()) for r in planned.snapshots.values())
    assert {"delivered", "excluded", "quarantined", "merged"} <= counts["outcomes"].keys()


def test_every_released_record_is_linked_once(received: Received) -> None:
    tables = released(specification()) & {
        f"{share}.{table}" for share, report in received.reports.items() for table in report.tables
    }
    records = " UNION ALL ".join(f"SELECT record_id FROM {table}" for table in sorted(tables))
    assert received.ask(
        f"SELECT count(*) FROM ({records}) AS given FULL JOIN linking.xjs_link AS link "
        "USING (record_id) WHERE link.record_id IS NULL OR given.record_id IS NULL"
    ) == [(0,)]
    of = "SELECT DISTINCT source_dataset FROM linking.xjs_link ORDER BY 1"
    assert [name for (name,) in received.ask(of)] == DATASETS


def test_people_are_followed_from_dataset_to_dataset(received: Received) -> None:
    """Most of those in prison were before a magistrates' court, and most are on probation after."""
    found = received.ask(
        "SELECT avg(magistrates::INTEGER), avg(probation::INTEGER) FROM (SELECT "
        "bool_or(source_dataset = 'prison') AS prison, "
        "bool_or(source_dataset = 'magistrates') AS magistrates, "
        "bool_or(source_dataset = 'probation') AS probation "
        "FROM linking.xjs_link GROUP BY estimated_person_id) WHERE prison"
    )
    assert all(share > 0.5 for share in found[0]), found


def test_police_courts_prisons_and_schools_join_by_one_identifier(received: Received) -> None:
    share = specification().shares["moj_dfe"]
    of = [t.name for t in share.tables.values() if "unique_id" in t.variables]
    assert len(of) > 25
    everybody = " UNION ALL ".join(
        f"SELECT unique_id, '{t.split('_')[0]}' AS side FROM moj_dfe.{t}" for t in of
    )
    both = received.ask(
        f"SELECT count(*) FROM (SELECT unique_id FROM ({everybody}) GROUP BY ALL "
        "HAVING bool_or(side = 'pnc') AND bool_or(side = 'npd'))"
    )
    assert both[0][0] > PEOPLE / 20


@pytest.fixture(scope="module")
def measured(received: Received) -> dict[str, Any]:
    """How right the linkage is."""
    return stages.evaluate(RELEASE)


def test_people_are_found_in_all_datasets(measured: dict[str, Any]) -> None:
    assert sorted(measured["records"]) == DATASETS
    pairs = measured["people"]["all, standard"]["pairs"]
    assert pairs["precision"] > 0.99 and pairs["recall"] > 0.95
    between = measured["between"]
    assert len(between) == len(DATASETS) * (len(DATASETS) - 1) / 2
    # Family courts know no number of the police, and people move and marry.
    least = {each: 0.65 if "family" in each else 0.95 for each in between}
    assert [each for each, scores in between.items() if scores["recall"] < least[each]] == []


def test_journeys_and_what_rules_link_are_right(measured: dict[str, Any]) -> None:
    assert measured["journeys"]["best links"]["precision"] > 0.95
    assert set(measured["ladders"]) == set(plan(RELEASE).release.ladders)
    assert min(found["truth"]["precision"] for found in measured["ladders"].values()) > 0.99


def test_nobody_is_in_prison_twice_at_the_same_time(received: Received) -> None:
    planned = plan(RELEASE)
    linked = planned.done("index", "link")
    assert linked.counts["impossible"]["people_cut"] > 0
    rule = planned.spec.linkage.impossible["custody_overlap"]
    query = rule.query or ""
    with scratch(settings()) as folder, folder.connect() as con:
        paths = bring(planned.store("index"), linked.of("people"), folder.folder)
        con.execute(f"CREATE VIEW people AS FROM {files(paths)}")
        overlapping = {}
        for person in ("'everybody'", *(f"person_{level}" for level in LEVELS)):
            con.execute(
                "CREATE OR REPLACE TEMP VIEW together AS SELECT _row, "
                f"{person} AS person FROM people WHERE dataset = 'prison'"
            )
            with typed_tables(con, planned, "nomis", query, folder):
                overlapping[person] = len(con.execute(query).fetchall())
        flagged = con.execute("SELECT DISTINCT flag FROM people WHERE flag IS NOT NULL").fetchall()
    assert overlapping.pop("'everybody'") > 0  # the rule would find them
    assert set(overlapping.values()) == {0}
    flags = "SELECT DISTINCT linkage_flag FROM linking.xjs_link WHERE linkage_flag IS NOT NULL"
    assert set(received.ask(flags)) <= set(flagged) != set()


@pytest.mark.slow
def test_a_later_release_is_compared_with_it(
    received: Received, made: Made, recipient: Store, tmp_path: Path
) -> None:
    shares = made(LATER)["shares"]
    found = stages.diff(RELEASE, LATER)
    assert found["from"] == "what was published" and found["not_compared"] == []
    assert sorted(found["shares"]["added"]) == ["civil", "oasys"]
    assert found["shares"]["removed"] == []
    assert set(shares) == {*received.reports, "civil", "oasys"}
    [rows] = [t["rows"] for t in found["tables"] if t["table"] == "defendant_case"
              and t["share"] == "magistrates"]  # fmt: skip
    assert rows["new"] > rows["old"]  # the coverage is longer
    assert rows["both"] > 0.99 * rows["old"]
    ids_last(received, found["people"]["ids"]["standard"])
    fetch(recipient, LATER, "linking", tmp_path / "later")
    verify(tmp_path / "later")
    every_id_is_told_of(received, tmp_path / "later" / "data" / "id_change" / "*.parquet")


def ids_last(received: Received, became: dict[str, int]) -> None:
    people = "SELECT count(DISTINCT estimated_person_id) FROM linking.xjs_link"
    assert became["retained"] + became["merged"] + became["withdrawn"] >= received.ask(people)[0][0]
    assert became["retained"] > 0.98 * (became["retained"] + became["merged"])
    assert became["withdrawn"] == 0  # the sources have lost nothing


def every_id_is_told_of(received: Received, change: Path) -> None:
    """By the pseudonyms that the recipient holds from the release before."""
    for level, column, before in (
        ("standard", "estimated_person_id", "person_id_before"),
        ("dataset", "estimated_dataset_person_id", "dataset_person_id_before"),
    ):
        told = f"SELECT {before} AS id FROM '{change}' WHERE level = '{level}' "
        told += "AND change IN ('retained', 'merged', 'withdrawn')"
        held = f"SELECT DISTINCT {column} AS id FROM linking.xjs_link WHERE {column} IS NOT NULL"
        assert received.ask(f"SELECT count(*) - count(DISTINCT id) FROM ({told})") == [(0,)]
        assert received.ask(f"SELECT count(*) FROM ({held}) ANTI JOIN ({told}) USING (id)") == [
            (0,)
        ]
