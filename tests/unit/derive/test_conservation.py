"""The ledger of a release adds up over all of its snapshots, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datafirst.derive import Entry, adds_up, unused
from datafirst.errors import ValidationFailed

COUNTS = st.lists(st.integers(0, 1000), min_size=1, max_size=5)


def told(counts: list[int], rows: int) -> list[Entry]:
    lines = [Entry("s", "a.b", "excluded", f"reason_{i}", n) for i, n in enumerate(counts)]
    return [Entry("s", "a.b", "snapshot", "", rows), *lines]


@given(COUNTS)
def test_outcomes_that_add_up_are_accepted(counts: list[int]) -> None:
    adds_up(told(counts, sum(counts)), {"a.b": sum(counts)})


@given(COUNTS, st.integers(-5, 5).filter(bool))
def test_a_single_row_too_few_or_too_many_is_refused(counts: list[int], off: int) -> None:
    with pytest.raises(ValidationFailed, match=r"s: a\.b: the snapshot has"):
        adds_up(told(counts, sum(counts) + off))


def test_a_snapshot_of_another_size_is_refused() -> None:
    with pytest.raises(ValidationFailed, match=r"a\.b"):
        adds_up(told([3], 3), {"a.b": 4})


def test_a_table_without_account_is_refused() -> None:
    with pytest.raises(ValidationFailed, match=r"c\.d: the ledger has no account of it"):
        adds_up(told([3], 3), {"a.b": 3, "c.d": 2})


def test_tables_that_no_share_reads_are_told() -> None:
    rows = {"a.b": 3, "c.d": 2}
    lines = [*told([3], 3), *unused(rows, told([3], 3))]
    adds_up(lines, rows)
    assert lines[-1] == Entry("", "c.d", "excluded", "in_no_share", 2)
