"""One pointer says which run counts, and of two who move it at once exactly one does."""

import pytest

from datafirst.deliver import current, publish, published
from datafirst.errors import DeliveryRefused

PACKAGES = {"court": {"safe_room": "0" * 64}, "linking": {"safe_room": "1" * 64}}


def held(share, recipient):
    return PACKAGES[share][recipient]


def move(*how):
    return publish(*how, held)


def test_all_shares_of_a_release_are_published_together(releases):
    assert published(releases, "2022-02") is None
    assert move(releases, "2022-02", "run1", PACKAGES, None)
    assert published(releases, "2022-02") == {
        "release": "2022-02", "run": "run1", "packages": PACKAGES,
    }  # fmt: skip


def test_publishing_again_changes_nothing(releases):
    move(releases, "2022-02", "run1", PACKAGES, None)
    before = current(releases, "2022-02")
    assert not move(releases, "2022-02", "run1", PACKAGES, before)
    assert current(releases, "2022-02") == before


def test_the_loser_of_a_race_is_refused_and_the_winner_stays(releases):
    releases.put_once("runs/2022-02/run2/package.json", b"{}")
    seen = current(releases, "2022-02")
    move(releases, "2022-02", "run1", PACKAGES, seen)
    with pytest.raises(DeliveryRefused, match="another run was published while run run2"):
        move(releases, "2022-02", "run2", PACKAGES, seen)
    assert published(releases, "2022-02")["run"] == "run1"
    assert releases.read("runs/2022-02/run2/package.json") == b"{}"


def test_a_later_run_that_saw_the_pointer_may_move_it(releases):
    move(releases, "2022-02", "run1", PACKAGES, None)
    assert move(releases, "2022-02", "run2", PACKAGES, current(releases, "2022-02"))
    assert published(releases, "2022-02")["run"] == "run2"


@pytest.mark.parametrize("manifest", [None, "2" * 64])
def test_a_run_whose_package_a_recipient_does_not_hold_is_not_published(releases, manifest):
    move(releases, "2022-02", "run2", PACKAGES, None)
    seen = current(releases, "2022-02")
    with pytest.raises(
        DeliveryRefused, match=r"run run1 is not published.*: linking at safe_room;"
    ):
        publish(
            releases, "2022-02", "run1", PACKAGES, seen,
            lambda share, recipient: manifest if share == "linking" else held(share, recipient),
        )  # fmt: skip
    assert published(releases, "2022-02")["run"] == "run2"
