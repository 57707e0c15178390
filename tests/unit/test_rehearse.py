"""SQL of the specification that cannot be asked is told before any data are there."""

import shutil
from pathlib import Path

import pytest

from datafirst.rehearse import faults
from datafirst.settings import PROJECT
from datafirst.spec import load

PROGRAMMES = [PROJECT / "config", PROJECT / "examples" / "historical" / "config"]

FAULTS = [
    ("shares/magistrates/offence.sql", "plea_date", "pleax", "shares/magistrates/offence.sql"),
    ("shares/civil/share.toml", "row.deleted", "rwo.deleted", "exclusions and accounts"),
    ("sources/libra/hocas_flatfile.toml", 'holds = "', 'holds = "nosuch + ', "rule:"),
    ("linkage/datasets/magistrates.sql", "defendant_type =", "sort =", "magistrates.sql"),
    (
        "linkage/impossible/ages_apart.sql",
        "AS dataset_r",
        "AS other",
        "must yield dataset_l, _row_l",
    ),
    ("linkage/models/magistrates.toml", '["pnc"]', '["pcn"]', "has a column pcn"),
]
"""A file, what stands in it, what stands there instead, and what is said of it."""


@pytest.mark.parametrize("config", PROGRAMMES, ids=["courts", "historical"])
def test_what_is_shipped_can_be_asked(config: Path) -> None:
    assert faults(load(config)) == []


def test_everything_that_cannot_be_asked_is_named_at_once(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(PROJECT / "config", config)
    for name, old, new, _ in FAULTS:
        text = (config / name).read_text()
        assert old in text
        (config / name).write_text(text.replace(old, new, 1))
    found = faults(load(config))
    assert [says for *_, says in FAULTS if not any(says in fault for fault in found)] == []
