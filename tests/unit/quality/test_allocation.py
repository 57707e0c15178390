"""Are pairs given to strata where error is expected, and enough to every group?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.errors import SpecificationError
from datafirst.quality.allocation import LEAST, allocate, shared
from datafirst.quality.cells import APART, NO_WEIGHT, TOGETHER, UNSEEN, Cell, expected

STANDARDS = {("a", "a"): 8.0, ("a", "b"): 8.0, ("b", "b"): 8.0}
CELLS = st.lists(
    st.tuples(
        st.sampled_from((TOGETHER, APART, UNSEEN)),
        st.integers(-2, 10),
        st.sampled_from((("a", "a"), ("a", "b"), ("b", "b"))),
        st.sampled_from(("sex X", "age 90", "other")),
    ),
    unique=True,
    min_size=1,
    max_size=40,
)


def cell(frame: str, band: int, there: int, group: str = "other", right: str = "a") -> Cell:
    return Cell(frame, band, "a", right, group, 0, there)


@settings(max_examples=60, deadline=None)
@given(CELLS, st.integers(1, 3_000), st.integers(100, 1_500))
def test_exactly_as_many_as_asked_and_no_stratum_without_its_least(
    keys: list[tuple[str, int, tuple[str, str], str]], there: int, asked: int
) -> None:
    cells = [
        Cell(frame, band, left, right, group, i, 1 + (there * (i + 1)) % 3_001)
        for i, (frame, band, (left, right), group) in enumerate(keys)
    ]
    strata = allocate(cells, asked, STANDARDS)
    assert sorted(c for s in strata for c in s.cells) == sorted(cells)
    assert len({s.name for s in strata}) == len(strata)
    assert sum(s.sampled for s in strata) == min(asked, sum(c.there for c in cells))
    assert all(min(LEAST, s.there) <= s.sampled <= s.there for s in strata)
    assert all(len({(c.frame, c.band) for c in s.cells}) == 1 for s in strata)


def test_bands_near_the_threshold_get_most() -> None:
    strata = allocate([cell(TOGETHER, band, 1_000) for band in range(11)], 500, STANDARDS)
    by_band = {s.cells[0].band: s.sampled for s in strata}
    assert max(by_band, key=by_band.__getitem__) in (3, 4)  # 6 to 8, 8 to 10
    assert by_band[4] > by_band[6] > by_band[8] > by_band[10]


def test_the_threshold_is_that_of_the_models_of_those_datasets() -> None:
    weak, strong = cell(TOGETHER, 5, 10), cell(TOGETHER, 5, 10, right="b")
    standards = {("a", "a"): 11.0, ("a", "b"): 3.0}
    assert expected(weak, standards) == pytest.approx(0.5)
    assert expected(strong, standards) == pytest.approx(1 / (1 + 2**-4))
    assert expected(cell(TOGETHER, NO_WEIGHT, 10), standards) == 0.8


def test_half_of_the_pairs_are_divided_among_the_groups() -> None:
    cells = [cell(TOGETHER, 4, 100_000), cell(TOGETHER, 4, 900, "sex X")]
    sampled = {s.group: s.sampled for s in allocate(cells, 400, STANDARDS)}
    assert 100 < sampled["sex X"] < 200


def test_what_is_too_small_is_pooled_within_its_group_first() -> None:
    small = [cell(TOGETHER, 4, 3, "sex X", right) for right in "abcdefgh"]
    large = [cell(TOGETHER, 4, 5_000, "other", right) for right in "ab"]
    names = [s.name for s in allocate([*small, *large], 300, STANDARDS)]
    assert names == [
        "together; 8 to 10; a and a; other",
        "together; 8 to 10; a and b; other",
        "together; 8 to 10; other datasets; sex X",
    ]


def test_what_is_too_small_even_so_is_pooled_with_other_groups() -> None:
    cells = [cell(TOGETHER, 4, 5_000), cell(TOGETHER, 4, 1, "sex X"), cell(TOGETHER, 4, 1, "age 9")]
    strata = allocate(cells, 100, STANDARDS)
    assert [(s.name, s.sampled) for s in strata][1] == (
        "together; 8 to 10; a and a; other groups",
        2,
    )


def test_cells_of_which_each_pair_stands_for_several_count_for_all() -> None:
    few = Cell(UNSEEN, -2, "a", "a", "other", 0, 500, each=100)
    many = Cell(UNSEEN, -3, "a", "a", "other", 1, 500)
    strata = allocate([few, many], 100, STANDARDS)
    assert [s.pairs for s in strata] == [500, 50_000]
    assert strata[1].sampled > strata[0].sampled


def test_fewer_than_the_strata_need_is_refused() -> None:
    cells = [cell(TOGETHER, band, 50) for band in range(8)]
    with pytest.raises(SpecificationError, match=r"10 pairs .* 8 strata need 16"):
        allocate(cells, 10, STANDARDS)


def test_a_total_is_shared_and_what_one_cannot_take_others_do() -> None:
    assert shared(100, [1, 1, 2], [1000, 1000, 1000]) == pytest.approx([25, 25, 50])
    assert shared(100, [1, 1, 2], [10, 1000, 1000]) == pytest.approx([10, 30, 60])
    assert shared(100, [1, 1], [10, 20]) == pytest.approx([10, 20])
    assert shared(100, [0, 1], [10, 1000]) == pytest.approx([0, 100])
