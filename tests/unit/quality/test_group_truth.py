"""Error by group counts pairs without making them: the same as making every pair."""

from collections import Counter
from itertools import combinations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.quality.group_truth import group_truth
from datafirst.quality.groups import GROUPS, NOT_KNOWN

Record = tuple[int, int, str]
"""Found person, true person, group."""
records = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["a", "b", NOT_KNOWN])),
    min_size=2,
    max_size=24,
)


def by_hand(rows: list[Record]) -> dict[str, tuple[int, int, int]]:
    """By group: pairs linked, true, and both."""
    linked: Counter[str] = Counter()
    true: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one, other in combinations(rows, 2):
        known = {group for group in (one[2], other[2]) if group != NOT_KNOWN}
        group = "mixed" if len(known) > 1 else (known or {NOT_KNOWN}).pop()
        linked[group] += one[0] == other[0]
        true[group] += one[1] == other[1]
        right[group] += one[0] == other[0] and one[1] == other[1]
    there = {group for group in (*linked, *true) if linked[group] or true[group]}
    return {group: (linked[group], true[group], right[group]) for group in there}


@given(records)
@settings(max_examples=10, deadline=None)
def test_counts_are_those_of_every_pair(rows: list[Record]) -> None:
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("CREATE TABLE people (dataset TEXT, record_id TEXT, _row BIGINT, "
                    "person_standard TEXT)")  # fmt: skip
        con.execute("CREATE TABLE truth (dataset TEXT, record_id TEXT, person_id TEXT)")
        columns = ", ".join(f"{name} TEXT" for name in GROUPS)
        con.execute(f"CREATE TABLE grouped (dataset TEXT, _row BIGINT, {columns})")
        for i, (found, true, group) in enumerate(rows):
            con.execute("INSERT INTO people VALUES ('d', ?, ?, ?)", [f"r{i}", i, f"f{found}"])
            con.execute("INSERT INTO truth VALUES ('d', ?, ?)", [f"r{i}", f"t{true}"])
            con.execute(f"INSERT INTO grouped VALUES ('d', ?{', ?' * 6})", [i, *[group] * 6])
        found = [g for g in group_truth(con, "people", "truth") if g.by == "naming"]
    told = {
        g.category: (
            g.linked,
            g.true,
            round(g.agreement.precision * g.linked) if g.linked else 0,
        )
        for g in found
    }
    assert told == by_hand(rows)
