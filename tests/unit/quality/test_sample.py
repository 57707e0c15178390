"""Does the sample stand for all pairs: each in one frame, with a chance that is known?"""

from itertools import combinations
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.errors import SpecificationError
from datafirst.link.standardise import parts
from datafirst.quality import search as searching
from datafirst.quality.cells import TOGETHER
from datafirst.quality.frames import frames
from datafirst.quality.sample import COLUMNS, sample
from datafirst.spec import FieldKind

STANDARDS = {("a", "a"): 8.0, ("a", "b"): 8.0, ("b", "b"): 8.0}
RECORDS = {"a": "records_a", "b": "records_b"}
FIELDS = {
    "forename1": FieldKind.NAME,
    "surname": FieldKind.NAME,
    "date_of_birth": FieldKind.DATE_OF_BIRTH,
    "postcode": FieldKind.POSTCODE,
}
FORENAMES, SURNAMES = ("ANNA", "OMAR", "PAUL"), ("SMITH", "SMYTH", "KHAN", "JONES")

Row = dict[str, Any]


def world(rows: list[Row], edges: list[tuple[int, int, float]]) -> duckdb.DuckDBPyConnection:
    """Records of two datasets by their number, with what is known of them; edges between them."""
    con = duckdb.connect(config={"threads": 1})
    derived = ", ".join(
        f"{sql} AS {name}"
        for field, kind in FIELDS.items()
        for name, sql in parts(field, kind).items()
    )
    con.execute("CREATE TABLE r (n INT, dataset TEXT, person TEXT, forename1 TEXT, surname TEXT, "
                "date_of_birth DATE, postcode TEXT, sex TEXT)")  # fmt: skip
    con.executemany(
        "INSERT INTO r VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (n, *(row.get(c) for c in ("dataset", "person", *FIELDS, "sex")))
            for n, row in enumerate(rows)
        ],
    )
    for dataset, table in RECORDS.items():
        con.execute(
            f"CREATE TABLE {table} AS WITH x AS (SELECT n AS _row, 0 AS variant, "
            f"'r' || n AS record_id, * EXCLUDE (n, dataset, person) FROM r "
            f"WHERE dataset = '{dataset}') SELECT *, {derived} FROM x"
        )
    con.execute("CREATE TABLE people AS SELECT dataset, 'r' || n AS record_id, n AS _row, "
                "person AS person_standard FROM r")  # fmt: skip
    con.execute("CREATE TABLE grouped AS SELECT dataset, n AS _row, coalesce(sex, 'not known') AS "
                "sex, 'not known' AS ethnicity, 'not known' AS age, 'London' AS area, '2020' AS "
                "year, 'other' AS naming FROM r")  # fmt: skip
    con.execute("CREATE TABLE e (l INT, r INT, w DOUBLE)")
    if edges:
        con.executemany("INSERT INTO e VALUES (?, ?, ?)", edges)
    con.execute("CREATE TABLE edges AS SELECT l.dataset AS dataset_l, e.l AS _row_l, r.dataset AS "
                "dataset_r, e.r AS _row_r, w AS match_weight, 'm' AS model, "
                "(CASE WHEN w >= 8 THEN 2 ELSE 1 END)::TINYINT AS strength FROM e "
                "JOIN r AS l ON l.n = e.l JOIN r ON r.n = e.r")  # fmt: skip
    return con


def court(people: int = 120) -> duckdb.DuckDBPyConnection:
    """People with three records each, of which the third was not found for every fourth; every
    fifth was taken for somebody else; one in twelve is of a rare group."""
    rows, edges = [], []
    for p in range(people):
        known = {
            "forename1": FORENAMES[p % 3], "surname": SURNAMES[p % 4],
            "date_of_birth": f"19{50 + p % 40}-0{1 + p % 9}-1{p % 8}", "postcode": f"AB{p % 9} 1AA",
            "sex": "X" if p % 12 == 0 else "FM"[p % 2],
        }  # fmt: skip
        for i, dataset in enumerate("aab"):
            who = p - 1 if p % 5 == 4 and i == 0 else p
            who = f"{p}b" if p % 4 == 0 and i == 2 else who
            rows.append({**known, "dataset": dataset, "person": f"p{who}"})
        edges.append((3 * p, 3 * p + 1, 3.0 + p % 20))
        if p % 4:
            edges.append((3 * p + 1, 3 * p + 2, -3.0 + p % 30))
    return world(rows, edges)


def drawn(con: duckdb.DuckDBPyConnection, pairs: int, seed: int) -> list[tuple[Any, ...]]:
    sample(con, RECORDS, pairs, seed, STANDARDS)
    return con.execute("FROM sample").fetchall()


