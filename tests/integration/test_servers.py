"""Are the servers that tests run against the real things?"""

from typing import Any

import psycopg2
import pytest

from datafirst.settings import Settings, settings
from datafirst.store import store


def run(dsn: str, statement: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(dsn)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.mark.parametrize("_again", [False, True])
def test_the_database_is_empty_at_first(database: str, _again: bool) -> None:
    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'mine'"
    assert run(database, tables) == [(0,)]
    run(database, "CREATE SCHEMA mine; CREATE TABLE mine.one (a int)")
    assert run(database, tables) == [(1,)]


def test_stores_are_the_tests_own(s3: Settings) -> None:
    assert settings().bucket_prefix == s3.bucket_prefix
    landing = store("landing", s3)
    landing.put_once("a", b"1")
    assert sorted(landing.keys()) == ["a"]
