"""Files that are made from others say what those say now."""

import pytest

from datafirst.generated import GENERATED, stale
from datafirst.settings import PROJECT
from datafirst.spec import load


@pytest.mark.parametrize("kind", GENERATED)
def test_generated_files_are_up_to_date(kind: str) -> None:
    old = [path.name for path in stale(load(PROJECT / "config"), kind)]
    assert old == [], f"run `datafirst spec {kind} --write`"
