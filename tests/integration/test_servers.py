"""Are the servers that tests run against the real things?"""

import psycopg2

from datafirst.settings import Settings, settings
from datafirst.store import store


def test_postgresql_answers(database: str) -> None:
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0].startswith("test_")


def test_stores_are_the_tests_own(s3: Settings) -> None:
    assert settings().bucket_prefix == s3.bucket_prefix
    landing = store("landing", s3)
    landing.put_once("a", b"1")
    assert sorted(landing.keys()) == ["a"]
