"""Is a value standardised as the domain asks?"""

import datetime

import pytest
from duckdb import DuckDBPyConnection as Con
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.standardise import parts, standardised
from datafirst.link.steps import CHECK_LETTERS, STEPS
from datafirst.spec import FieldKind, LinkField


def made(con: Con, kind: FieldKind, value: str | None, **more: object) -> str | None:
    field = LinkField(kind=kind, description="A field.", **more)
    found = con.execute(f"SELECT {standardised(field, '$value')}::VARCHAR", {"value": value})
    return found.fetchall()[0][0]


NAMES = [
    (None, None),
    ("", None),
    ("   ", None),
    ("Smith", "SMITH"),
    ("  smith ", "SMITH"),
    ("MIG_ERROR_SMITH", "SMITH"),
    ("NO_SHOW_Jones", "JONES"),
    ("DUPLICATE_MIG_ERROR_Patel", "PATEL"),
    ("DUPLICATE_ Patel", "PATEL"),
    ("NOT ENTERED", None),
    ("not-entered", None),
    ("Unknown", None),
    ("UNKNOWNE", "UNKNOWNE"),
    ("MC DONALD", "MCDONALD"),
    ("Mc Donald", "MCDONALD"),
    ("MCDONALD", "MCDONALD"),
    ("MC", "MC"),
    ("Smith-Jones", "SMITH JONES"),
    ("Smith–Jones", "SMITH JONES"),
    ("O'Brien", "OBRIEN"),
    ("O’Brien", "OBRIEN"),
    ("John P", "JOHN"),
    ("J", None),
    ("J R R Tolkien", "TOLKIEN"),
    ("José", "JOSE"),
    ("Zoë", "ZOE"),
    ("Łukasz", "LUKASZ"),
    ("Søren", "SOREN"),
    ("Strauß", "STRAUSS"),
    ("Æthelred", "AETHELRED"),
    ("Þór", "THOR"),
    ('"Smith"', "SMITH"),
    ("Sm\\ith", "SM ITH"),
    ("Smith\\n", "SMITH"),
    ("Smith\nJones", "SMITH JONES"),
    ("Smith\tJones\r\n", "SMITH JONES"),
    ("SM1TH", "SMTH"),
    ("van  der   Berg", "VAN DER BERG"),
    ("12345", None),
    ("???", None),
]


