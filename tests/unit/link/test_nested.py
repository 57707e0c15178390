"""Are people refused who are not parts of one person at the next looser threshold?"""

import duckdb
import pytest

from datafirst.errors import LinkageRefused
from datafirst.link.nested import nested

Row = tuple[str | None, str | None, str | None]


def checked(*rows: Row) -> None:
    """Each row is a record's person: strict, standard, loose."""
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE people (person_strict VARCHAR, person_standard VARCHAR, "
            "person_loose VARCHAR)"
        )
        for row in rows:
            con.execute("INSERT INTO people VALUES (?, ?, ?)", row)
        nested(con, "people")


def test_people_within_people_are_let_through() -> None:
    checked(("a", "p", "x"), ("a", "p", "x"), ("b", "p", "x"), ("c", "q", "x"), (None, None, None))


def test_nobody_is_let_through() -> None:
    checked()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("a", "p", "x"), ("a", "q", "x")], "1 strict people are not within one standard person"),
        ([("a", "p", "x"), ("b", "p", "y")], "1 standard people are not within one loose person"),
        ([("a", "p", "x"), ("a", None, "x")], "1 strict people"),
        ([("a", "p", "x"), (None, "p", "x")], "1 strict people"),
    ],
    ids=["strict across standard", "standard across loose", "no standard id", "no strict id"],
)
def test_people_across_people_are_refused(rows: list[Row], told: str) -> None:
    with pytest.raises(LinkageRefused, match=told):
        checked(*rows)


def test_no_name_of_a_person_is_told() -> None:
    with pytest.raises(LinkageRefused) as refused:
        checked(("magistrates/secret", "p", "x"), ("magistrates/secret", "q", "x"))
    assert "secret" not in str(refused.value)
