"""Is a run compared with the previous release, and refused before anything of it is kept?"""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link.read import fields_read
from datafirst.run import Made
from datafirst.spec import Accepted, Release, Specification, load
from datafirst.stage import drift

CONFIG = Path(__file__).parents[3] / "config"
RECORDS, EDGES = 4_000, "CREATE TABLE edges (model VARCHAR, match_weight DOUBLE, strength TINYINT)"


@dataclass
class Planned:
    """As much of a plan as is asked for."""

    spec: Specification
    release: Release
    previous: Any = None


@pytest.fixture(scope="module")
def spec() -> Specification:
    return load(CONFIG)


def planned(spec: Specification, then: dict[str, Any] | None, *accepts: Accepted) -> Any:
    """A release of one model that goes on from one with these counts."""
    release = spec.releases["2024-06-iteration-2"].model_copy(
        update={"models": ("crown",), "accepts_drift": accepts}
    )
    previous = None
    if then is not None:
        record = SimpleNamespace(counts=then)
        previous = SimpleNamespace(version="2022-02", record=lambda *where: record)
    return Planned(spec, release, previous)


def run(made: Any, postcodes: int) -> Made:
    """What linking counts, where so many records have a postcode."""
    trained = {
        "records": {"crown": RECORDS},
        "splink": {"probability_two_random_records_match": 1e-4, "comparisons": []},
    }
    fields = fields_read(made.spec, [made.spec.linkage.models["crown"]])
    columns = ", ".join(
        f"CASE WHEN i < {postcodes if name == 'postcode' else RECORDS} THEN 'x' END AS {name}"
        for name in fields
    )
    to = Made(counts={"pairs": {"crown": {"pnc": 10}}})
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE records_crown AS SELECT i AS _row, 0 AS variant, {columns} "
            f"FROM range({RECORDS}) t(i)"
        )
        con.execute(
            "CREATE TABLE people AS SELECT 'crown' AS dataset, _row, (_row // 2)::VARCHAR AS "
            "person_standard, 'A' AS band FROM records_crown"
        )
        con.execute(EDGES)
        con.execute("CREATE TABLE journeys (right_dataset VARCHAR, right_row BIGINT)")
        drift.compared(con, made, {"crown": trained}, {"crown": "records_crown"}, to)
    return to


def test_the_first_release_keeps_its_profile(spec: Specification) -> None:
    counts = run(planned(spec, None), 3_000).counts
    assert counts["profile"]["known"]["crown"]["postcode"] == 3_000
    assert "drift" not in counts


def test_the_next_is_compared_with_it_and_refused_until_it_accepts(spec: Specification) -> None:
    then = run(planned(spec, None), 3_000).counts
    assert run(planned(spec, then), 3_100).counts["drift"]
    with pytest.raises(LinkageRefused, match=r"postcode: 0\.75 then, 0\.5 now"):
        run(planned(spec, then), 2_000)
    accepted = Accepted(moved="completeness: crown: postcode", up_to=0.25, because="It is real.")
    assert run(planned(spec, then, accepted), 2_000).counts["drift"]


def test_a_release_that_kept_no_profile_must_be_made_again(spec: Specification) -> None:
    with pytest.raises(LinkageRefused, match="make it again"):
        run(planned(spec, {}), 3_000)
