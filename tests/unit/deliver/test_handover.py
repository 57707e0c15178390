"""A package arrives whole, once, and is never replaced by another."""

import hashlib
import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from datafirst.deliver import deliver, fetch
from datafirst.deliver.claim import take
from datafirst.errors import DeliveryRefused, RunRefused, StoreError
from datafirst.package import verify
from datafirst.package.manifest import read_file
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


def arrived(to: Store):
    place = "2022-02/court/"
    return {key.removeprefix(place): to.read(key) for key in to.keys(place)}


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


def begin(folder: Path, to: Store) -> None:
    """A delivery that dies before its last files."""
    with pytest.raises(StoreError):
        deliver({**files(folder), "datapackage.json": partial(_lost, "it")}, to, "2022-02", "court")
    assert to.find("2022-02/court/manifest.json") is None


def changed(made: Path, to: Path) -> Path:
    """A package of another run with one part less and another README."""
    folder = shutil.copytree(made, to)
    (folder / "data/defendant/defendant-00001-of-00003.csv").unlink()
    (folder / "README.txt").write_text("Another.")
    body = (folder / "README.txt").read_bytes()
    content = json.loads((folder / "manifest.json").read_text())
    content["run"] = "other"
    content["files"] = [f for f in content["files"] if (folder / f["path"]).exists()]
    for file in content["files"]:
        if file["path"] == "README.txt":
            file |= {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
    (folder / "manifest.json").write_text(json.dumps(content))
    return folder


def test_a_delivery_that_died_makes_way_for_another_run(made, recipient, tmp_path):
    begin(made, recipient)
    folder = changed(made, tmp_path / "other")
    send(folder, recipient)
    assert arrived(recipient) == {name: read() for name, read in files(folder).items()}


def test_who_takes_over_and_dies_makes_way_too(made, recipient, tmp_path):
    """Also for what the first of them left: the second died before it removed anything."""
    begin(made, recipient)
    folder = changed(made, tmp_path / "other")
    manifest = (folder / "manifest.json").read_bytes()
    take(recipient, "2022-02/court", "other", manifest, read_file(folder).files)
    third = other(folder, tmp_path / "third")
    send(third, recipient)
    assert arrived(recipient) == {name: read() for name, read in files(third).items()}


def test_a_delivery_that_died_is_taken_up_again_by_its_own_run(made, recipient):
    begin(made, recipient)
    send(made, recipient)
    assert "2022-02/court/manifest.json" in objects(recipient)


def test_what_the_claim_does_not_list_is_named_and_stays(made, recipient, tmp_path):
    begin(made, recipient)
    key = "2022-02/court/README.txt"
    recipient.remove(key)
    recipient.put_once(key, b"the recipient's own")
    with pytest.raises(DeliveryRefused, match=r"README\.txt; no manifest.*nothing has been rec"):
        send(changed(made, tmp_path / "other"), recipient)
    assert recipient.read(key) == b"the recipient's own"


def test_a_recipient_that_lets_nobody_remove_is_told_what_to_remove(
    made, recipient, tmp_path, monkeypatch
):
    def forbidden(self, key):
        raise StoreError("AccessDenied")

    begin(made, recipient)
    monkeypatch.setattr(Store, "remove", forbidden)
    with pytest.raises(DeliveryRefused, match=r"defendant-00001-of-00003\.csv.*claim: run other"):
        send(changed(made, tmp_path / "other"), recipient)


def test_who_was_overtaken_writes_no_manifest(made, recipient, tmp_path):
    rival = changed(made, tmp_path / "other")

    def overtaken() -> bytes:
        manifest = (rival / "manifest.json").read_bytes()
        take(recipient, "2022-02/court", "other", manifest, read_file(rival).files)
        return (made / "datapackage.json").read_bytes()

    with pytest.raises(RunRefused, match="taken over by run other"):
        deliver({**files(made), "datapackage.json": overtaken}, recipient, "2022-02", "court")
    assert recipient.find("2022-02/court/manifest.json") is None
    send(rival, recipient)


def test_a_claim_of_another_kind_lists_nothing_and_is_taken_over(made, recipient):
    recipient.put_once("2022-02/court.claim", b"0" * 64)
    send(made, recipient)


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
