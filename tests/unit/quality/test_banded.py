"""Is the precision of a band the share of each record's links that are right, averaged?"""

import duckdb

from datafirst.quality.banded import Banded, banded


def test_each_record_counts_by_its_own_links() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE people AS FROM (VALUES ('a', '1', 'p', 'A'), ('a', '2', 'p', 'A'), "
        "('b', '3', 'p', 'B'), ('b', '4', 'q', NULL)) AS t (dataset, record_id, person_standard, "
        "band)"
    )
    con.execute(
        "CREATE TABLE truth AS FROM (VALUES ('a', '1', 'x'), ('a', '2', 'x'), ('b', '3', 'y'), "
        "('b', '4', 'x')) AS t (dataset, record_id, person_id)"
    )
    found = banded(con, "people", "truth")
    assert found == [
        Banded("", "A", 2, 0.5),
        Banded("", "B", 1, 0.0),
        Banded("a", "A", 2, 0.5),
        Banded("b", "B", 1, 0.0),
    ]
    con.close()
