"""Several source rows may make one delivered row: each of them is in one, and in one only."""

from collections.abc import Callable
from typing import Any

import pytest

from datafirst.derive import Entry
from datafirst.errors import SpecificationError, ValidationFailed
from datafirst.spec import Share, Specification, Table

Make = Callable[..., tuple[Entry, ...]]
LIST = "list(_row ORDER BY _row)"
ALL = f"SELECT 'P00001' AS who, {LIST} AS _rows FROM visit"


@pytest.fixture
def merging(spec: Specification, made: Make) -> Callable[[str], tuple[Entry, ...]]:
    """Derives a share with a table into which the visits of each person are merged."""
    share: Share = spec.shares["visits"]
    table = _visitor(share.tables["person"])
    accounts = tuple(
        account.model_copy(update={"rows_of": None, "merged_into": "visitor"})
        if account.rows_of == "visit"
        else account
        for account in share.accounts
    )
    tables = {"person": share.tables["person"], "visitor": table}
    return lambda query: made({"visitor": query}, tables=tables, accounts=accounts)


def _visitor(person: Table) -> Table:
    who = person.variables["person_id"].model_copy(update={"name": "who"})
    return person.model_copy(
        update={"id": "visits.visitor", "key": ("who",), "variables": {"who": who}, "rules": ()}
    )


def test_the_ledger_counts_the_rows_that_were_merged(merging: Callable[[str], Any]) -> None:
    told = {(e.table, e.outcome, e.reason): e.rows for e in merging(ALL)}
    assert told["register.visit", "merged", "visitor"] == 3
    assert told["register.person", "delivered", "person"] == 3


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (ALL.replace(LIST, "[min(_row)]"), "loses 2 kept rows of register.visit"),
        (ALL.replace(LIST, "list(_row) || [min(_row)]"), "repeats 1 and gives 0"),
        (ALL.replace(LIST, "[max(_row), 99]"), "gives 1 that were not kept"),
        (f"{ALL} UNION ALL SELECT 'P9', []", "1 rows are made of no row of a source table"),
        (f"{ALL} UNION ALL SELECT 'P9', NULL", "1 rows are made of no row of a source table"),
    ],
)
def test_a_row_lost_repeated_or_not_kept_is_refused(
    merging: Callable[[str], Any], query: str, says: str
) -> None:
    with pytest.raises(ValidationFailed, match=says):
        merging(query)


def test_a_query_must_say_which_rows_it_merges(merging: Callable[[str], Any]) -> None:
    with pytest.raises(SpecificationError, match="must yield _rows"):
        merging("SELECT DISTINCT person_id AS who FROM visit")
