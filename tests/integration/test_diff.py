"""Two releases of a hamlet, compared: by what was published, or by the specification alone."""

import json
import re
import shutil
import uuid
from pathlib import Path

import pytest
from typer.testing import CliRunner

from datafirst import stages
from datafirst.cli import app
from datafirst.errors import SpecificationError
from datafirst.order import make
from datafirst.settings import Settings, settings
from datafirst.store import bucket

HAMLET = Path(__file__).parents[1] / "hamlet" / "config"
OLD, NEW = "2022-02", "2023-06"


@pytest.fixture
def config(s3: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hamlet's specification with a later release: longer, of fewer shares, another epoch."""
    config = Path(shutil.copytree(HAMLET, tmp_path / "hamlet" / "config"))
    name = f"room-{uuid.uuid4().hex[:12]}"
    room = config / "recipients" / "room.toml"
    room.write_text(room.read_text().replace('bucket = "room"', f'bucket = "{name}"'))
    text = (config / "releases" / f"{OLD}.toml").read_text()
    for old, new in (
        ('["visits", "pairs"]', '["visits"]'),
        ('key_epoch = "2022"', 'key_epoch = "2023"'),
        ("2022-01-31", "2023-05-31"),
        ("start = 2020-01-01", "start = 2019-01-01"),
    ):
        assert old in text
        text = text.replace(old, new)
    (config / "releases" / f"{NEW}.toml").write_text(text)
    share = config / "shares" / "visits" / "share.toml"
    changes = f'[method_changes]\n"{OLD}" = "First."\n"{NEW}" = "Second."\n\n[[accounts]]'
    share.write_text(share.read_text().replace("[[accounts]]", changes, 1))
    monkeypatch.setenv("DATAFIRST_CONFIG", str(config))
    settings.cache_clear()
    bucket(name, settings()).make()
    return config


def made(config: Path) -> None:
    """Both releases; between their snapshots a place moves and a visit is struck out."""
    place, visit = (config / "rows" / f"{table}.csv" for table in ("place", "visit"))
    for version, day in ((OLD, "2022-01-31"), (NEW, "2023-05-31")):
        stages.extract("register", day)
        make(version, stages)
        place.write_text(place.read_text().replace("10,N", "10,S"))
        visit.write_text(visit.read_text().replace("2020-06-30,N", "2020-06-30,Y"))


def test_published_releases_are_compared_by_their_packages_and_rows(config: Path) -> None:
    made(config)
    found = stages.diff(OLD, NEW)
    assert found["from"] == "what was published" and found["not_compared"] == []
    assert found["shares"] == {"added": [], "removed": ["pairs"]}
    assert {(c["what"], c["of"]) for c in found["why"]} == {
        ("coverage", "visits"),
        ("snapshot", "register"),
        ("key epoch", ""),
    }
    assert [told["says"] for told in found["method_changes"]] == ["Second."]
    assert not found["pseudonyms"]["same"]
    [visit] = [t for t in found["tables"] if t["table"] == "visit"]
    # One more by the longer coverage, one fewer struck out; the place of the two others moved.
    assert visit["rows"] == {
        "old": 3, "new": 3, "both": 2, "only_old": 1, "only_new": 1, "changed": 2,
        "values": {"region": 2},
    }  # fmt: skip
    obsolete = [line for line in found["ledger"] if line["reason"] == "obsolete"]
    assert [(line["old"], line["new"]) for line in obsolete] == [(1, 2)]
    told_at_a_terminal(found)


def told_at_a_terminal(found: dict[str, object]) -> None:
    answer = CliRunner().invoke(app, ["diff", OLD, NEW])
    assert answer.exit_code == 0, answer.output
    words = " ".join(answer.output.split())
    for said in ("what was published", "Shares removed: pairs.", "every pseudonym differs"):
        assert said in words
    whole = CliRunner().invoke(app, ["diff", OLD, NEW, "--json"])
    assert json.loads(whole.stdout)["tables"] == found["tables"]
    for text in (answer.output, whole.stdout):
        assert not re.search(r"P0000\d|10000\d|ANNA|SMITH|AB1", text)  # no value from the data


def test_what_was_not_made_is_compared_by_the_specification(config: Path) -> None:
    release = config / "releases" / f"{NEW}.toml"
    release.write_text(release.read_text() + '\n[tables]\nvisits = ["visit"]\n')
    found = stages.diff(OLD, NEW)
    assert found["from"] == "the specification alone"
    assert [note.split()[0] for note in found["not_compared"]] == [OLD, NEW]
    assert f"datafirst release {OLD}" in found["not_compared"][0]
    changes = {table["table"]: table["change"] for table in found["tables"]}
    assert changes["person"] == "removed" and found["people"] == {}
    assert "both" not in found["tables"][0]["rows"]


def test_two_releases_that_exist_are_named(config: Path) -> None:
    with pytest.raises(SpecificationError, match="unknown release 1999-01"):
        stages.diff("1999-01", OLD)
    with pytest.raises(SpecificationError, match="compared with itself"):
        stages.diff(OLD, OLD)