ONE = st.fixed_dictionaries(
    {
        "dataset": st.sampled_from("ab"),
        "person": st.sampled_from("pqrst"),
        "forename1": st.sampled_from((*FORENAMES, None)),
        "surname": st.sampled_from((*SURNAMES, None)),
        "date_of_birth": st.sampled_from(("1980-01-02", "1981-01-02", None)),
        "postcode": st.sampled_from(("AB1 1AA", "AB1 2AA", None)),
        "sex": st.sampled_from(("F", "M", None)),
    }
)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(ONE, min_size=2, max_size=9), st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)))
)
def test_every_pair_is_in_one_frame(rows: list[Row], links: set[tuple[int, int]]) -> None:
    rows = sorted(rows, key=lambda row: row["dataset"])  # numbered as the frames number them
    edges = {tuple(sorted(pair)) for pair in links if max(pair) < len(rows) and pair[0] != pair[1]}
    with world(rows, [(a, b, 5.0) for a, b in sorted(edges)]) as con:
        frames(con, RECORDS, 1, "people", "edges", "grouped")
        found = con.execute("SELECT node_l - 1, node_r - 1, frame FROM sampling_pairs").fetchall()
    expected = set()
    for a, b in combinations(range(len(rows)), 2):
        if rows[a]["person"] == rows[b]["person"]:
            expected.add((a, b, 0))
        elif (a, b) in edges:
            expected.add((a, b, 1))
        elif near(rows[a], rows[b]):
            expected.add((a, b, 2))
    assert sorted(found) == sorted(expected)


def near(one: Row, other: Row) -> bool:
    """Whether the wide search should find them, said in Python."""
    sound = {"SMITH": "S530", "SMYTH": "S530", "KHAN": "K500", "JONES": "J520",
             "ANNA": "A500", "OMAR": "O560", "PAUL": "P400"}  # fmt: skip

    def key(row: Row, name: str) -> tuple[Any, ...]:
        forename, surname = row["forename1"], row["surname"]
        born, home = row["date_of_birth"], row["postcode"]
        return {
            "sound": (sound.get(surname), born and born[:4]),
            "initials": (forename and forename[0], surname and surname[0], home and home[:3]),
            "day": (forename, born and born[5:]),
            "born": (sound.get(forename), born),
            "both": tuple(sorted((sound.get(forename) or "", sound.get(surname) or ""))),
        }[name]

    names = ("sound", "initials", "day", "born", "both")
    return any(all(key(one, n)) and key(one, n) == key(other, n) for n in names)


def test_the_sample_is_what_it_says() -> None:
    with court() as con:
        told = sample(con, RECORDS, 300, 7, STANDARDS)
        columns = con.execute("DESCRIBE sample").fetchall()
        assert {name: kind for name, kind, *_ in columns} == COLUMNS
        ids = con.execute("SELECT pair_id FROM sample ORDER BY pair_id").fetchall()
        assert ids == [(i + 1,) for i in range(300)]
        again = con.execute("SELECT count(DISTINCT (record_id_l, record_id_r)) FROM sample")
        assert again.fetchall() == [(300,)]
        wrong = con.execute(
            "SELECT count(*) FROM sample WHERE together <> (frame = 'together') "
            "OR (frame = 'unseen') AND (match_weight IS NOT NULL OR NOT searched) "
            "OR (frame = 'apart') AND match_weight IS NULL"
        ).fetchall()
        assert wrong == [(0,)]
        double = con.execute("SELECT avg(double_review::INT) FROM sample").fetchall()[0][0]
        left = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'sampling%'"
        )
        assert left.fetchall() == []
    assert told["pairs"] == 300
    assert 0.14 < double < 0.26


def test_pairs_of_a_stratum_stand_for_all_of_it() -> None:
    with court() as con:
        told = sample(con, RECORDS, 250, 3, STANDARDS)
        totals = con.execute(
            "SELECT frame, round(sum(stratum_pairs / stratum_sampled), 6) FROM sample GROUP BY ALL"
        ).fetchall()
        counted = con.execute(
            "SELECT count(*) FROM sample GROUP BY stratum HAVING count(*) <> max(stratum_sampled)"
        ).fetchall()
    assert dict(totals) == {name: frame["pairs"] for name, frame in told["frames"].items()}
    assert counted == []


def test_every_pair_of_a_stratum_has_the_same_chance() -> None:
    """Over many seeds the estimate of something is right, and the lots draw evenly."""
    seeds = 25
    with court(40) as con:
        con.execute("CREATE TABLE drawn (seed INT, l TEXT, r TEXT, stratum TEXT, pi DOUBLE)")
        for seed in range(seeds):
            sample(con, RECORDS, 120, seed, STANDARDS)
            con.execute(
                f"INSERT INTO drawn SELECT {seed}, record_id_l, record_id_r, stratum, "
                "stratum_sampled / stratum_pairs FROM sample"
            )
        # How often each pair was drawn, against how often it should have been.
        square, pairs = con.execute(
            "SELECT sum((n - e) ** 2 / (e * (1 - pi))), count(*) FROM (SELECT count(*) AS n, "
            f"max(pi) AS pi, {seeds} * max(pi) AS e FROM drawn GROUP BY l, r) WHERE pi < 0.99"
        ).fetchall()[0]
    assert pairs > 100
    assert 0.6 < square / pairs < 1.4  # chi-squared over its degrees of freedom


