"""Does EM end early only where an estimate would become too small to hold?"""

import pytest

from datafirst.link.em import as_closely_as_possible

SMALL = ValueError("m_probability value 3e-306 is below the minimum allowed value of 1e-300")


def refusing(error: Exception, *refused: float) -> list[float]:
    """Which of three degrees were tried where some are refused."""
    tried: list[float] = []

    def make(still: float) -> list[float]:
        tried.append(still)
        if still in refused:
            raise error
        return tried

    return as_closely_as_possible(make, (1, 2, 3))


@pytest.mark.parametrize(("refused", "tried"), [((), [1]), ((1,), [1, 2]), ((1, 2), [1, 2, 3])])
def test_the_closest_that_can_be_held_is_taken(refused: list[float], tried: list[float]) -> None:
    assert refusing(SMALL, *refused) == tried


def test_where_none_can_be_held_it_fails() -> None:
    with pytest.raises(ValueError, match="below the minimum"):
        refusing(SMALL, 1, 2, 3)


def test_another_failure_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="something else"):
        refusing(ValueError("something else"), 1)
