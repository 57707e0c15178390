"""The methodology page says what the tests of tests/spec say, in their order, and nothing else."""

import pytest

from datafirst.errors import SpecificationError
from datafirst.methodology import render

AGES = '''"""How old people are.

Ages are given in whole years.
"""


def helper():
    """Not a rule."""


def test_month():
    """An age is worked out from the month of birth,
    never from the day.

    So nobody can work the day out.
    """


class TestUnknown:
    """When the date of birth is missing."""

    def test_missing(self):
        """Nobody without a date of birth has an age."""
'''


@pytest.fixture
def tests(tmp_path):
    folder = tmp_path / "spec"
    folder.mkdir()
    (folder / "test_ages.py").write_text(AGES)
    (folder / "conftest.py").write_text('"""Not a section."""\n')
    return folder


def test_a_section_for_each_module_and_a_line_for_each_rule(tests):
    assert render(tests).partition("## ")[2] == (
        "How old people are\n\n"
        "Ages are given in whole years.\n\n"
        "- An age is worked out from the month of birth, never from the day.\n"
        "  So nobody can work the day out.\n\n"
        "### When the date of birth is missing\n\n"
        "- Nobody without a date of birth has an age.\n"
    )


def test_a_test_that_states_no_rule_is_named(tests):
    (tests / "test_silent.py").write_text('"""Silence."""\n\n\ndef test_quiet():\n    pass\n')
    with pytest.raises(SpecificationError, match=r"test_silent\.py:4: test_quiet"):
        render(tests)
