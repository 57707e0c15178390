"""What do the rules speak of? The specification as it stands, and a database to ask."""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.settings import PROJECT
from datafirst.spec import Specification, load


@pytest.fixture(scope="session")
def spec() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened
