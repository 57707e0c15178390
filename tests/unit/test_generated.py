"""Files that are made from others say what those say now."""

import pytest

from datafirst.generated import GENERATED, stale, write
from datafirst.settings import PROJECT, settings
from datafirst.spec import load


@pytest.mark.parametrize("kind", GENERATED)
def test_generated_files_are_up_to_date(kind: str) -> None:
    old = [path.name for path in stale(load(PROJECT / "config"), kind)]
    assert old == [], f"run `datafirst spec {kind} --write`"


def test_what_is_stale_is_named_and_written_anew(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("datafirst.generated.SCHEMAS", tmp_path / "schema")
    monkeypatch.setattr("datafirst.generated.PAGE", tmp_path / "methodology.md")
    spec = load(PROJECT / "config")
    for kind in ("schema", "methodology"):
        assert write(spec, kind) and stale(spec, kind) == []
    (tmp_path / "schema" / "share.json").unlink()
    (tmp_path / "methodology.md").write_text("Something else.")
    assert [path.name for path in stale(spec, "schema")] == ["share.json"]
    assert [path.name for path in write(spec, "methodology")] == ["methodology.md"]


def test_another_programmes_ledgers_stand_beside_its_own_specification(monkeypatch) -> None:
    other = PROJECT / "examples" / "historical"
    monkeypatch.setenv("DATAFIRST_CONFIG", str(other / "config"))
    settings.cache_clear()
    assert {path.parents[3] for path in stale(load(other / "config"), "ledger")} == {other}
