"""A small population, invented once, that the tests look at from every side."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from datafirst.settings import PROJECT
from datafirst.spec import Specification
from datafirst.spec.load import load
from datafirst.synthetic.generate import tables

Invent = Callable[[int, int, int], dict[str, pa.Table]]


@pytest.fixture(scope="session")
def spec() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture(scope="session")
def people() -> int:
    return 20_000


@pytest.fixture(scope="session")
def invented(spec: Specification) -> Invent:
    """Invents: people, seed, chunk -> every table whole."""
    return lambda people, seed, chunk: _whole(spec, people, seed, chunk)


def _whole(spec: Specification, people: int, seed: int, chunk: int) -> dict[str, pa.Table]:
    parts: dict[str, list[pa.Table]] = {}
    for name, table in tables(spec, people, seed, chunk):
        parts.setdefault(name, []).append(table)
    return {name: pa.concat_tables(part) for name, part in parts.items()}


@pytest.fixture(scope="session")
def population(invented: Invent, people: int) -> dict[str, pa.Table]:
    return invented(people, 1, people)


@pytest.fixture(scope="session")
def ask(population: dict[str, pa.Table]) -> Iterator[Callable[[str], list[Any]]]:
    """The first row of a query's answer, asked of the population's tables by their bare names."""
    con = duckdb.connect()
    for name, table in population.items():
        con.register("incoming", table)
        con.execute(f"CREATE TABLE {name.split('.')[1]} AS FROM incoming")
        con.unregister("incoming")
    con.execute("""
        CREATE TABLE recorded AS
        SELECT person_id, l.*, try_strptime(defendant_dob, '%d/%m/%Y')::DATE AS dob,
               upper(forename1) AS f, upper(surname) AS s, upper(replace(postcode, ' ', '')) AS p
        FROM (SELECT DISTINCT * FROM hocas_flatfile) AS l
        JOIN records ON dataset = 'magistrates' AND record_id = concat_ws('/', case_id,
        defendant_id)
        WHERE person_id IS NOT NULL""")
    con.execute("""
        CREATE TABLE pairs AS
        SELECT a.f AS f1, b.f AS f2, a.s AS s1, b.s AS s2, a.dob AS d1, b.dob AS d2, a.p AS p1,
        b.p AS p2
        FROM recorded AS a JOIN recorded AS b
        ON a.person_id = b.person_id AND a.defendant_id < b.defendant_id
        QUALIFY row_number() OVER (PARTITION BY a.person_id ORDER BY a.defendant_id,
        b.defendant_id) = 1""")
    yield lambda query: list(con.execute(query).fetchall()[0])
    con.close()
