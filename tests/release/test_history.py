"""The releases tell one history: in order, each from snapshots that were there, none cut short."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from datafirst.settings import PROJECT
from datafirst.spec import Release, Share, Specification, load, share_in

SPEC = load(PROJECT / "config")
RELEASES = sorted(SPEC.releases.values(), key=lambda release: release.version)
EACH = pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)


def having(share: str) -> Iterator[Release]:
    return (release for release in RELEASES if share in release.shares)


def test_versions_are_in_the_order_of_their_dates() -> None:
    assert [r.date for r in RELEASES] == sorted({r.date for r in RELEASES})
    assert all(r.version.startswith(f"{r.date:%Y-%m}") for r in RELEASES)


def test_the_guide_s_history_is_there() -> None:
    """First magistrates, then Crown, prison, linking, family, probation, then all, then more."""
    came = list(dict.fromkeys(share for release in RELEASES for share in release.shares))
    assert came == [
        "magistrates", "crown", "prison", "linking", "family", "probation", "moj_dfe",
        "civil", "oasys",
    ]  # fmt: skip
    assert set(came) == set(SPEC.shares)
    assert set(SPEC.releases["2022-02"].shares) == set(came) - {"civil", "oasys"}
    assert set(RELEASES[-1].shares) == set(came)


def test_a_release_is_retired_when_all_of_its_shares_have_been_released_anew() -> None:
    for number, release in enumerate(RELEASES):
        later = {share for after in RELEASES[number + 1 :] for share in after.shares}
        assert (release.status == "retired") == (set(release.shares) <= later), release.version


@EACH
def test_a_release_is_made_of_snapshots_taken_before_it_and_after_what_it_covers(
    release: Release,
) -> None:
    assert max(release.snapshots.values()) <= release.date
    for share, window in release.coverage.items():
        systems = {account.table.split(".")[0] for account in SPEC.shares[share].accounts}
        assert all(window.end <= release.snapshots[system] for system in systems), share


@EACH
def test_a_release_takes_no_snapshot_for_nothing(release: Release) -> None:
    shares = (share_in(SPEC, release, name) for name in release.shares)
    read = {account.table.split(".")[0] for share in shares for account in share.accounts}
    methods = [SPEC.linkage.models[name] for name in release.models]
    ladders = [SPEC.linkage.ladders[name] for name in release.ladders]
    datasets = {name for method in (*methods, *ladders) for name in method.datasets}
    compared = {SPEC.linkage.datasets[name].system for name in datasets}
    assert read <= set(release.snapshots) <= read | compared


@pytest.mark.parametrize("share", sorted(SPEC.shares))
def test_a_share_is_never_cut_short(share: str) -> None:
    for before, after in pairwise(having(share)):
        if share in before.coverage:
            assert after.coverage[share].start <= before.coverage[share].start
            assert after.coverage[share].end >= before.coverage[share].end
        tables = [set(share_in(SPEC, release, share).tables) for release in (before, after)]
        assert tables[0] <= tables[1]


@pytest.mark.parametrize("share", SPEC.shares.values(), ids=lambda share: share.id)
def test_changes_of_method_are_told_of_the_releases_that_a_share_is_in(share: Share) -> None:
    versions = [release.version for release in having(share.id)]
    assert set(share.method_changes) <= set(versions)
    assert share.method_changes[versions[0]] == "First release."


def test_offences_and_assessments_came_with_iteration_2() -> None:
    def tables(spec: Specification, version: str, share: str) -> set[str]:
        return set(share_in(spec, spec.releases[version], share).tables)

    for share in ("magistrates", "crown"):
        assert tables(SPEC, "2022-02", share) == {"defendant_case"}
        assert tables(SPEC, "2024-06-iteration-2", share) == {"defendant_case", "offence"}
    assert len(tables(SPEC, "2024-06-iteration-2", "oasys")) == 8


@EACH
def test_the_page_of_releases_tells_the_same_history(release: Release) -> None:
    page = (PROJECT / "docs" / "releases.md").read_text(encoding="utf-8")
    assert f"| `{release.version}` | {release.status} | {release.title} |" in page
