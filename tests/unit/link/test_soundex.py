"""Do names that sound alike have one code, as the US National Archives write it?"""

import pytest
from duckdb import DuckDBPyConnection as Con
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.link.soundex import soundex

DIGITS = {
    letter: digit
    for digit, letters in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1)
    for letter in letters
}


def codes(con: Con, names: list[str | None]) -> list[str | None]:
    query = f"SELECT {soundex('n')} FROM (SELECT unnest($names::VARCHAR[]) AS n)"
    return [row[0] for row in con.execute(query, {"names": names}).fetchall()]


def by_hand(name: str) -> str:
    """Letter by letter, as the rules are told to clerks."""
    letters = name.replace(" ", "")
    code, last = letters[0], DIGITS.get(letters[0])
    for letter in letters[1:]:
        digit = DIGITS.get(letter)
        if digit and digit != last:
            code += str(digit)
        if letter not in "HW":  # a vowel parts two letters of one digit; H and W do not
            last = digit
    return f"{code}000"[:4]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ROBERT", "R163"),
        ("RUPERT", "R163"),
        ("RUBIN", "R150"),
        ("TYMCZAK", "T522"),
        ("PFISTER", "P236"),
        ("HONEYMAN", "H555"),
        ("ASHCRAFT", "A261"),
        ("ASHCROFT", "A261"),
        ("WASHINGTON", "W252"),
        ("JACKSON", "J250"),
        ("GUTIERREZ", "G362"),
        ("LEE", "L000"),
        ("VAN DEUSEN", "V532"),
        (None, None),
    ],
)
def test_published_examples(con: Con, name: str | None, code: str | None) -> None:
    assert codes(con, [name]) == [code]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.from_regex(r"[A-Z]( ?[A-Z]){0,11}", fullmatch=True), min_size=1, max_size=40))
def test_any_name_is_coded_as_by_hand(con: Con, names: list[str]) -> None:
    assert codes(con, names) == [by_hand(name) for name in names]
