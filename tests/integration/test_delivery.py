"""From a de-identified share to a package that its recipient can check and everybody finds."""

import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import frictionless
import pytest
from duckdb import DuckDBPyConnection

from datafirst.deliver import fetch, published
from datafirst.errors import DeliveryRefused, RunRefused, SpecificationError
from datafirst.package import verify
from datafirst.package.manifest import INPUTS
from datafirst.package.verify import Report
from datafirst.settings import Settings, settings
from datafirst.stage.catalogue import catalogue
from datafirst.stage.deidentify import deidentify
from datafirst.stage.deliver import deliver
from datafirst.stage.derive import derive
from datafirst.stage.extract import extract
from datafirst.stage.link import link
from datafirst.stage.package import package
from datafirst.stage.publish import publish
from datafirst.stage.quality import quality
from datafirst.stage.release import plan
from datafirst.stage.validate import validate
from datafirst.store import Store, bucket, store

CONFIG = Path(__file__).parents[1] / "hamlet" / "config"
RELEASE, RECIPIENT = "2022-02", "room"
SHARES = ("visits", "pairs")


@pytest.fixture
def room(s3: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The bucket of the hamlet's recipient, when both shares have been de-identified."""
    config = shutil.copytree(CONFIG, tmp_path / "hamlet" / "config")
    shutil.copytree(CONFIG.parent, tmp_path / "hamlet", dirs_exist_ok=True)
    name = f"room-{uuid.uuid4().hex[:12]}"
    recipient = config / "recipients" / "room.toml"
    text = recipient.read_text().replace('bucket = "room"', f'bucket = "{name}"')
    recipient.write_text(text.replace('["parquet"]', '["parquet", "csv"]'))
    monkeypatch.setenv("DATAFIRST_CONFIG", str(config))
    settings.cache_clear()
    extract("register", "2022-01-31")
    validate("register", "2022-01-31")
    for share in SHARES:
        derive(RELEASE, share)
        deidentify(RELEASE, share, RECIPIENT)
    link(RELEASE)
    quality(RELEASE)
    yield bucket(name, s3)  # the recipient's to make


def test_from_de_identified_rows_to_a_published_package(
    room: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One walk, since the way there is what takes time."""
    limits = _limits_of_checks(monkeypatch)
    for stage in (catalogue, package):
        for share in SHARES:
            stage(RELEASE, share, RECIPIENT)
    assert limits == ["953.6 MiB"] * len(SHARES)  # the 1GB of these tests' settings
    _nothing_is_published_before_everything_is_delivered()
    _no_bucket_is_made_for_a_recipient(room)
    region = {"LocationConstraint": settings().s3_region}
    room._client.create_bucket(Bucket=room.bucket, CreateBucketConfiguration=region)
    for share in SHARES:
        deliver(RELEASE, share, RECIPIENT)
    _nothing_but_packages_and_claims_is_there(room)
    _a_package_that_the_recipient_does_not_hold_is_not_published(room)
    assert publish(RELEASE)["moved"]
    assert not publish(RELEASE)["moved"]
    run = plan(RELEASE).run_id
    pointer = published(store("release", settings()), RELEASE)
    assert pointer is not None
    assert pointer["run"] == run
    for share in SHARES:
        folder = tmp_path / "received" / share
        fetch(room, RELEASE, share, folder)
        assert verify(folder).run == run
        assert frictionless.Package(str(folder / "datapackage.json")).validate().valid
    _the_manifest_says_what_it_was_made_from(tmp_path / "received" / "visits")
    _others_are_named()


def _limits_of_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What memory each package's check may use, noted while they are made."""
    limits: list[str] = []

    def noted(folder: Path, con: DuckDBPyConnection) -> Report:
        limits.append(con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])
        return verify(folder, con)

    monkeypatch.setattr("datafirst.stage.package.verify", noted)
    return limits


def _nothing_is_published_before_everything_is_delivered() -> None:
    with pytest.raises(RunRefused, match="deliver has not been done"):
        publish(RELEASE)


def _no_bucket_is_made_for_a_recipient(room: Store) -> None:
    with pytest.raises(DeliveryRefused, match=rf"{room.bucket}.*config/recipients/room\.toml"):
        deliver(RELEASE, SHARES[0], RECIPIENT)
    assert not room.exists()


def _nothing_but_packages_and_claims_is_there(room: Store) -> None:
    places = [f"{RELEASE}/{share}" for share in SHARES]
    outside = [k for k in room.keys("") if not k.startswith(tuple(f"{p}/" for p in places))]
    assert sorted(outside) == sorted(f"{place}.claim" for place in places)


def _a_package_that_the_recipient_does_not_hold_is_not_published(room: Store) -> None:
    key = f"{RELEASE}/{SHARES[0]}/manifest.json"
    body = room.read(key)
    room.remove(key)
    with pytest.raises(DeliveryRefused, match=f"not what the recipient holds: {SHARES[0]} at room"):
        publish(RELEASE)
    room.put_once(key, body)


def _the_manifest_says_what_it_was_made_from(folder: Path) -> None:
    content = json.loads((folder / "manifest.json").read_text())
    assert content["inputs"] == {n: v for n, v in plan(RELEASE).inputs.items() if n in INPUTS}
    assert content["tables"] == {"person": {"rows": 3}, "visit": {"rows": 3}}


def _others_are_named() -> None:
    for stage in (catalogue, package, deliver):
        with pytest.raises(SpecificationError, match="no share shopping: it consists of"):
            stage(RELEASE, "shopping", RECIPIENT)
        with pytest.raises(SpecificationError, match="not for a recipient neighbour: it is for"):
            stage(RELEASE, "visits", "neighbour")
