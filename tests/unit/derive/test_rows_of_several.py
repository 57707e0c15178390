"""A table made of the rows of several source tables gives each of them once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from datafirst.derive import Entry
from datafirst.errors import SpecificationError, ValidationFailed
from datafirst.spec import Share, Specification, Table

Make = Callable[..., tuple[Entry, ...]]
BOTH = """
    SELECT 'register.person' AS _table, _row, person_id AS what FROM person
    UNION ALL
    SELECT 'register.visit', _row, visit_id::VARCHAR FROM visit
"""


@pytest.fixture
def written(spec: Specification, made: Make) -> Iterator[Callable[[str], tuple[Entry, ...]]]:
    """Derives a share whose one table is made of people and of visits, by a query."""
    share: Share = spec.shares["visits"]
    table = _entry(share.tables["person"])
    accounts = tuple(
        account.model_copy(update={"rows_of": "entry"}) if account.rows_of else account
        for account in share.accounts
    )
    yield lambda query: made({"entry": query}, tables={"entry": table}, accounts=accounts)


def _entry(person: Table) -> Table:
    what = person.variables["person_id"].model_copy(update={"name": "what", "pattern": None})
    return person.model_copy(
        update={"id": "visits.entry", "key": ("what",), "variables": {"what": what}, "rules": ()}
    )


def test_the_ledger_counts_the_rows_of_each(written: Callable[[str], Any]) -> None:
    told = {(e.table, e.outcome, e.reason): e.rows for e in written(BOTH)}
    assert told["register.person", "delivered", "entry"] == 3
    assert told["register.visit", "delivered", "entry"] == 3


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (BOTH + " WHERE visit_id <> 100001", "loses 1 kept rows of register.visit, repeats 0"),
        (f"{BOTH} UNION ALL (FROM ({BOTH}) WHERE what = 'P00001')", "register.person, repeats 1"),
        (BOTH.replace("'register.visit'", "'register.person'"), "loses 3 kept rows of register.v"),
        (f"{BOTH} UNION ALL SELECT NULL, 0, 'x'", "1 rows are of none of the tables that it is"),
        (f"{BOTH} UNION ALL SELECT 'register.place', 0, 'x'", "1 rows are of none of the tables"),
    ],
)
def test_a_row_lost_repeated_or_of_no_table_is_refused(
    written: Callable[[str], Any], query: str, says: str
) -> None:
    with pytest.raises(ValidationFailed, match=says):
        written(query)


@pytest.mark.parametrize("column", ["_table", "_row"])
def test_it_must_say_which_row_of_which_table(written: Callable[[str], Any], column: str) -> None:
    with pytest.raises(SpecificationError, match=f"must yield {column}"):
        written(f"SELECT * EXCLUDE ({column}) FROM ({BOTH})")
