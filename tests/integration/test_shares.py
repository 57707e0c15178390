"""From a landed snapshot to what a recipient may have: derived, accounted for, de-identified."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from datafirst.deidentify import PATTERN
from datafirst.errors import RunRefused, SpecificationError
from datafirst.run import Record
from datafirst.settings import Settings, settings
from datafirst.stage.deidentify import deidentify
from datafirst.stage.derive import derive
from datafirst.stage.extract import extract
from datafirst.stage.ledger import ledger
from datafirst.stage.release import plan
from datafirst.stage.validate import validate

CONFIG = Path(__file__).parents[1] / "hamlet" / "config"
RELEASE = "2022-02"


@pytest.fixture
def hamlet(s3: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registers of a hamlet, landed and validated."""
    monkeypatch.setenv("DATAFIRST_CONFIG", str(CONFIG))
    settings.cache_clear()
    extract("register", "2022-01-31")
    validate("register", "2022-01-31")
    yield


def read(store: str, record: Record, table: str) -> pl.DataFrame:
    kept = plan(RELEASE).store(store)
    return pl.concat(pl.read_parquet(io.BytesIO(kept.read(a.key))) for a in record.of(table))


def released(share: str, table: str) -> pl.DataFrame:
    made = plan(RELEASE)
    record = made.done("release", "deidentify", made.share_place(share, "room"))
    return read("release", record, table)


@pytest.mark.usefixtures("hamlet")
def test_a_share_reaches_its_recipient_de_identified(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunRefused, match="derive-visits has not been done"):
        deidentify(RELEASE, "visits", "room")
    derive(RELEASE, "visits")
    first = deidentify(RELEASE, "visits", "room")
    assert first["rows_of"] == {"person": 3, "visit": 3}
    _is_de_identified(released("visits", "person"), released("visits", "visit"))
    assert deidentify(RELEASE, "visits", "room") == first
    monkeypatch.setenv("DATAFIRST_ROOT_KEY", "11" * 32)
    settings.cache_clear()
    with pytest.raises(RunRefused, match="new key_epoch"):
        deidentify(RELEASE, "visits", "room")


def _is_de_identified(person: pl.DataFrame, visit: pl.DataFrame) -> None:
    assert person.columns == ["person_id", "sex", "born", "area", "visits"]
    assert sorted(person["born"]) == [1985, 1990, 2000]
    assert sorted(person["area"].drop_nulls()) == ["AB1", "ZE1"]
    for word in (*person["person_id"], *visit["visit_id"], *visit["place_id"].drop_nulls()):
        assert re.fullmatch(PATTERN, word)
    assert set(visit["person_id"]) == set(person["person_id"])
    months = sorted(str(day) for day in visit["visited"])
    assert months == ["2020-05-01", "2020-06-01", "2021-01-01"]
    # The order of the pseudonyms, not the order of the source.
    assert visit["visit_id"].is_sorted()


@pytest.mark.usefixtures("hamlet")
def test_a_share_that_follows_another_joins_with_it_and_every_row_is_accounted_for() -> None:
    assert derive(RELEASE, "pairs")["rows"] == 3  # the share that it follows was derived first
    for share in ("visits", "pairs"):
        deidentify(RELEASE, share, "room")
    pair, visit = released("pairs", "pair"), released("visits", "visit")
    assert pair.columns == ["visit_id", "person_id", "dataset", "linked_person"]
    assert pair.join(visit, on=["visit_id", "person_id"]).height == 3
    told = ledger(RELEASE)
    assert told["rows"] == told["outcomes"].pop("snapshot") == 16
    assert set(told["outcomes"]) == {"quarantined", "excluded", "not_referenced", "delivered"}
    assert sum(told["outcomes"].values()) == 16
    made = plan(RELEASE)
    [artefact] = made.done("landing", "ledger").artefacts
    assert b"visits,register.visit,excluded,obsolete,1" in made.store("landing").read(artefact.key)


@pytest.mark.usefixtures("hamlet")
def test_what_is_not_of_the_release_is_refused() -> None:
    with pytest.raises(SpecificationError, match="has no share others"):
        derive(RELEASE, "others")
    with pytest.raises(SpecificationError, match="not for a recipient elsewhere"):
        deidentify(RELEASE, "visits", "elsewhere")
    with pytest.raises(RunRefused, match="derive-visits has not been done"):
        ledger(RELEASE)
