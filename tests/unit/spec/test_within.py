"""A release may have fewer tables of a share: only those are made, and nothing else is asked."""

import shutil
from pathlib import Path

import pytest

from datafirst.link.read import fields_read
from datafirst.rehearse import faults
from datafirst.settings import PROJECT
from datafirst.spec import Share, load, share_in
from datafirst.spec.groups import FIELDS
from datafirst.spec.reach import reached

HAMLET = Path(__file__).parents[2] / "hamlet" / "config"
RELEASE = "releases/2022-02.toml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The hamlet, of whose visits a release has no `person`."""
    folder = Path(shutil.copytree(HAMLET, tmp_path / "config"))
    with_tables(folder, 'visits = ["visit"]')
    return folder


def with_tables(config: Path, tables: str) -> None:
    text = (HAMLET / RELEASE).read_text()
    (config / RELEASE).write_text(f"{text}\n[tables]\n{tables}\n")


def share(config: Path, name: str) -> Share:
    spec = load(config)
    return share_in(spec, spec.releases["2022-02"], name)


def test_only_named_tables_are_there(config: Path) -> None:
    visits = share(config, "visits")
    assert visits.tables.keys() == visits.queries.keys() == {"visit"}


@pytest.mark.parametrize("reading", ["visits.person", '"visits"."person"', "VISITS . person"])
def test_the_query_of_an_absent_table_stays_as_a_step_where_another_reads_it(
    config: Path, reading: str
) -> None:
    query = config / "shares" / "visits" / "visit.sql"
    query.write_text(f"{query.read_text()}\nSEMI JOIN {reading} AS known USING (person_id)\n")
    visits = share(config, "visits")
    assert visits.tables.keys() == {"visit"} and "person" in visits.queries
    assert faults(load(config)) == []


def test_a_share_that_is_not_named_is_whole(config: Path) -> None:
    spec = load(config)
    assert share(config, "pairs").tables.keys() == spec.shares["pairs"].tables.keys()


def test_rows_of_a_table_that_is_absent_are_kept_for_those_that_read_them(config: Path) -> None:
    accounts = {account.table: account.rows_of for account in share(config, "visits").accounts}
    assert accounts["register.person"] is None
    assert accounts["register.visit"] == "visit"


def test_joins_lead_only_to_what_is_there(config: Path) -> None:
    assert [j.table for j in load(HAMLET).shares["visits"].tables["visit"].joins]
    assert all(j.table != "visits.person" for j in share(config, "visits").tables["visit"].joins)


def test_what_is_left_can_be_asked(config: Path) -> None:
    assert faults(load(config)) == []


def test_a_table_that_a_release_has_not_does_not_change_it(config: Path) -> None:
    def digest() -> str:
        spec = load(config)
        return reached(spec, spec.releases["2022-02"])

    before = digest()
    person = config / "shares" / "visits" / "person.toml"
    person.write_text(person.read_text().replace('title = "', 'title = "All ', 1))
    assert digest() == before
    with_tables(config, 'visits = ["visit", "person"]')
    assert digest() != before


def test_what_changed_after_a_release_is_not_told_in_it(config: Path) -> None:
    path = config / "shares" / "visits" / "share.toml"
    changes = '[method_changes]\n"2022-02" = "First."\n"2023-01" = "Second."\n\n[[accounts]]'
    path.write_text(path.read_text().replace("[[accounts]]", changes, 1))
    assert share(config, "visits").method_changes == {"2022-02": "First."}


def test_the_digest_knows_every_field_that_a_release_reads() -> None:
    """What vetoes and match rates ask changes a release's bytes as what models compare does."""
    spec = load(PROJECT / "config")
    for release in spec.releases.values():
        readers = [
            *(spec.linkage.models[name] for name in release.models),
            *(spec.linkage.ladders[name] for name in release.ladders),
        ]
        for field in {*fields_read(spec, readers), *FIELDS}:
            other = spec.linkage.fields[field].model_copy(update={"description": "Another."})
            fields = {**spec.linkage.fields, field: other}
            linkage = spec.linkage.model_copy(update={"fields": fields})
            changed = spec.model_copy(update={"linkage": linkage})
            assert reached(changed, release) != reached(spec, release), (release.version, field)


@pytest.mark.parametrize("told_by", ["naming", "regions"])
def test_the_digest_knows_by_which_groups_linkage_is_reported(told_by: str) -> None:
    spec = load(PROJECT / "config")
    linkage = spec.linkage.model_copy(update={told_by: {}})
    changed = spec.model_copy(update={"linkage": linkage})
    for release in spec.releases.values():
        same = reached(changed, release) == reached(spec, release)
        assert same is not bool(release.models)