@pytest.mark.parametrize(("value", "expected"), NAMES)
def test_names(con: Con, value: str | None, expected: str | None) -> None:
    assert made(con, FieldKind.NAME, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1985-03-02", "1985-03-02"),
        ("1900-01-01", None),
        ("1970-01-01", None),
        ("1970-01-02", "1970-01-02"),
        ("1985-02-30", None),
        ("1856-86-18", None),
        ("infinity", None),
        ("0050-01-01", None),
        ("9999-12-31", None),
        ("", None),
        ("junk", None),
        (None, None),
    ],
)
def test_dates_of_birth(con: Con, value: str | None, expected: str | None) -> None:
    assert made(con, FieldKind.DATE_OF_BIRTH, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("SW1A 2BJ", "SW1A 2BJ"),
        ("sw1a2bj", "SW1A 2BJ"),
        (" m1  1ae ", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("CR2 6XH.", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("GIR 0AA", "GIR 0AA"),
        ("NF1 1NF", None),
        ("nf11fa", None),
        ("NF1 1AB", "NF1 1AB"),
        ("SW1A", None),
        ("ZZ99 3VZ", None),
        ("tq1w 8df", "TQ1W 8DF"),
        ("1234", None),
        ("", None),
        (None, None),
    ],
)
def test_postcodes(con: Con, value: str | None, expected: str | None) -> None:
    assert made(con, FieldKind.POSTCODE, value) == expected


def letter(year: int, serial: int, digits: int) -> str:
    return CHECK_LETTERS[int(f"{year % 100:02}{serial:0{digits}}") % 23]


@pytest.mark.parametrize(
    "form", ["{y}/{s:07}{c}", "{y}{s:07}{c}", "{y}/{s}{c}", " {y} / {s:07}{c}"]
)
@pytest.mark.parametrize(("year", "serial"), [(1999, 1234567), (2004, 12), (1974, 700), (2021, 1)])
def test_pnc_numbers_in_long_and_short_forms(con: Con, form: str, year: int, serial: int) -> None:
    check = letter(year, serial, 7)
    canonical = f"{year}/{serial:07}{check}"
    for written in (year, f"{year % 100:02}"):
        assert (
            made(con, FieldKind.PNC, form.format(y=written, s=serial, c=check.lower())) == canonical
        )


@pytest.mark.parametrize(
    "value", ["", None, "NOT KNOWN", "1999/1234567", "99/123A", "1999/0000000Q"]
)
def test_what_is_no_pnc_number(con: Con, value: str | None) -> None:
    assert made(con, FieldKind.PNC, value) is None


def test_a_wrong_check_letter_is_no_pnc_number(con: Con) -> None:
    right = letter(1999, 1234567, 7)
    wrong = next(c for c in CHECK_LETTERS if c != right)
    assert made(con, FieldKind.PNC, f"1999/1234567{right}") is not None
    assert made(con, FieldKind.PNC, f"1999/1234567{wrong}") is None


def test_cro_numbers(con: Con) -> None:
    check = letter(99, 1234, 6)
    assert made(con, FieldKind.CRO, f"1234/99{check}") == f"001234/99{check}"
    assert made(con, FieldKind.CRO, f"001234/99{check.lower()} ") == f"001234/99{check}"
    assert made(con, FieldKind.CRO, f"SF99/1234{check}") == f"SF99/001234{check}"
    wrong = next(c for c in CHECK_LETTERS if c != check)
    assert made(con, FieldKind.CRO, f"001234/99{wrong}") is None
    assert made(con, FieldKind.CRO, "000000/00Z") is None
    assert made(con, FieldKind.CRO, "SF00/000000Z") is None
    assert made(con, FieldKind.CRO, "1234") is None


def test_codes_are_brought_to_one_list(con: Con) -> None:
    recode = {"1": "M", "2": "F", "0": "", "NS": ""}
    given_and_made = {"1": "M", "2": "F", "0": None, "NS": None, " m ": "M", "F": "F", "": None}
    assert {
        v: made(con, FieldKind.CODE, v, recode=recode) for v in given_and_made
    } == given_and_made


def test_references_are_letters_and_digits(con: Con) -> None:
    assert made(con, FieldKind.TEXT, " 01/ab 12345-21 ") == "01AB1234521"
    assert made(con, FieldKind.TEXT, "--") is None


def test_dates_are_standardised_each_and_stand_once_and_in_order(con: Con) -> None:
    """An empty list is null; one that is null stays so."""
    field = LinkField(kind=FieldKind.DATES, description="Days.")
    given_and_made = {
        "[2015-03-02, 2014-01-01, 2015-03-02]": "[2014-01-01, 2015-03-02]",
        "[1900-01-01, 2015-03-02, 1970-01-01, NULL, 9999-12-31]": "[2015-03-02]",
        "[1970-01-01]": None,
        "[]": None,
        None: None,
    }
    for given_, expected in given_and_made.items():
        query = f"SELECT {standardised(field, '$value::DATE[]')}::VARCHAR"
        assert con.execute(query, {"value": given_}).fetchall() == [(expected,)]


ALPHABETS = {
    FieldKind.NAME: r"[A-Z]{2,}( [A-Z]{2,})*",
    FieldKind.DATE_OF_BIRTH: r"[12]\d{3}-\d{2}-\d{2}",
    FieldKind.DATE: r"[12]\d{3}-\d{2}-\d{2}",
    FieldKind.DATES: r"\[[12]\d{3}-\d{2}-\d{2}(, [12]\d{3}-\d{2}-\d{2})*\]",
    FieldKind.POSTCODE: r"[A-Z][A-HJ-Y]?\d[A-Z\d]? \d[A-Z]{2}|GIR 0AA",
    FieldKind.PNC: r"\d{4}/\d{7}[A-Z]",
    FieldKind.CRO: r"\d{6}/\d{2}[A-Z]|SF\d{2}/\d{6}[A-Z]",
    FieldKind.CODE: r"(?s).+",
    FieldKind.TEXT: r"[A-Z0-9]+",
}
DIRT = st.text(
    alphabet=st.one_of(
        st.sampled_from("ABCMZabcmz019/-_' .\\\"\nnrtÆßØþéŁ"), st.characters(codec="utf-8")
    ),
    max_size=24,
)
SHAPED = st.one_of(
    st.from_regex(r"(MIG_ERROR_)?M[cC] ?[A-Za-z]{0,6}[- ']?[A-Z]?", fullmatch=True),
    st.from_regex(r"[0-9]{2}([0-9]{2})?/?[0-9]{1,7}[A-Z]", fullmatch=True),
    st.from_regex(r"(SF[0-9]{2}/)?[0-9]{1,6}(/[0-9]{2})?[A-Z]", fullmatch=True),
    st.from_regex(r"[a-zA-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", fullmatch=True),
    st.dates().map(str),
)


@pytest.mark.parametrize("kind", list(STEPS))
@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.one_of(DIRT, SHAPED), min_size=1, max_size=20))
def test_any_value_gives_the_alphabet_and_twice_is_once(
    con: Con, kind: FieldKind, values: list[str]
) -> None:
    field = LinkField(kind=kind, description="A field.")
    once = standardised(field, "[value, value]" if kind is FieldKind.DATES else "value")
    query = (
        f"SELECT count(*) FILTER (WHERE once IS DISTINCT FROM {standardised(field, 'once')}), "
        "count(*) FILTER (WHERE NOT regexp_full_match(once::VARCHAR, $alphabet)) FROM "
        f"(SELECT {once} AS once FROM (SELECT replace(unnest($values), chr(0), '') AS value))"
    )
    con.execute(query, {"values": values, "alphabet": ALPHABETS[kind]})
    assert con.fetchall() == [(0, 0)]


def test_parts_are_derived_from_the_standardised_value(con: Con) -> None:
    value = {
        FieldKind.NAME: "'MCDONALD'",
        FieldKind.DATE_OF_BIRTH: "DATE '1985-03-02'",
        FieldKind.DATES: "[DATE '1985-03-02', DATE '1990-02-01']",
        FieldKind.POSTCODE: "'SW1A 2BJ'",
    }
    found = {
        column: con.execute(f"SELECT {sql} FROM (SELECT {value[kind]} AS f)").fetchall()[0][0]
        for kind in value
        for column, sql in parts("f", kind).items()
    }
    assert found == {
        "f_initial": "M",
        "f_3": "MCD",
        "f_soundex": "M235",
        "f_year": 1985,
        "f_year_month": "1985-03",
        "f_day_month": "02-03",
        "f_last": datetime.date(1990, 2, 1),
        "f_sector": "SW1A 2",
        "f_district": "SW1A",
        "f_area": "SW",
    }
