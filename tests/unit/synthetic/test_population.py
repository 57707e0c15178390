"""Is the invented population like the one that the sources describe?"""

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pytest

from datafirst.synthetic import generate

Ask = Callable[[str], list[Any]]
CHECK = "ZABCDEFGHJKLMNPQRTUVWXY"


def test_volumes_are_in_proportion(ask: Ask, people: int) -> None:
    cases, companies, sjp, youth = ask("""
        SELECT count(*), avg((defendant_type = 'O')::INTEGER),
        avg((initiation_type = 'J')::INTEGER),
               avg((youth_flag = 'Y')::INTEGER) FROM hocas_flatfile""")
    (crown,) = ask("SELECT count(*) FROM xhb_defendant_on_case")
    (most, fewest, offences) = ask("""
        SELECT max(n), min(n), avg(n) FROM (SELECT count(DISTINCT offence_seq) AS n
        FROM hocas_offence
        GROUP BY case_id, defendant_id)""")
    assert 1.25 < cases / people < 1.45
    assert 0.065 < crown / cases < 0.085
    assert 0.03 < companies < 0.04
    assert 0.08 < sjp < 0.18
    assert 0.05 < youth < 0.12
    assert (fewest, most) == (1, 5)
    assert 1.5 < offences < 2.5


def test_cases_outside_the_coverage_and_obsolete_rows_occur(ask: Ask) -> None:
    early, late, open_cases = ask("""
        SELECT count(*) FILTER (first_hearing_date < DATE '2011-01-01'),
               count(*) FILTER (first_hearing_date > DATE '2020-12-31'),
               count(*) FILTER (final_hearing_date IS NULL) FROM hocas_flatfile""")
    assert min(early, late, open_cases) > 20
    for table in ("defendant_on_case", "defendant_on_offence", "disposal2", "hearing"):
        (obsolete,) = ask(f"SELECT avg((obs_ind = 'Y')::INTEGER) FROM xhb_{table}")
        assert 0.002 < obsolete < 0.05, table


def test_two_records_of_one_person_agree_as_often_as_real_ones(ask: Ask) -> None:
    name, swapped, dob, postcode, district = ask("""
        SELECT avg((f1 = f2 AND s1 = s2)::INTEGER), avg((f1 = s2 AND s1 = f2)::INTEGER),
        avg((d1 = d2)::INTEGER),
               count(*) FILTER (p1 = p2) / count(*),
               count(*) FILTER (p1 <> p2 AND p1[:len(p1) - 3] = p2[:len(p2) - 3]) / count(*)
               FROM pairs""")
    assert name == pytest.approx(0.88, abs=0.03)
    assert swapped == pytest.approx(0.002, abs=0.0015)
    assert dob == pytest.approx(0.948, abs=0.02)
    assert postcode == pytest.approx(0.65, abs=0.05)
    assert district == pytest.approx(0.09, abs=0.04)


def test_dates_of_birth_go_wrong_in_the_known_ways(ask: Ask) -> None:
    digit, years, first, second = ask("""
        SELECT avg((levenshtein(d1::VARCHAR, d2::VARCHAR) = 1)::INTEGER),
               avg((d1 <> d2 AND month(d1) = month(d2) AND day(d1) = day(d2)
               AND abs(year(d1) - year(d2)) <= 5)::INTEGER),
               avg((d1 = DATE '1900-01-01')::INTEGER), avg((d1 = DATE '1970-01-01')::INTEGER)
               FROM pairs""")
    assert digit == pytest.approx(0.02, abs=0.01)
    assert years == pytest.approx(0.013, abs=0.007)
    assert 0.001 < first < 0.006
    assert 0.001 < second < 0.006


def test_names_are_many_and_few_are_common(ask: Ask) -> None:
    surnames, forenames, commonest, rare = ask("""
        WITH s AS (SELECT s, count(DISTINCT person_id) AS n FROM recorded GROUP BY s)
        SELECT count(*), (SELECT count(DISTINCT f) FROM recorded), max(n) / sum(n), count(*)
        FILTER (n = 1) FROM s""")
    assert surnames > 3000
    assert forenames > 1000
    assert 0.005 < commonest < 0.03
    assert rare > surnames / 4


