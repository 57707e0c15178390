"""Are the names of two records, which are identifiers, kept out of what is logged?"""

import logging

import pytest

from datafirst.stage.explain import Two
from datafirst.stage.measure import measured


def test_a_log_line_does_not_name_the_records(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "datafirst")
    stage = measured("explain", lambda release, two: {"rows": 1})
    stage("2022-02", Two("crown/SECRET-1", "family/SECRET-2"))
    assert "explain 2022-02 two records" in caplog.text
    assert "SECRET" not in caplog.text