def test_the_same_seed_draws_the_same_pairs_however_rows_are_stored() -> None:
    with court() as con:
        first, other = drawn(con, 200, 1), drawn(con, 200, 2)
        for table in ("people", "edges", "records_a", "records_b", "grouped"):
            con.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table} ORDER BY random()")
        con.execute("SET threads = 2")
        assert drawn(con, 200, 1) == first
    assert len({row[2:6] for row in first} & {row[2:6] for row in other}) < 150


def test_all_pairs_are_drawn_where_more_are_asked_for() -> None:
    with court() as con:
        pairs = {row[2:6] for row in drawn(con, 1_000_000, 1)}
        everything = con.execute("SELECT sum(n) FROM (SELECT max(stratum_pairs) AS n FROM sample "
                                 "GROUP BY stratum)").fetchall()[0][0]  # fmt: skip
        assert len(pairs) == everything


def test_rare_groups_have_strata_of_their_own() -> None:
    with court() as con:
        sample(con, RECORDS, 400, 1, STANDARDS)
        of_group = con.execute(
            "SELECT count(*) FROM sample WHERE stratum LIKE '%; sex X'"
        ).fetchall()[0][0]
        share = con.execute("SELECT avg((sex = 'X')::INT) FROM grouped").fetchall()[0][0]
        strangers = con.execute(
            "SELECT count(*) FROM sample JOIN grouped AS l ON 'r' || l._row = record_id_l "
            "JOIN grouped AS r ON 'r' || r._row = record_id_r "
            "WHERE stratum LIKE '%; sex X' AND l.sex <> 'X' AND r.sex <> 'X' "
            "OR stratum LIKE '%; other' AND (l.sex = 'X' OR r.sex = 'X')"
        ).fetchall()
    assert share < 0.1
    assert of_group > 400 * share * 2
    assert strangers == [(0,)]


def test_a_pair_is_of_a_group_where_its_records_agree() -> None:
    person = {"dataset": "a", "person": "p", "forename1": "ANNA", "surname": "KHAN"}
    sexes = (("F", "F"), ("F", "M"), (None, "M"), (None, None))
    rows = [
        {**person, "person": f"p{i}", "sex": sex} for i, both in enumerate(sexes) for sex in both
    ]
    with world(rows, []) as con:
        sample(con, RECORDS, 100, 1, STANDARDS)
        found = con.execute("SELECT sex FROM sample WHERE together ORDER BY record_id_l").fetchall()
    assert [sex for (sex,) in found] == ["F", "mixed", "M", "not known"]


def test_a_search_too_wide_is_made_for_some_records_and_pairs_stand_for_others() -> None:
    with court() as con:
        whole = sample(con, RECORDS, 5_000, 1, STANDARDS)["frames"]["unseen"]["pairs"]
        told = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "datafirst.quality.frames.search",
                lambda con, records: searching.search(con, records, most_pairs=2_000),
            )
            for seed in range(12):
                told[seed] = sample(con, RECORDS, 5_000, seed, STANDARDS)
    each = told[0]["search"]["one_record_in"]
    estimates = [one["frames"]["unseen"]["pairs"] for one in told.values()]
    assert each > 3
    assert all(estimate % each == 0 for estimate in estimates)
    assert abs(sum(estimates) / len(estimates) - whole) < 0.15 * whole


def test_a_key_that_too_many_share_brings_nobody_together_and_is_counted() -> None:
    rows = [
        {"dataset": "a", "person": f"p{i}", "forename1": "ANNA", "surname": "KHAN"}
        for i in range(8)
    ]
    with world(rows, []) as con:
        frames(con, RECORDS, 1, "people", "edges", "grouped")
        told = searching.search(con, RECORDS, most_in_block=7)
        found = con.execute(f"SELECT count(*) FROM ({searching.found(con, 1)})").fetchall()
    assert told["both names by sound: records left out"] == 8
    assert told["both names by sound: pairs"] == 0
    assert found == [(0,)]


def test_pairs_through_others_are_a_band_of_their_own() -> None:
    rows = [{"dataset": "a", "person": "p"} for _ in range(3)]
    with world(rows, [(0, 1, 9.0), (1, 2, 30.0)]) as con:
        told = frames(con, RECORDS, 1, "people", "edges", "grouped")
    assert {(cell.frame, cell.banded, cell.there) for cell in told.cells} == {
        (TOGETHER, "no weight", 1), (TOGETHER, "8 to 10", 1), (TOGETHER, "20 and over", 1)
    }  # fmt: skip


def test_too_small_a_sample_is_refused() -> None:
    with court() as con, pytest.raises(SpecificationError, match="3 pairs are too few"):
        sample(con, RECORDS, 3, 1, STANDARDS)
