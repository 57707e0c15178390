"""Rows are compared by key, people by the records that both releases have."""

import io
from collections.abc import Iterator, Mapping

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from datafirst.compare import ids, people, rows
from datafirst.compare.shown import shown
from datafirst.link.lasting import COLUMNS, lasting


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def relation(name: str, columns: str, *lines: str) -> str:
    values = ", ".join(f"({line})" for line in lines)
    return f"(FROM (VALUES {values}) AS {name}({columns}))"


def test_rows_are_in_both_or_one_and_changed_values_are_counted(
    con: duckdb.DuckDBPyConnection,
) -> None:
    old = relation(
        "o", "id, part, sex, area", "1, 1, 'F', 'A'", "1, 2, NULL, 'A'", "2, 1, 'M', 'B'"
    )
    new = relation("n", "id, part, sex, area", "1, 1, 'F', 'C'", "1, 2, 'F', 'C'", "3, 1, 'M', 'B'")
    found = rows(con, old, new, ["id", "part"], ["id", "part", "sex", "area", "later"])
    assert found == {
        "both": 2,
        "only_old": 1,
        "only_new": 1,
        "changed": 2,
        "values": {"sex": 1, "area": 2},
    }


def test_a_variable_of_another_type_or_of_one_release_only_is_not_compared(
    con: duckdb.DuckDBPyConnection,
) -> None:
    old, new = relation("o", "id, born, gone", "1, 'x', 2"), relation("n", "id, born", "1, 1980")
    assert rows(con, old, new, ["id"], ["id", "born", "gone"])["changed"] == 0


def of(persons: dict[str, str]) -> str:
    """A relation of records and who they are, the same at each threshold."""
    lines = (f"'court', '{record}', {', '.join([repr(p)] * 3)}" for record, p in persons.items())
    columns = "dataset, record_id, person_strict, person_standard, person_loose"
    return relation("p", columns, *lines)


def test_people_are_unchanged_split_merged_rearranged_gone_or_new(
    con: duckdb.DuckDBPyConnection,
) -> None:
    old = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "c1": "c", "d1": "d", "e1": "e", "e2": "e",
           "f1": "f", "g1": "g"}  # fmt: skip
    new = {"a1": "z", "a2": "z", "b1": "b", "b2": "bb", "c1": "c", "d1": "c", "e1": "e", "e2": "f",
           "f1": "f", "h1": "h", "a3": "z"}  # fmt: skip
    found = people(con, of(old), of(new))
    assert found["records"] == {"both": 9, "only_old": 1, "only_new": 2}
    assert found["standard"] == {
        "unchanged": 1,  # a: by another name, and with a record that only the new one has
        "split": 1,  # b
        "merged": 3,  # c with d, f with a part of e
        "rearranged": 1,  # e
        "gone": 1,
        "new": 1,
    }


CLUSTERS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("uvwxyz"), min_size=1)


@settings(max_examples=20, deadline=None)
@given(old=CLUSTERS, new=CLUSTERS)
def test_every_person_of_the_old_release_is_counted_once(
    old: dict[str, str], new: dict[str, str]
) -> None:
    with duckdb.connect() as con:
        found = people(con, of(old), of(new))["loose"]
    was = ("unchanged", "split", "merged", "rearranged", "gone")
    assert sum(found[name] for name in was) == len(set(old.values()))
    assert found["new"] == len(set(new.values()) - {new[r] for r in new if r in old})


@settings(max_examples=10, deadline=None)
@given(persons=CLUSTERS)
def test_the_same_people_are_unchanged_whatever_they_are_called(persons: dict[str, str]) -> None:
    renamed = {record: f"other {person}" for record, person in persons.items()}
    with duckdb.connect() as con:
        found = people(con, of(persons), of(renamed))["strict"]
    assert (
        found["unchanged"] == len(set(persons.values()))
        and sum(found.values()) == found["unchanged"]
    )


NOT_A_CHANGE = {"from": "what was published", "pseudonyms": {"says": "The same."}}
NOTHING = dict.fromkeys(("why", "tables", "variables", "codes", "ledger", "method_changes"), ())


def told(answer: Mapping[str, object]) -> str:
    side = dict.fromkeys(("version", "date", "status", "run", "title"), "x")
    whole = {**NOT_A_CHANGE, **NOTHING, "old": side, "new": side, "not_compared": [], "shares": {}}
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(*shown({**whole, "people": answer}))
    return console.export_text()


def test_ids_are_counted_where_the_new_release_goes_on_with_the_old_one(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for table, persons in (("was", "aabbc"), ("now", "xxxy d")):
        rows = [{"r": f"r{place}", "p": p} for place, p in enumerate(persons) if p != " "]
        values = ", ".join(f"('{row['r']}', '{row['p']}')" for row in rows)
        named = ", ".join(f"p AS {c}" for c in COLUMNS.values())
        con.execute(
            f"CREATE TABLE {table} AS SELECT 'court' AS dataset, r AS record_id, 0 AS _row, "
            f"{named} FROM (VALUES {values}) AS t(r, p)"
        )
    lasting(con, "was", "v1")
    lasting(con, "now", "v2", "was")
    found = ids(con, "id_changes")
    each = {"retained": 2, "merged": 0, "split": 1, "new": 1, "withdrawn": 1}
    assert found == dict.fromkeys(COLUMNS, each)
    counted = people(con, "was", "now")
    assert "Identifiers of people" not in told(counted)
    text = told({**counted, "ids": found})
    assert "Identifiers of people, which the new release goes on with" in text
    assert [line.split()[1::2] for line in text.splitlines() if "dataset" in line] == [
        ["dataset", *map(str, each.values())]
    ]
