"""Do the invented tables reach the databases, whole or not at all?"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from adbc_driver_postgresql import dbapi

from datafirst.errors import SourceError
from datafirst.spec import Specification
from datafirst.synthetic.generate import tables
from datafirst.synthetic.load import load


def counted(dsn: str, table: str) -> int:
    with dbapi.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


@pytest.fixture(scope="module")
def chunks(spec: Specification) -> list[tuple[str, pa.Table]]:
    """What is invented of 200 people, and then of 100 more."""
    return list(tables(spec, 300, 2, 200))


@pytest.fixture(scope="module")
def first(chunks: list[tuple[str, pa.Table]]) -> list[tuple[str, pa.Table]]:
    """The first 200 people's part of it."""
    names = [name for name, _ in chunks]
    return chunks[: names.index("truth.journeys") + 1]


DATABASES = ("libra", "xhibit")


def test_rows_are_replaced_whole(
    postgres: str,
    spec: Specification,
    chunks: list[tuple[str, pa.Table]],
    first: list[tuple[str, pa.Table]],
    tmp_path: Path,
) -> None:
    dsns = dict.fromkeys(DATABASES, postgres)
    before = load(iter(first), dsns, tmp_path, spec)
    rows = load(iter(chunks), dsns, tmp_path, spec)
    assert rows["libra.hocas_flatfile"] > max(300, before["libra.hocas_flatfile"])
    for name, number in rows.items():
        assert counted(postgres, name) == number, name
    records = pq.read_table(tmp_path / "records")
    assert records.num_rows > rows["libra.hocas_flatfile"]
    assert len(list((tmp_path / "journeys").glob("*.parquet"))) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journeys", "records"]


def test_what_was_there_stays_when_inventing_fails(
    postgres: str, spec: Specification, first: list[tuple[str, pa.Table]], tmp_path: Path
) -> None:
    dsns = dict.fromkeys(DATABASES, postgres)
    before = load(iter(first), dsns, tmp_path, spec)

    def broken() -> Iterator[tuple[str, pa.Table]]:
        yield from first[:2]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        load(broken(), dsns, tmp_path, spec)
    assert counted(postgres, "libra.hocas_flatfile") == before["libra.hocas_flatfile"]
    assert pq.read_table(tmp_path / "records").num_rows > 0


def test_a_database_that_is_not_there_is_named(spec: Specification, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="libra: cannot connect"):
        load(iter(()), {"libra": "postgresql://127.0.0.1:1/none"}, tmp_path, spec)