@pytest.mark.parametrize(
    "junk",
    ["MIG_ERROR_%", "NO_SHOW_%", "MC %", "%-%", "% %", "O'%", "AL-%", '"%', "%\n", "SINGH", "KHAN",
     "NOWAK", "MENSAH", "CHEN", "JONES"],
)  # fmt: skip
def test_surname_like(ask: Ask, junk: str) -> None:
    (found,) = ask(
        f"SELECT count(*) FROM recorded WHERE s LIKE '{junk.replace(chr(39), chr(39) * 2)}'"
    )
    assert found


@pytest.mark.parametrize("junk", ["DUPLICATE\\_%", "NOT ENTERED", "%\\\\"])
def test_forename_like(ask: Ask, junk: str) -> None:
    (found,) = ask(f"SELECT count(*) FROM recorded WHERE f LIKE '{junk}' ESCAPE '\\'")
    assert found


def test_twins_shared_addresses_hostels_and_changed_surnames_occur(ask: Ask) -> None:
    twins, shared, crowded, renamed, nowhere = ask("""
        SELECT (SELECT count(*) FROM recorded AS a JOIN recorded AS b ON a.person_id < b.person_id
                AND a.s = b.s AND a.dob = b.dob AND a.p = b.p AND a.f <> b.f),
               (SELECT count(*) FROM (SELECT 1 FROM recorded GROUP BY p, address_line1
               HAVING count(DISTINCT person_id) = 2)),
               (SELECT max(n) FROM (SELECT count(DISTINCT person_id) AS n FROM recorded
                WHERE p NOT LIKE 'NF1%' GROUP BY p, address_line1)),
               (SELECT count(*) FROM pairs WHERE f1 = f2 AND d1 = d2 AND levenshtein(s1, s2) > 4),
               (SELECT count(DISTINCT postcode) FROM recorded WHERE postcode IN ('NF1 1NF',
               'NF1 1FA'))""")
    assert twins > 50
    assert shared > 200
    assert crowded > 3
    assert renamed > 20
    assert nowhere == 2


def test_ethnicity_is_missing_more_and_more(ask: Ask) -> None:
    before, after = ask("""
        SELECT avg((ethnicity_self_defined IS NULL)::INTEGER)
        FILTER (year(first_hearing_date) <= 2011),
               avg((ethnicity_self_defined IS NULL)::INTEGER)
               FILTER (year(first_hearing_date) = 2020)
        FROM recorded WHERE initiation_type <> 'J'""")
    assert before == pytest.approx(0.085, abs=0.03)
    assert after == pytest.approx(0.30, abs=0.04)


def test_police_numbers_have_the_right_check_letter_and_several_forms(ask: Ask) -> None:
    pncs, without_slash, short, cro, placeholder = ask(r"""
        SELECT list(pnc) FILTER (regexp_full_match(pnc, '\d{4}/\d{7}[A-Z]')), count(*)
        FILTER (NOT contains(pnc, '/')),
               count(*) FILTER (regexp_full_match(pnc, '\d{2}/\d+[A-Z]')),
               list(cro) FILTER (regexp_full_match(cro, '\d{6}/\d{2}[A-Z]')
               AND cro <> '000000/00Z'),
               count(*) FILTER (cro = '000000/00Z') FROM recorded""")
    right = [pnc[-1] == CHECK[int(pnc[2:4] + pnc[5:12]) % 23] for pnc in pncs]
    assert sum(right) / len(right) > 0.97
    assert all(c[-1] == CHECK[int(c[7:9] + c[:6]) % 23] for c in cro)
    assert min(without_slash, short, placeholder, len(cro)) > 0
    longest, xhibit = ask(
        "SELECT max(len(pnc_id)) FILTER (pnc_id NOT LIKE '%/%'), count(pnc_id) "
        "FROM xhb_defendant_on_case"
    )
    assert longest == 10
    assert xhibit


@pytest.mark.parametrize("day", ["2021-08-14", "2021-08-15", "2021-08-16"])
def test_nobody_is_in_court_before_they_offend(day: str) -> None:
    """One in eleven million may first do so on the day up to which the sources are read."""
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        con.execute("SET disabled_optimizers = 'join_order'")
        generate.lists.lay_out(con)
        generate._run(con, "draws", seed=1)
        generate._run(con, "references")
        generate._run(con, "population", first=0, last=2_000)
        con.execute(f"UPDATE human SET offending_from = DATE '{day}', dob = DATE '2010-01-01'")
        generate._run(con, "cases")
        first, cases = con.execute(
            "SELECT min(first_hearing), count(*) FROM case_file WHERE NOT is_company AND slot < 32"
        ).fetchall()[0]
    assert cases > 100
    assert first >= date.fromisoformat(day)
