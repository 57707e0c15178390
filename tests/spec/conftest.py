"""What do the rules speak of? The specification as it stands, and a database to ask."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from datafirst.link.ladder import climb
from datafirst.link.standardise import parts
from datafirst.settings import PROJECT
from datafirst.spec import Specification, load


@pytest.fixture(scope="session")
def spec() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


ANNA: dict[str, Any] = {
    "variant": "0",
    "forename1": "ANNA",
    "surname": "MURPHY",
    "date_of_birth": "1990-02-01",
    "sex": "F",
    "postcode": "LS1 4AB",
    "pnc": None,
}


class Climbed:
    """A ladder of the specification, climbed by people who differ from Anna Murphy as told."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, spec: Specification, name: str, left: Any, right: Any
    ) -> None:
        self.con, self.ladder = con, spec.linkage.ladders[name]
        sides = zip(self.ladder.datasets, (left, right), strict=True)
        self.records = {dataset: self._put(spec, dataset, who) for dataset, who in sides}
        climb(con, spec, self.ladder, self.records)

    def _put(self, spec: Specification, dataset: str, people: list[dict[str, Any]]) -> str:
        fields = {name: f for name, f in spec.linkage.fields.items() if name in ANNA}
        derived = [x for n, f in fields.items() for x in parts(n, f.kind).items()]
        self.con.execute(
            "CREATE OR REPLACE TABLE plain (_row BIGINT, variant INTEGER, forename1 VARCHAR, "
            "surname VARCHAR, date_of_birth DATE, sex VARCHAR, postcode VARCHAR, pnc VARCHAR)"
        )
        for row, person in enumerate(people):
            said = [row, *(person.get(name, value) for name, value in ANNA.items())]
            self.con.execute("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?, ?)", said)
        self.con.execute(
            f"CREATE OR REPLACE TABLE {dataset} AS SELECT '{dataset}' AS dataset, "
            f"_row::VARCHAR AS record_id, *, {', '.join(f'{s} AS {c}' for c, s in derived)} "
            "FROM plain"
        )
        return dataset

    @property
    def pairs(self) -> list[tuple[int, int, str]]:
        return self.con.execute("SELECT left_row, right_row, rule FROM matches").fetchall()

    @property
    def ties(self) -> list[tuple[str, int]]:
        return self.con.execute("SELECT dataset, _row FROM ties ORDER BY ALL").fetchall()


@pytest.fixture
def climbed(con: duckdb.DuckDBPyConnection, spec: Specification) -> Callable[..., Climbed]:
    return lambda name, left, right: Climbed(con, spec, name, left, right)
