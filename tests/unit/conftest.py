"""A small court, released: its specification, its tables as they leave, and 1,200 invented rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import pytest

from datafirst.catalogue import Subject, observe, page, workbook
from datafirst.catalogue.linkage import publishable
from datafirst.deidentify import release
from datafirst.package import assemble
from datafirst.package.manifest import INPUTS
from datafirst.quality.provided import completeness_of
from datafirst.quality.section import Section
from datafirst.spec import Recipient, Release, Share, Specification, Table, load

CONFIG = Path(__file__).parent / "court" / "config"
ROWS = {
    "defendant": """
        SELECT translate(substr(md5(i::VARCHAR), 1, 18), '0123456789abcdef', 'BCDFGHJKLMNPQRST')
                 AS number,
               CASE WHEN i % 6 = 0 THEN NULL WHEN i = 7 THEN 'I' WHEN i % 5 = 0 THEN 'F' ELSE 'M'
               END AS sex,
               CASE WHEN i % 50 = 49 THEN NULL ELSE DATE '2011-01-03' + (i % 1000)::INTEGER END
                 AS heard,
               CASE i % 3 WHEN 0 THEN 'said "no", & <left>' WHEN 1 THEN '' END AS note
        FROM range(1200) AS t(i)
    """,
    "offence": """
        SELECT number, sequence,
               CASE WHEN sequence = 1 THEN (12.5 * (1 + length(note)) + 0.1)::DOUBLE END AS fine,
               sequence = 1 AS guilty
        FROM defendant, range(1, 3) AS t(sequence)
        WHERE heard < DATE '2012-06-01'
    """,
}


REPORTED = (
    completeness_of(
        [("court", "surname", 1203, 1203), ("court", "sex", 1203, 7), ("prison", "sex", 99, 80)]
    ),
    Section(
        "Match weights: people",
        "What agreement weighs.",
        ("Model", "Level", "Match weight"),
        (("people", "same surname", 12.345), ("people", "at random", None)),
        published=True,
    ),
    Section(
        "Match weights: others",
        "What agreement weighs.",
        ("Model", "Level", "Match weight"),
        (("others", "same surname", 3.5),),
        published=True,
    ),
    Section("Sizes of people", "How many.", ("Records", "People"), (("1", 1204),), published=True),
)
"""What a report says of the court's linkage, and of others'."""


@dataclass(frozen=True)
class Court:
    """The court's share, as it leaves."""

    spec: Specification

    @property
    def share(self) -> Share:
        return self.spec.shares["court"]

    @property
    def release(self) -> Release:
        return self.spec.releases["2022-02"]

    @property
    def recipient(self) -> Recipient:
        return self.spec.recipients["safe_room"]

    @cached_property
    def tables(self) -> dict[str, Table]:
        return {name: release(self.spec, table)[0] for name, table in self.share.tables.items()}

    def connect(self, order_by: str = "ALL") -> duckdb.DuckDBPyConnection:
        """A database with the released rows in tables of their names."""
        con = duckdb.connect()
        for name, rows in ROWS.items():
            con.execute(f"CREATE TABLE {name} AS FROM ({rows}) ORDER BY {order_by}")
        return con

    def subject(self, con: duckdb.DuckDBPyConnection) -> Subject:
        known = [publishable(section) for section in REPORTED]
        return observe(con, self.spec, self.share, self.release, self.recipient, self.tables, known)


@pytest.fixture(scope="session")
def court() -> Court:
    return Court(load(CONFIG))


@pytest.fixture(scope="session")
def made(court: Court, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the court's package, whole. Copy it before changing anything."""
    return make_package(court, tmp_path_factory.mktemp("made") / "package")


@pytest.fixture(scope="session")
def make() -> Callable[..., Path]:
    """make_package, for a test that makes its own."""
    return make_package


def make_package(court: Court, folder: Path, threads: int = 2, order_by: str = "ALL") -> Path:
    """The court's package in a folder."""
    (folder / "catalogue").mkdir(parents=True)
    with court.connect(order_by) as con:
        con.execute(f"SET threads = {threads}")
        subject = court.subject(con)
        workbook(subject, folder / "catalogue" / "catalogue.xlsx")
        (folder / "catalogue" / "catalogue.html").write_text(page(subject), encoding="utf-8")
        assemble(
            con, court.spec, court.share, court.release, court.recipient, court.tables,
            "0123456789ab", dict.fromkeys(INPUTS, "0" * 64), folder,
        )  # fmt: skip
    return folder
