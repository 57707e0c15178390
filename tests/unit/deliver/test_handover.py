"""A package arrives whole, once, and is never replaced by another."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from datafirst.deliver import deliver, fetch
from datafirst.errors import DeliveryRefused, StoreError
from datafirst.package import verify
from datafirst.store import Store


def files(folder: Path):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes for p in folder.rglob("*") if p.is_file()
    }


def other(made: Path, to: Path) -> Path:
    """The same package, but made from other inputs."""
    folder = shutil.copytree(made, to)
    content = json.loads((folder / "manifest.json").read_text())
    content["inputs"]["code"] = "1" * 64
    (folder / "manifest.json").write_text(json.dumps(content))
    return folder


def send(folder, to):
    return deliver(files(folder), to, "2022-02", "court")


def objects(to: Store):
    return {key: to.read(key) for key in to.keys("2022-02/")}


def test_what_arrives_is_what_was_sent(made, recipient, tmp_path):
    send(made, recipient)
    fetch(recipient, "2022-02", "court", tmp_path / "srs" / "court")
    assert {n: r() for n, r in files(tmp_path / "srs" / "court").items()} == {
        name: read() for name, read in files(made).items()
    }
    assert verify(tmp_path / "srs" / "court").tables == {"defendant": 1200, "offence": 1402}


def test_delivering_the_same_again_changes_nothing(made, recipient):
    send(made, recipient)
    before = objects(recipient)
    send(made, recipient)
    assert objects(recipient) == before


def test_another_package_of_the_same_release_is_refused_and_says_what_differs(
    made, recipient, tmp_path
):
    send(made, recipient)
    before = objects(recipient)
    with pytest.raises(DeliveryRefused, match=r"made from other inputs: code\..*new version"):
        send(other(made, tmp_path / "other"), recipient)
    assert objects(recipient) == before


def test_of_two_who_deliver_at_once_the_second_writes_nothing(made, recipient, tmp_path):
    """The first was interrupted: its claim stands, its manifest does not."""
    broken = {**files(made), "README.txt": partial(_lost, "README.txt")}
    with pytest.raises(StoreError):
        deliver(broken, recipient, "2022-02", "court")
    before = objects(recipient)
    assert "2022-02/court/manifest.json" not in before
    with pytest.raises(DeliveryRefused, match="another package"):
        send(other(made, tmp_path / "other"), recipient)
    assert objects(recipient) == before
    send(made, recipient)
    assert "2022-02/court/manifest.json" in objects(recipient)


def _lost(name: str) -> bytes:
    raise StoreError(f"{name} is not there")


def test_until_the_manifest_is_there_nothing_can_be_fetched(made, recipient, tmp_path):
    broken = {**files(made), "datapackage.json": partial(_lost, "datapackage.json")}
    with pytest.raises(StoreError):
        deliver(broken, recipient, "2022-02", "court")
    with pytest.raises(DeliveryRefused, match="no whole package"):
        fetch(recipient, "2022-02", "court", tmp_path / "court")
    assert not (tmp_path / "court").exists()


def test_a_file_that_is_not_the_manifest_s_is_not_sent(made, recipient):
    wrong = {**files(made), "README.txt": lambda: b"something else"}
    with pytest.raises(DeliveryRefused, match=r"README\.txt: not the file of the manifest"):
        deliver(wrong, recipient, "2022-02", "court")


def test_a_stranger_among_the_files_is_refused(made, recipient):
    recipient.put_once("2022-02/court/data/left-behind.csv", b"x")
    with pytest.raises(DeliveryRefused, match=r"left-behind\.csv"):
        send(made, recipient)
    assert recipient.find("2022-02/court/manifest.json") is None


def test_an_object_that_does_not_read_back_is_not_accepted(made, recipient, monkeypatch):
    read = Store.read
    monkeypatch.setattr(Store, "read", lambda self, key: read(self, key)[:-1])
    with pytest.raises(DeliveryRefused, match="does not read back"):
        send(made, recipient)


def test_a_damaged_arrival_leaves_the_folder_as_it_was(made, recipient, tmp_path, monkeypatch):
    send(made, recipient)
    folder = shutil.copytree(made, tmp_path / "court")
    read = Store.read
    monkeypatch.setattr(
        Store,
        "read",
        lambda self, key: b"" if key.endswith("datapackage.json") else read(self, key),
    )
    with pytest.raises(StoreError, match="damaged"):
        fetch(recipient, "2022-02", "court", folder)
    assert verify(folder)


def test_a_folder_of_something_else_is_not_overwritten(made, recipient, tmp_path):
    send(made, recipient)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("x")
    with pytest.raises(DeliveryRefused, match="something other than a package"):
        fetch(recipient, "2022-02", "court", tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter.txt").exists()
