"""Are thresholds chosen by what reviewers decided, and written into the model's file?"""

import csv
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from datafirst.errors import RunRefused
from datafirst.quality.kept import read
from datafirst.quality.section import Section
from datafirst.run import Made, once
from datafirst.scratch import Scratch, scratch
from datafirst.settings import PROJECT, Settings
from datafirst.spec import load
from datafirst.stage import choose as choosing
from datafirst.stage import label as labelling
from datafirst.stage import sample as sampling
from datafirst.stage.estimated import estimated
from datafirst.stage.reported import REPORT, kept, reported
from datafirst.stage.reviewed import with_review
from datafirst.store import Store

from .test_review import index  # noqa: F401

RELEASE = "2020-06"


@pytest.fixture
def config(
    index: Store,  # noqa: F811
    s3: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A specification of one's own, and the release of test_review."""
    copied = tmp_path / "config"
    shutil.copytree(PROJECT / "config", copied)
    own = s3.model_copy(update={"config": copied})
    monkeypatch.setattr(choosing, "settings", lambda: own)
    monkeypatch.setattr(choosing, "plan", sampling.plan)
    return copied


def review(folder: Path, reviewer: str = "Ann", every: int = 1) -> None:
    """Decides every pair of the sample as it is, or the first of each so many: two records of one
    person stand in rows 2n and 2n + 1."""
    with (folder / "review.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows[::every]:
        left, right = (int(row[f"unique_id_{side}"].removeprefix("r")) for side in "lr")
        row["clerical_match_score"] = "1" if left // 2 == right // 2 else "0"
    path = folder / "decided.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    labelling.label(RELEASE, labelling.Decisions(path, reviewer))


def test_thresholds_are_chosen_written_and_read_again(config: Path, tmp_path: Path) -> None:
    sampling.sample(RELEASE, 1_000_000, to=tmp_path)
    review(tmp_path)
    file = config / "linkage/models/magistrates.toml"
    before = file.read_text()
    told = choosing.choose(RELEASE, 0.9)
    assert file.read_text() == before
    assert (told["refused"], told["written"]) == ({}, [])
    assert choosing.choose(RELEASE, 0.9, write=True)["models"] == told["models"]
    assert told["models"]["magistrates"] in file.read_text()
    thresholds = load(config).linkage.models["magistrates"].thresholds
    # All fifty pairs with an edge were reviewed and are matches: the least weight will do.
    assert thresholds is not None and thresholds.evidence is not None
    assert thresholds.strict == thresholds.standard == thresholds.loose == 0.0
    assert thresholds.evidence.run == "abc"
    assert thresholds.evidence.standard.precision.low == 1.0
    before, after = (load(where).linkage.models for where in (PROJECT / "config", config))
    assert before["magistrates"].training == after["magistrates"].training


def test_a_model_of_which_too_little_is_known_is_refused_and_stays(
    config: Path, tmp_path: Path
) -> None:
    sampling.sample(RELEASE, 60, to=tmp_path)
    review(tmp_path, every=9)
    file = config / "linkage/models/magistrates.toml"
    before = file.read_text()
    told = choosing.choose(RELEASE, 0.999, write=True)
    assert told["models"] == {} and told["written"] == []
    assert "too small to tell" in told["refused"]["magistrates"]
    assert file.read_text() == before


def test_what_nobody_reviewed_is_refused(config: Path, tmp_path: Path) -> None:
    with pytest.raises(RunRefused, match=f"datafirst sample {RELEASE}"):
        choosing.choose(RELEASE, 0.9)
    sampling.sample(RELEASE, 60, to=tmp_path)
    with pytest.raises(RunRefused, match="datafirst label"):
        choosing.choose(RELEASE, 0.9)


def test_estimates_are_of_the_sample_most_of_which_was_decided(
    config: Path, s3: Settings, tmp_path: Path
) -> None:
    made = sampling.plan(RELEASE)
    with scratch(s3) as folder, folder.connect() as con:
        assert estimated(con, made, folder) is None
    few = sampling.sample(RELEASE, 60, to=tmp_path)["sample"]
    sampling.sample(RELEASE, 70)
    review(tmp_path)
    with scratch(s3) as folder, folder.connect() as con:
        found = estimated(con, made, folder)
    assert found is not None
    assert (found["sample"], found["run"], found["reviewers"]) == (few, "abc", 1)
    assert found["decided"] == found["pairs"] == 60
    whole = found["measured"][0]
    assert whole["precision"]["value"] == 1.0 and whole["precision"]["low"] < 1.0
    assert "KHAN" not in json.dumps(found)


def test_the_report_made_again_after_a_review_says_what_was_found(
    config: Path,
    index: Store,  # noqa: F811
    s3: Settings,
    tmp_path: Path,
) -> None:
    made = SimpleNamespace(**{**vars(sampling.plan(RELEASE)), "run_id": "abc"})
    one = Section("Completeness", "Says.", ("Data set",), (("magistrates",),))

    def work(folder: Scratch) -> Made:
        return reported(made, [one], folder)

    report = once(index, made.place, "quality", {}, work, s3)
    sampling.sample(RELEASE, 60, to=tmp_path)
    assert with_review(made, report) is None
    review(tmp_path)
    first = with_review(made, report)
    assert first is not None and with_review(made, report) == first
    told = read(index.read(kept(first, REPORT)))
    names = [s.name for s in told]
    assert names[:2] == ["Review of this release", "Links as reviewed"] and names[-1] == one.name
    assert dict(told[0].rows)["Pairs decided"] == 60
    assert told[1].rows[0][:5] == ("all", "all", 60, 0, 1.0)
    assert not any(s.published for s in told[:-1])
    # Later decisions make another, and the report itself stays as it was.
    review(tmp_path, "Bea")
    second = with_review(made, report)
    assert second is not None and second.inputs != first.inputs
    assert dict(read(index.read(kept(second, REPORT)))[0].rows)["Reviewers"] == 2
    assert once(index, made.place, "quality", {}, work, s3) == report
    later = SimpleNamespace(**{**vars(made), "place": f"runs/{RELEASE}/def"})
    assert with_review(later, report) is None  # what was reviewed are another run's links


def test_a_sample_of_this_run_comes_before_one_of_another(
    config: Path, s3: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampling.sample(RELEASE, 60, to=tmp_path)
    review(tmp_path)
    made = sampling.plan(RELEASE)
    later = SimpleNamespace(**{**vars(made), "place": f"runs/{RELEASE}/def"})
    monkeypatch.setattr(sampling, "plan", lambda _: later)
    sampling.sample(RELEASE, 30)
    with scratch(s3) as folder, folder.connect() as con:
        found, other = (estimated(con, each, folder) for each in (later, made))
    assert found is not None and other is not None
    assert (found["run"], other["run"]) == ("def", "abc")
    assert found["of_this_run"] and other["of_this_run"]
    monkeypatch.setattr(sampling, "plan", lambda _: made)
    third = SimpleNamespace(**{**vars(made), "place": f"runs/{RELEASE}/123"})
    with scratch(s3) as folder, folder.connect() as con:
        earlier = estimated(con, third, folder)
    assert earlier is not None and not earlier["of_this_run"]
