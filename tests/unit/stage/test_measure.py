"""A stage's failure tells what, where and of which kind, and never a value from the data."""

import io
import logging
import traceback

import duckdb
import pytest

from datafirst.errors import SourceError, UnforeseenFailure
from datafirst.stage.measure import measured

CANARY = "ZYXCANARY"


def cast_a_name() -> dict[str, object]:
    duckdb.connect().execute(f"SELECT '{CANARY}'::INTEGER").fetchall()
    return {}


def look_up_a_name() -> dict[str, object]:
    return {"known": {}[CANARY]}


@pytest.mark.parametrize("stage", [cast_a_name, look_up_a_name])
def test_no_value_is_in_a_message_a_traceback_or_a_chain(stage: object) -> None:
    with pytest.raises(UnforeseenFailure, match="link 2022-02: ") as caught:
        measured("link", _ignoring(stage))("2022-02")
    told = "".join(traceback.format_exception(caught.value))
    assert CANARY not in told
    assert caught.value.__context__ is None and caught.value.__cause__ is None


def _ignoring(stage: object) -> object:
    return lambda *_: stage()  # type: ignore[operator]


def test_what_we_say_ourselves_is_passed_on() -> None:
    def stage() -> dict[str, object]:
        raise SourceError("libra: no table hocas_flatfile")

    with pytest.raises(SourceError, match="no table hocas_flatfile"):
        measured("extract", stage)()


def test_a_stage_tells_what_it_cost(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="datafirst"):
        answer = measured("derive", lambda release: {"rows": 7})("2022-02")
    assert {"stage", "rows", "seconds", "cpu", "peak_mb"} <= answer.keys()
    assert "derive 2022-02: 7 rows" in caplog.text


def test_the_place_of_a_failure_is_our_own_line() -> None:
    from datafirst.deidentify import root_key  # fails inside the package, beyond its own checks

    with pytest.raises(UnforeseenFailure, match=r"TypeError at deidentify/keys\.py:\d+"):
        measured("deidentify", lambda: root_key(io.BytesIO(), embedded=False))()  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    "failure",
    [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error: Interrupted!")],
)
def test_stopping_a_stage_is_no_failure(failure: Exception) -> None:
    def stage() -> dict[str, object]:
        raise failure

    with pytest.raises(KeyboardInterrupt):
        measured("train", stage)()
