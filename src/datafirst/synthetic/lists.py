"""Which names, places, courts and offences are there, and how common is each?

Each list becomes a wheel: a table with as many numbered slots for an item as it is common, so
that a weighted choice is a join on a slot number.
"""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

DATA = Path(__file__).parent / "data"
TABLES = (
    "areas", "courts", "diminutives", "disposals", "ethnicities", "family_courts",
    "movement_reasons", "nationalities",
    "oasys_questions", "offences", "prisons",
)  # fmt: skip
DECADES = tuple(range(1930, 2011, 10))

WHEELS = {
    "surname_wheel": (
        16384,
        "tradition",
        "SELECT tradition, name AS item, 1 / (place + 10) AS weight FROM surnames",
    ),
    "forename_wheel": (
        2048,
        "tradition, sex, decade",
        """SELECT tradition, sex, decade, name AS item,
                  any_value(exp(-((coalesce(peak, decade + 5) - decade - 5) / 11.0) ^ 2) + 0.0005)
                  / min(place + 12) AS weight
           FROM forenames, decades GROUP BY tradition, sex, decade, name, peak""",
    ),
    "area_wheel": (4096, "1", "SELECT 1, area AS item, weight FROM areas"),
    "court_wheel": (64, "area", "SELECT area, court AS item, 1 AS weight FROM courts"),
    "tradition_wheel": (
        1000,
        "profile",
        "SELECT profile, tradition AS item, weight FROM profiles",
    ),
    "ethnicity_wheel": (
        256,
        "tradition",
        "SELECT tradition, self_defined AS item, weight FROM ethnicities",
    ),
    "nationality_wheel": (
        256,
        "tradition",
        "SELECT tradition, nationality AS item, weight FROM nationalities",
    ),
    "offence_wheel": (
        16384,
        "kind",
        """UNPIVOT (SELECT offence_code AS item, adult, youth, sjp, company, extra FROM offences)
           ON adult, youth, sjp, company, extra INTO NAME kind VALUE weight""",
    ),
}
"""Wheel: slots, what it is chosen by, and the items with their weights."""


def lay_out(con: duckdb.DuckDBPyConnection) -> None:
    """Put the lists and their wheels into the connection."""
    for name in TABLES:
        con.execute(f"CREATE TABLE {name} AS FROM read_csv('{DATA / name}.csv', all_varchar=true)")
    for table, column in (("areas", "weight"), ("areas", "districts"), ("ethnicities", "weight")):
        con.execute(f"ALTER TABLE {table} ALTER {column} TYPE INTEGER")
    con.execute("ALTER TABLE nationalities ALTER weight TYPE INTEGER")
    for column in ("adult", "youth", "sjp", "company", "extra"):
        con.execute(f"ALTER TABLE offences ALTER {column} TYPE DOUBLE")
    for column in ("priority", "offence_class"):
        con.execute(f"ALTER TABLE offences ALTER {column} TYPE INTEGER")
    con.execute("ALTER TABLE disposals ALTER result_priority TYPE INTEGER")
    _profiles(con)
    _names(con)
    for name, (slots, by, items) in WHEELS.items():
        con.execute(_wheel(name, slots, by, items))


def _wheel(name: str, slots: int, by: str, items: str) -> str:
    chosen_by = "" if by == "1" else f"{by}, "
    return f"""
        CREATE TABLE {name} AS
        WITH weighed AS ({items}),
        laid AS (
            SELECT *, sum(weight) OVER (PARTITION BY {by} ORDER BY weight DESC, item) AS upto,
                   sum(weight) OVER (PARTITION BY {by}) AS total
            FROM weighed WHERE weight > 0
        )
        SELECT {chosen_by} item,
               unnest(range(round({slots} * (upto - weight) / total)::BIGINT,
                            round({slots} * upto / total)::BIGINT))::INTEGER AS slot
        FROM laid"""


def _profiles(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"""
        CREATE TABLE profiles AS UNPIVOT (FROM '{DATA}/profiles.csv')
        ON COLUMNS(* EXCLUDE profile) INTO NAME tradition VALUE weight""")


def _names(con: duckdb.DuckDBPyConnection) -> None:
    surnames = pa.Table.from_pylist(list(_surnames()))
    forenames = pa.Table.from_pylist(list(_forenames()))
    decades = pa.table({"decade": DECADES})
    for name, table in (("surnames", surnames), ("forenames", forenames), ("decades", decades)):
        con.register("incoming", table)
        con.execute(f"CREATE TABLE {name} AS FROM incoming")
        con.unregister("incoming")
    for place in ("streets", "companies"):
        for row in _rows(place):
            words = [word.replace("_", " ").title() for word in row["words"].split()]
            con.execute(f"SET VARIABLE {place}_{row['place']} = {words!r}")


def _surnames() -> Iterator[dict[str, object]]:
    """Surnames of each tradition, commonest first, with a composed tail of rare ones."""
    listed: dict[str, list[str]] = {}
    for row in _rows("surnames"):
        listed.setdefault(row["tradition"], []).extend(row["names"].split())
    for tradition, names in listed.items():
        every = dict.fromkeys((*names, *_composed("surname", tradition, "")))
        for place, name in enumerate(every):
            yield {"tradition": tradition, "name": name.title(), "place": place}


def _forenames() -> Iterator[dict[str, object]]:
    """Forenames by tradition, sex and the year they were most popular, with a composed tail."""
    composed: set[tuple[str, str]] = set()
    for row in _rows("forenames"):
        who = (row["tradition"], row["sex"])
        names = row["names"].split()
        peak = int(row["peak"]) if row["peak"] else None
        if who not in composed and (peak or 1989) >= 1980:
            composed.add(who)
            names += _composed("forename", *who)
        for place, name in enumerate(dict.fromkeys(names)):
            yield {
                "tradition": row["tradition"],
                "sex": row["sex"],
                "peak": peak,
                "name": name.title(),
                "place": place,
            }


def _composed(kind: str, tradition: str, sex: str) -> list[str]:
    """Names made of a beginning and an end, in an order that mixes both."""
    parts = {
        row["place"]: row["parts"].split()
        for row in _rows("stems")
        if (row["kind"], row["tradition"], row["sex"]) == (kind, tradition, sex)
    }
    pairs = list(itertools.product(parts.get("start", ()), parts.get("end", ())))
    return [start + end for start, end in sorted(pairs, key=lambda p: _mixed(*p))]


def _mixed(start: str, end: str) -> tuple[int, str]:
    """An order that looks mixed and is the same in every process (unlike hash())."""
    return (sum(ord(c) * 31**i for i, c in enumerate(start + "|" + end)) * 7919 % 100003, start)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
