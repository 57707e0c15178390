"""What leaves changes only by a line of the ledger that somebody has read.

After a change that is meant: `datafirst spec ledger --write`, or this test with
DATAFIRST_WRITE_LEDGER=1.
"""

import os
from pathlib import Path

import pytest

from datafirst.deidentify import ledger
from datafirst.spec import load

CONFIG = Path(__file__).parents[2] / "config"
LEDGER = Path(__file__).parent / "ledger"
SHARES = sorted(path.parent.name for path in CONFIG.glob("shares/*/share.toml"))


@pytest.mark.parametrize("share", SHARES)
def test_what_leaves_is_what_was_agreed(share: str) -> None:
    spec = load(CONFIG)
    now, agreed = ledger(spec, spec.shares[share]), LEDGER / f"{share}.txt"
    if os.environ.get("DATAFIRST_WRITE_LEDGER"):
        agreed.parent.mkdir(exist_ok=True)
        agreed.write_text(now, encoding="utf-8")
    assert agreed.is_file(), f"no ledger of {share}: write it and have it read"
    assert now.splitlines() == agreed.read_text(encoding="utf-8").splitlines()


def test_every_ledger_is_of_a_share() -> None:
    assert {path.stem for path in LEDGER.glob("*.txt")} == set(SHARES)
