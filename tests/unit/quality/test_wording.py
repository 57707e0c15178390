"""Are columns called as people call them?"""

import pytest

from datafirst.quality.wording import said, together


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("forename1", "Forename 1"),
        ("date_of_birth", "Date of birth"),
        ("date_of_birth_year_month", "Date of birth (year and month)"),
        ("surname_3", "Surname (first 3 letters)"),
        ("noms_number", "NOMS number"),
        ("pnc", "PNC"),
    ],
)
def test_a_column_is_said_in_words(column: str, words: str) -> None:
    assert said(column) == words


def test_several_are_one_phrase() -> None:
    assert together(["forename1", "surname"]) == "Forename 1 and surname"
    assert together(["pnc", "cro"]) == "PNC and CRO"
    assert together(["surname"], ", ") == "Surname"
