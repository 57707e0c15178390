"""What does each DAG ask of the stages, and in which order?"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from invented import CONFIG, STAGES_OF_A_RELEASE, Calls, without_work

from datafirst.errors import StoreError, ValidationFailed


def run(bag: Any, dag_id: str, **conf: Any) -> Any:
    """Runs a DAG in this process. State every parameter: test() leaves those of a run behind."""
    return bag.dags[dag_id].test(run_conf=conf)


@pytest.fixture(scope="module")
def released(bag: Any) -> Iterator[tuple[Any, Calls]]:
    """One whole release, and what it asked of the stages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATAFIRST_CONFIG", str(CONFIG))
        calls = without_work(patch)
        yield run(bag, "release", release="2022-02"), calls


def test_a_release_goes_through_every_stage_in_order(released: tuple[Any, Calls]) -> None:
    done, calls = released
    assert done.state == "success"
    names = [call[0] for call in calls]
    assert list(dict.fromkeys(names)) == ["check", *STAGES_OF_A_RELEASE]
    asked = defaultdict(set)
    for name, *arguments in calls:
        asked[name].add(tuple(arguments))
    assert asked["validate"] == {("libra", "2022-02-28"), ("paper", "2020-01-01")}
    assert asked["derive"] == {("2022-02", "magistrates"), ("2022-02", "linking")}
    parcels = {
        ("2022-02", share, to) for share in ("magistrates", "linking") for to in ("srs", "sail")
    }
    for stage in ("deidentify", "catalogue", "package", "deliver"):
        assert asked[stage] == parcels
    assert len(calls) == len(set(calls))


def test_a_share_that_follows_others_comes_after_them(released: tuple[Any, Calls]) -> None:
    derived = [call[2] for call in released[1] if call[0] == "derive"]
    assert derived == ["magistrates", "linking"]


def test_mapped_tasks_say_what_they_are_for(released: tuple[Any, Calls]) -> None:
    tasks = released[0].get_task_instances()
    labels = {t.rendered_map_index for t in tasks if t.task_id == "deliver"}
    assert labels == {f"{s} to {r}" for s in ("magistrates", "linking") for r in ("srs", "sail")}


def test_what_passes_between_tasks_is_small(released: tuple[Any, Calls]) -> None:
    """XCom is stored and shown in the open: places and counts only."""
    for task in released[0].get_task_instances():
        value = task.xcom_pull(task_ids=task.task_id, map_indexes=task.map_index)
        assert value and len(repr(value)) < 2000


def test_a_run_for_no_release_fails_at_once(bag: Any, calls: Calls) -> None:
    done = run(bag, "release", release=None)
    assert done.state == "failed"
    assert calls == []
    first = next(t for t in done.get_task_instances() if t.task_id == "check")
    assert (first.state, first.try_number) == ("failed", 1)


def test_an_unknown_release_is_refused_before_anything_runs(bag: Any, calls: Calls) -> None:
    with pytest.raises(Exception, match="2099-01"):
        run(bag, "release", release="2099-01")
    assert calls == []


def test_what_needs_a_person_stops_the_release_at_the_first_try(
    bag: Any, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datafirst import stages

    tries = []

    def refuse(release: str) -> None:
        tries.append(release)
        raise ValidationFailed("a table has more faults than it may")

    monkeypatch.setitem(vars(stages), "link", refuse)
    assert run(bag, "release", release="2022-02").state == "failed"
    assert tries == ["2022-02"]
    assert not {"derive", "deliver", "publish"} & {call[0] for call in calls}


def test_nothing_is_delivered_unless_every_package_is_made(
    bag: Any, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datafirst import stages

    def fail_for_sail(release: str, share: str, recipient: str) -> dict[str, Any]:
        if recipient == "sail":
            raise ValidationFailed("this one is refused")
        return {"stage": "package"}

    monkeypatch.setitem(vars(stages), "package", fail_for_sail)
    assert run(bag, "release", release="2022-02").state == "failed"
    assert not {"deliver", "publish"} & {call[0] for call in calls}


def test_a_store_that_is_away_is_tried_again(
    bag: Any, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datafirst import stages

    tries = []

    def away_once(release: str) -> dict[str, Any]:
        tries.append(release)
        if len(tries) == 1:
            raise StoreError("no S3 service answers")
        return {"stage": "link"}

    monkeypatch.setitem(vars(stages), "link", away_once)
    monkeypatch.setattr(bag.dags["release"].get_task("link"), "retry_delay", timedelta(0))
    assert run(bag, "release", release="2022-02").state == "success"
    assert tries == ["2022-02", "2022-02"]


def test_a_snapshot_is_checked_after_it_is_taken(bag: Any, calls: Calls) -> None:
    assert run(bag, "extract_libra", snapshot="2022-02-28").state == "success"
    assert calls == [("extract", "libra", "2022-02-28"), ("validate", "libra", "2022-02-28")]


def test_a_snapshot_is_of_the_day_of_its_run(bag: Any, calls: Calls) -> None:
    done = run(bag, "extract_paper", snapshot=None)
    day = (done.logical_date or done.run_after).date().isoformat()
    assert calls == [("extract", "paper", day), ("validate", "paper", day)]


@pytest.mark.parametrize(("model", "trained"), [("people", ["people"]), ("all", ["journeys"])])
def test_models_are_trained_on_a_releases_snapshots(
    bag: Any, calls: Calls, model: str, trained: list[str]
) -> None:
    assert run(bag, "train", model=model, release="2022-02").state == "success"
    assert sorted(calls) == sorted(("train", name, "2022-02") for name in trained)


def test_a_model_that_is_not_described_is_refused(bag: Any, calls: Calls) -> None:
    with pytest.raises(Exception, match="nobody"):
        run(bag, "train", model="nobody", release="2022-02")
    assert calls == []
