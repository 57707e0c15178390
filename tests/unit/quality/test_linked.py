"""Is it told rightly who was linked, what was known of them, and who could not be linked?"""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.quality.linked import by_band, difference, linked_groups
from datafirst.quality.provided import candidates, completeness, mended
from datafirst.quality.unlinkable import unlinkable

from .pretended import Pretended, pretended, specification


@pytest.fixture(scope="module")
def made() -> Iterator[Pretended]:
    found = pretended(specification())
    yield found
    found.con.close()


def test_fields_are_known_in_so_many_records_written_in_the_main_way() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE r AS SELECT * FROM (VALUES (0, 'A', 'B'), (0, 'A', NULL), (1, 'C', 'D'), "
        "(0, NULL, NULL), (0, 'E', NULL)) t(variant, surname, pnc)"
    )
    section = completeness(con, {"crown": "r"}, ["surname", "pnc"])
    assert section.rows == (
        ("crown", "Surname", 4, 3, 0.75),
        ("crown", "PNC", 4, 1, 0.25),
    )


def test_what_cleaning_mended_stands_beside_the_records_it_is_of() -> None:
    found = {"crown": {"forename1": {"single letters are dropped": 3}}}
    assert mended(found, {"crown": 12}).rows == (
        ("crown", "Forename 1", "single letters are dropped", 3, 0.25),
    )


def test_candidate_pairs_are_told_by_model_and_rule() -> None:
    section = candidates({"crown": {"surname_3, date_of_birth_year": 7}, "family": {}})
    assert section.rows == (("crown", "Surname (first 3 letters), date of birth (year)", 7),)
    assert candidates({}).chart is None


def test_records_that_do_not_reach_a_threshold_by_themselves_are_counted() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE a AS SELECT 'crown' AS dataset, unnest([3.9, 4.0, 8.0, 13.9]) AS match_weight"
    )
    models = {"crown": specification().linkage.models["crown"]}
    limits = models["crown"].thresholds
    assert limits is not None and (limits.strict, limits.standard, limits.loose) == (14, 8, 4)
    assert unlinkable(con, models, {"crown": "a"}).rows == (
        ("crown", "crown", "strict", 4, 4, 1.0),
        ("crown", "crown", "standard", 4, 2, 0.5),
        ("crown", "crown", "loose", 4, 1, 0.25),
    )


def test_a_record_is_linked_whose_person_is_in_another_data_set(made: Pretended) -> None:
    """Of the magistrates' records 0 to 79 share a person with one of the Crown Court's 0 to 39;
    every second is a woman's."""
    rows = {row[:3]: row[3:] for row in linked_groups(made.con).rows}
    assert rows["magistrates", "sex", "female"][:4] == (100, 40, 60, 0.4)
    assert rows["magistrates", "sex", "male"][:4] == (100, 40, 60, 0.4)
    assert rows["magistrates", "sex", "male"][4] == 0.0
    assert rows["crown", "sex", "female"][:3] == (30, 20, 10)
    assert rows["crown", "sex", "female"][4] is None  # of 20 unlinked records nothing is said


def test_a_difference_is_of_counts_as_they_are_published() -> None:
    """Groups of 104, of whom 4 more or fewer are linked, are not told apart by it."""
    con = duckdb.connect()

    def apart(linked: int) -> list[object]:
        con.execute(
            "CREATE OR REPLACE TABLE people AS SELECT 'crown' AS dataset, i AS _row, "
            "if(i % 300 < $linked AND i < 300 OR i >= 300 AND i < 480, i // 2 + i // 300, -i) AS "
            "person_standard FROM range(600) t(i)",
            {"linked": linked},
        )
        con.execute(
            "CREATE OR REPLACE TABLE grouped AS SELECT 'crown' AS dataset, i AS _row, "
            "if(i < 300, 'female', 'male') AS sex, 'x' AS ethnicity, 'x' AS age, 'x' AS area, "
            "'x' AS year, 'x' AS naming FROM range(600) t(i)"
        )
        return [row[-1] for row in linked_groups(con).rows if row[1] == "sex"]

    assert apart(96) == apart(98) == apart(104) != apart(120)


def test_where_there_is_one_data_set_a_record_is_linked_to_another_record(made: Pretended) -> None:
    made.con.execute("CREATE VIEW alone AS FROM people WHERE dataset = 'magistrates'")
    rows = {row[:3]: row[3:] for row in linked_groups(made.con, "alone").rows}
    assert rows["magistrates", "sex", "female"][:3] == (100, 50, 50)


def test_a_standardised_difference_is_in_standard_deviations() -> None:
    assert difference((50, 100), (50, 100)) == 0.0
    assert difference((60, 100), (50, 100)) == pytest.approx(0.1 / (0.245**0.5), abs=1e-4)
    assert difference((600, 1000), (500, 1000)) == difference((60, 100), (50, 100))
    assert difference((5, 29), (50, 100)) is None
    assert difference((100, 100), (100, 100)) is None


def test_groups_stand_from_the_youngest_and_last_what_is_not_known(made: Pretended) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE people AS SELECT 'crown' AS dataset, i AS _row, i AS "
                "person_standard FROM range(5) t(i)")  # fmt: skip
    ages = ["not known", "60 and over", "under 18", "18 to 24", "25 to 39"]
    con.execute(
        "CREATE TABLE grouped AS SELECT 'crown' AS dataset, i AS _row, 'x' AS sex, 'x' AS "
        "ethnicity, $ages[i + 1] AS age, 'x' AS area, 'x' AS year, 'x' AS naming "
        "FROM range(5) t(i)",
        {"ages": ages},
    )
    told = [row[2] for row in linked_groups(con).rows if row[1] == "age"]
    assert told == ["under 18", "18 to 24", "25 to 39", "60 and over", "not known"]


def test_records_are_counted_by_band_and_those_alone_have_none(made: Pretended) -> None:
    rows = {row[:2]: row[2:] for row in by_band(made.con).rows}
    assert [rows["crown", band] for band in "ABCD"] == [(10, 60, 0.1667)] * 4
    assert rows["crown", "not linked"] == (20, 60, 0.3333)
