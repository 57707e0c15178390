"""Ids last: whoever shares the most records inherits, and no id is ever given twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.lasting import CHANGES, COLUMNS, ID_CHANGES, lasting

Record = tuple[str, str]
Groups = dict[Record, tuple[str, str, str]]
Row = dict[str, Any]
CALLED = ("person_strict", "person_standard", "person_loose", "dataset_person")


def made(groups: Groups) -> list[Row]:
    """Who is who, by each record's loose group and the parts of it that it is in: so that levels
    are nested, and people of a dataset are the standard ones' part in it."""
    found = []
    for place, ((dataset, record), (loose, standard, strict)) in enumerate(groups.items()):
        parts = [f"{loose}{standard}{strict}", f"{loose}{standard}", loose]
        persons = dict(zip(COLUMNS.values(), [*parts, f"{dataset}{parts[1]}"], strict=True))
        found.append({"dataset": dataset, "record_id": record, "_row": place, **persons})
    return found


class Chain:
    """Releases, each of which continues the one before."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.versions = con, 0

    def add(self, rows: Iterable[Row]) -> dict[Record, Row]:
        """The next release of these people, by the ids that they get in it."""
        before = f"people_{self.versions}" if self.versions else None
        self.versions += 1
        table = f"people_{self.versions}"
        columns = ", ".join(f"{c} VARCHAR" for c in ("dataset", "record_id", *CALLED))
        self.con.execute(f"CREATE OR REPLACE TABLE {table} ({columns}, _row BIGINT)")
        names = ("dataset", "record_id", *CALLED, "_row")
        marks = ", ".join("?" * len(names))
        if values := [[row[name] for name in names] for row in rows]:
            self.con.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
        lasting(self.con, table, f"v{self.versions}", before)
        return self.people()

    def people(self) -> dict[Record, Row]:
        return {(str(r["dataset"]), str(r["record_id"])): r for r in self._rows(self.table)}

    @property
    def table(self) -> str:
        return f"people_{self.versions}"

    def changes(self, level: str = "standard") -> list[Row]:
        rows = f"id_changes WHERE level = '{level}' ORDER BY before, now"
        return self._rows(rows)

    def told(self, level: str = "standard") -> set[tuple[Any, ...]]:
        keys = ("before", "now", "change", "records")
        return {tuple(row[key] for key in keys) for row in self.changes(level)}

    def _rows(self, source: str) -> list[Row]:
        asked = self.con.execute(f"FROM {source}")
        names = [column for column, *_ in asked.description or ()]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


@pytest.fixture
def chain() -> Iterator[Chain]:
    with duckdb.connect() as con:
        yield Chain(con)


def of(**persons: str) -> list[Row]:
    """Records of one court, each with who it is at every level."""
    return made({("court", record): (person, "", "") for record, person in persons.items()})


def test_at_first_everybody_is_new_and_named_by_the_smallest_record(chain: Chain) -> None:
    people = chain.add(of(b="x", a="x", c="y"))
    assert [row["person_standard"] for row in people.values()] == [
        "v1/court/a", "v1/court/a", "v1/court/c",
    ]  # fmt: skip
    assert chain.told() == {
        (None, "v1/court/a", "new", 2), (None, "v1/court/c", "new", 1),
    }  # fmt: skip


def test_whoever_shares_the_most_records_inherits_and_the_others_are_merged_into_him(
    chain: Chain,
) -> None:
    chain.add(of(a="x", b="y", c="y"))
    chain.add(of(a="z", b="z", c="z", d="z"))
    assert chain.told() == {
        ("v1/court/a", "v1/court/b", "merged", 1), ("v1/court/b", "v1/court/b", "retained", 2),
    }  # fmt: skip


def test_the_largest_part_keeps_the_id_and_the_others_are_split_from_it(chain: Chain) -> None:
    chain.add(of(a="x", b="x", c="x"))
    chain.add(of(a="p", b="q", c="q"))
    assert chain.told() == {
        ("v1/court/a", "v1/court/a", "retained", 2), ("v1/court/a", "v2/court/a", "split", 1),
    }  # fmt: skip


def test_an_id_that_fell_apart_went_where_most_of_its_records_went(chain: Chain) -> None:
    chain.add(of(a="x", b="x", c="x", d="y", e="y", f="y", g="z", h="z"))
    chain.add(of(a="p", b="p", d="p", e="p", f="p", c="q", g="q", h="q"))
    assert chain.told() == {
        ("v1/court/a", "v1/court/d", "merged", 2), ("v1/court/a", "v1/court/g", "split", 1),
        ("v1/court/d", "v1/court/d", "retained", 3), ("v1/court/g", "v1/court/g", "retained", 2),
    }  # fmt: skip


def test_an_id_is_kept_by_another_part_where_the_largest_went_to_somebody(chain: Chain) -> None:
    chain.add(of(a="x", b="x", c="x", d="y", e="y", f="y"))
    chain.add(of(a="p", b="p", d="p", e="p", f="p", c="q"))
    assert chain.told() == {
        ("v1/court/a", "v1/court/a", "retained", 1), ("v1/court/a", "v1/court/d", "split", 2),
        ("v1/court/d", "v1/court/d", "retained", 3),
    }  # fmt: skip


def test_records_that_come_or_go_change_no_id(chain: Chain) -> None:
    chain.add(of(a="x", b="x", c="y", d="z"))
    chain.add(of(b="p", n="p", c="q", o="r"))
    assert chain.told() == {
        ("v1/court/a", "v1/court/a", "retained", 1), ("v1/court/c", "v1/court/c", "retained", 1),
        ("v1/court/d", None, "withdrawn", 1), (None, "v2/court/o", "new", 1),
    }  # fmt: skip
    sizes = {row["change"]: (row["records_before"], row["records_now"]) for row in chain.changes()}
    assert sizes == {"retained": (1, 1), "withdrawn": (1, 0), "new": (0, 1)}
    [grown] = [row for row in chain.changes() if row["before"] == "v1/court/a"]
    assert (grown["records_before"], grown["records_now"]) == (2, 2)


def test_a_withdrawn_id_is_not_used_again_where_its_records_come_back(chain: Chain) -> None:
    first, gone, back = (chain.add(of(**persons)) for persons in ({"a": "x"}, {}, {"a": "x"}))
    assert not gone
    assert first["court", "a"]["person_loose"] == "v1/court/a"
    assert back["court", "a"]["person_loose"] == "v3/court/a"


def test_a_release_that_continues_another_under_its_own_names_keeps_them(chain: Chain) -> None:
    """Names without a version, from before there were any."""
    chain.con.execute(
        "CREATE TABLE people_1 AS SELECT 'court' AS dataset, 'a' AS record_id, 'court/a' AS "
        "person_strict, 'court/a' AS person_standard, 'court/a' AS person_loose, 'court/a' AS "
        "dataset_person"
    )
    chain.versions = 1
    people = chain.add(of(a="x", b="y"))
    assert [row["person_strict"] for row in people.values()] == ["court/a", "v2/court/b"]


def test_a_dataset_has_ids_of_its_own_and_says_so(chain: Chain) -> None:
    people = chain.add(made({("crown", "1"): ("x", "", ""), ("prison", "1"): ("x", "", "")}))
    assert [row["dataset_person"] for row in people.values()] == ["v1/crown/1", "v1/prison/1"]
    assert {(r["dataset"], r["now"]) for r in chain.changes("dataset")} == {
        ("crown", "v1/crown/1"), ("prison", "v1/prison/1"),
    }  # fmt: skip
    assert {row["dataset"] for row in chain.changes("loose")} == {None}


def test_columns_beside_the_people_stay_and_rows_may_be_numbered_anew(chain: Chain) -> None:
    chain.add(of(a="x", b="y"))
    chain.con.execute(
        "CREATE OR REPLACE TABLE later AS SELECT * REPLACE (9 - _row AS _row), 'B' AS band "
        "FROM people_1"
    )
    before = chain.con.execute("SELECT record_id, person_loose FROM people_1 ORDER BY 1").fetchall()
    lasting(chain.con, "later", "v2", "people_1")
    after = "SELECT record_id, person_loose FROM later WHERE band = 'B' ORDER BY 1"
    assert chain.con.execute(after).fetchall() == before
    tables = {name for (name,) in chain.con.execute("SELECT table_name FROM duckdb_tables()")
              .fetchall()}  # fmt: skip
    assert tables == {"people_1", "later", "id_changes"}


RECORDS = [(dataset, record) for dataset in ("crown", "prison") for record in "abcdef"]
VILLAGE = st.dictionaries(
    st.sampled_from(RECORDS),
    st.tuples(st.sampled_from("uvw"), st.sampled_from("12"), st.sampled_from("12")),
)
ANY = settings(max_examples=3, deadline=None)


def releases(number: int) -> st.SearchStrategy[list[Groups]]:
    """Successive releases of many villages whose people never meet: so many cases at once."""
    return st.lists(st.tuples(*[VILLAGE] * number), min_size=8, max_size=25).map(
        lambda villages: [
            {
                (dataset, f"{record}{place:02}"): (f"{place:02}{loose}", standard, strict)
                for place, village in enumerate(villages)
                for (dataset, record), (loose, standard, strict) in village[release].items()
            }
            for release in range(number)
        ]
    )


def shared(
    old: Mapping[Record, Row], new: Mapping[Record, Row], column: str
) -> Counter[tuple[str, str]]:
    """How many records an id before and one now share."""
    both = old.keys() & new.keys()
    return Counter((str(old[r][column]), str(new[r][column])) for r in both)


@ANY
@given(two=releases(2))
def test_every_cluster_has_one_id_and_every_id_one_cluster(
    two: list[Groups],
) -> None:
    with duckdb.connect() as con:
        chain = Chain(con)
        chain.add(made(two[0]))
        people = chain.add(made(two[1]))
    clusters = {(str(r["dataset"]), str(r["record_id"])): r for r in made(two[1])}
    for column in CALLED:
        pairs = {(clusters[record][column], row[column]) for record, row in people.items()}
        assert len({c for c, _ in pairs}) == len({i for _, i in pairs}) == len(pairs)
    strict, standard, loose, own = CALLED
    for narrow, wide in ((strict, standard), (standard, loose), (own, standard)):
        assert len({(r[narrow], r[wide]) for r in people.values()}) == len(
            {r[narrow] for r in people.values()}
        )


@ANY
@given(two=releases(2))
def test_ids_are_inherited_in_the_order_of_the_records_shared(
    two: list[Groups],
) -> None:
    """As a plain loop over all pairs would do it."""
    with duckdb.connect() as con:
        chain = Chain(con)
        before = chain.add(made(two[0]))
        now = chain.add(made(two[1]))
    clusters = {(str(r["dataset"]), str(r["record_id"])): r for r in made(two[1])}
    for column in CALLED:
        smallest: dict[str, str] = {}
        for (dataset, record), row in clusters.items():
            name, label = f"{dataset}/{record}", str(row[column])
            smallest[label] = min(name, smallest.get(label, name))
        cells = shared(before, {r: {column: smallest[str(c[column])]} for r, c in clusters.items()},
                       column)  # fmt: skip
        heirs: dict[str, str] = {}
        for (id, name), _ in sorted(cells.items(), key=lambda cell: (-cell[1], cell[0])):
            if name not in heirs and id not in heirs.values():
                heirs[name] = id
        for known, row in now.items():
            name = smallest[str(clusters[known][column])]
            assert row[column] == heirs.get(name, f"v2/{name}")


@ANY
@given(two=releases(2))
def test_every_id_before_has_one_fate_and_every_row_says_what_is_so(
    two: list[Groups],
) -> None:
    with duckdb.connect() as con:
        chain = Chain(con)
        before, now = chain.add(made(two[0])), chain.add(made(two[1]))
        for level, column in COLUMNS.items():
            changes = chain.changes(level)
            sizes = [Counter(r[column] for r in people.values()) for people in (before, now)]
            cells = shared(before, now, column)
            fates = Counter(r["before"] for r in changes if r["change"] not in ("split", "new"))
            assert fates == Counter(set(sizes[0]))
            assert {r["now"] for r in changes if r["now"]} == set(sizes[1])
            told = {
                (r["before"], r["now"]): r["records"] for r in changes if r["before"] and r["now"]
            }
            assert told == cells
            assert len(changes) == len({(r["before"], r["now"]) for r in changes})
            for row in changes:
                was, is_now = row["before"], row["now"]
                used = {
                    "retained": was == is_now,
                    "merged": was not in sizes[1] and is_now in sizes[0],
                    "split": was != is_now and None not in (was, is_now),
                    "new": was is None and is_now not in sizes[0],
                    "withdrawn": is_now is None and was not in sizes[1],
                }  # fmt: skip
                assert used[str(row["change"])], row["change"]
                assert row["records_before"] == sizes[0][was]
                assert row["records_now"] == sizes[1][is_now]
            # An id that is new is either wholly so, or was split off.
            for id in set(sizes[1]) - set(sizes[0]):
                assert {r["change"] for r in changes if r["now"] == id} in ({"new"}, {"split"})


@ANY
@given(four=releases(4))
def test_a_retired_id_is_never_used_again(four: list[Groups]) -> None:
    with duckdb.connect() as con:
        chain = Chain(con)
        used = [chain.add(made(groups)) for groups in four]
    for column in CALLED:
        ids = [{str(row[column]) for row in people.values()} for people in used]
        for place in range(1, len(ids)):
            retired = set().union(*ids[:place]) - ids[place]
            assert not retired & set().union(*ids[place:])


@ANY
@given(two=releases(2), seed=st.integers(0, 99))
def test_whoever_is_untouched_keeps_his_id_whatever_happens_to_others(
    two: list[Groups], seed: int
) -> None:
    groups, newcomers = two
    others = {(dataset, f"new {record}"): (f"another {g[0]}", *g[1:])
              for (dataset, record), g in newcomers.items()}  # fmt: skip
    with duckdb.connect() as con:
        chain = Chain(con)
        before = chain.add(made(groups))
        rows = made(groups | others)
        Random(seed).shuffle(rows)
        now = chain.add(rows)
        changes = {row["change"] for level in COLUMNS for row in chain.changes(level)}
    assert {r: [now[r][c] for c in CALLED] for r in before} == {
        r: [before[r][c] for c in CALLED] for r in before
    }
    assert changes <= {"retained", "new"}


@ANY
@given(two=releases(2), seed=st.integers(0, 99))
def test_neither_what_clusters_are_called_nor_the_order_of_rows_matters(
    two: list[Groups], seed: int
) -> None:
    def found(again: bool) -> tuple[dict[Record, Row], list[list[Row]]]:
        with duckdb.connect() as con:
            chain = Chain(con)
            for groups in two:
                rows = made(groups)
                if again:
                    Random(seed).shuffle(rows)
                    rows = [r | {c: str(r[c])[::-1] for c in CALLED} for r in rows]
                people = chain.add(rows)
            return people, [chain.changes(level) for level in COLUMNS]

    once, again = found(False), found(True)
    assert once == again


def test_a_long_row_of_contested_ids_is_settled(chain: Chain) -> None:
    """Each id shares one record with each of two people: the order of names decides, one by one."""
    chain.add(of(**{f"r{n:02}": f"{(n + 1) // 2}" for n in range(16)}))
    chain.add(of(**{f"r{n:02}": f"{n // 2}" for n in range(16)}))
    fates = Counter(row["change"] for row in chain.changes())
    assert fates["retained"] == 8 and fates["merged"] == 1 and not fates["new"]


def test_what_is_told_is_declared(chain: Chain) -> None:
    chain.add(of(a="x"))
    asked = chain.con.execute("DESCRIBE id_changes").fetchall()
    assert {name: kind for name, kind, *_ in asked} == ID_CHANGES
    assert set(CHANGES) == {"retained", "merged", "split", "new", "withdrawn"}
