"""Linkage is measured only against a truth that is about the very records that were linked."""

from pathlib import Path

import duckdb
import pytest

from datafirst.errors import SourceError
from datafirst.stage.evaluate import TRUTH, _covers

LABELS = ["('a', '1', 'x')", "('a', '2', 'y')"]


def measured_against(labels: list[str]) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE people AS SELECT 'a' AS dataset, unnest(['1', '2']) AS record_id")
        con.execute(TRUTH)
        if labels:
            con.execute(f"INSERT INTO truth VALUES {', '.join(labels)}")
        _covers(con, Path("truth"))


def test_a_truth_that_labels_every_record_once_will_do() -> None:
    measured_against([*LABELS, "('a', '3', 'z')"])


@pytest.mark.parametrize(
    ("labels", "counts"),
    [
        ([], "0 of 2 records, 0 of"),
        (LABELS[:1], "1 of 2 records, 0 of"),
        ([LABELS[0], "('a', '2', NULL)"], "1 of 2 records, 0 of"),
        (["('b', '1', 'x')", "('a', '9', 'y')"], "0 of 2 records, 0 of"),
        ([*LABELS, "('a', '2', 'z')"], "2 of 2 records, 1 of"),
    ],
    ids=["nothing", "too little", "nobody", "others", "twice"],
)
def test_any_other_truth_is_refused(labels: list[str], counts: str) -> None:
    with pytest.raises(SourceError, match=f"labels {counts}"):
        measured_against(labels)
