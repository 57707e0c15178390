"""The two criminal courts' rows as landed, and the specification as it stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from datafirst.settings import PROJECT
from datafirst.spec import Specification, load

from .landed import Read, Rows


class Libra(Read):
    systems, dataset, share = ("libra",), "magistrates", "magistrates"


class Xhibit(Read):
    systems, dataset, share = ("xhibit",), "crown", "crown"


@pytest.fixture(scope="session")
def whole() -> Specification:
    """The specification as it stands."""
    return load(PROJECT / "config")


@pytest.fixture
def libra(whole: Specification, tmp_path: Path) -> Callable[[Rows], Read]:
    return lambda rows: Libra(whole, tmp_path, rows)


@pytest.fixture
def xhibit(whole: Specification, tmp_path: Path) -> Callable[[Rows], Read]:
    return lambda rows: Xhibit(whole, tmp_path, rows)
