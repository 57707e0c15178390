"""SQL of the specification that cannot be asked is told before any data are there."""

import shutil
from pathlib import Path

import pytest

from datafirst.rehearse import faults
from datafirst.settings import PROJECT
from datafirst.spec import load

PROGRAMMES = [PROJECT / "config", PROJECT / "examples" / "historical" / "config"]


@pytest.mark.parametrize("config", PROGRAMMES, ids=["courts", "historical"])
def test_what_is_shipped_can_be_asked(config: Path) -> None:
    assert faults(load(config)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("shares/magistrates/offence.sql", "plea_date", "pleax", "shares/magistrates/offence.sql"),
        ("shares/magistrates/share.toml", "row.final", "rwo.final", "exclusions and accounts"),
        ("sources/libra/hocas_flatfile.toml", 'holds = "', 'holds = "nosuch + ', "rule:"),
        ("linkage/datasets/magistrates.toml", "defendant_type =", "sort =", "magistrates.toml"),
        ("linkage/models/magistrates.toml", '["pnc"]', '["pcn"]', "has a column pcn"),
    ],
)
def test_what_cannot_be_asked_is_named(
    tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    config = tmp_path / "config"
    shutil.copytree(PROJECT / "config", config)
    text = (config / name).read_text()
    assert old in text
    (config / name).write_text(text.replace(old, new, 1))
    assert any(says in fault for fault in faults(load(config)))
