"""Does the engine train a Splink model to the numbers that Splink trains it to?"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as check
from hypothesis import strategies as st
from splink import Linker

from datafirst.link.engine import tally
from datafirst.link.engine.conditions import NotUnderstood
from datafirst.link.engine.learn import _session, learn_m, learn_prior, learn_u, patterns

from .sampling import RECORDS, Record, linked, read

TYPES = st.sampled_from(["dedupe_only", "link_only"])
RULES = st.sampled_from(
    [
        'l."kind" = r."kind"',
        'substr(l."name", 1, 1) = substr(r."name", 1, 1) AND l."kind" = r."kind"',
        'l."born" = r."born" AND l."kind" IS NOT NULL AND r."kind" IS NOT NULL',
        'l."kind" = r."kind" AND l."name" <> r."name"',
        'l."kind" = r."kind" AND l."name" IS NOT NULL',
    ]
)


def split(link_type: str, records: list[Record]) -> list[list[Record]]:
    """One table, or three."""
    if link_type == "dedupe_only":
        return [records]
    return [[*records[n::3], (None, None, None)] for n in range(3)]


def estimates(linker: Linker) -> dict[tuple[str, int], tuple[Any, Any]]:
    return {
        (c.output_column_name, x.comparison_vector_value): (x._m_probability, x._u_probability)
        for c in linker._settings_obj.comparisons
        for x in c.comparison_levels
    }


CERTAIN = st.lists(RULES, min_size=1, max_size=3, unique=True)


@check(max_examples=15, deadline=None)
@given(link_type=TYPES, records=RECORDS, rules=CERTAIN, recall=st.sampled_from([0.2, 0.7, 1.0]))
def test_the_prior_is_splinks(
    link_type: str, records: list[Record], rules: list[str], recall: float
) -> None:
    """A pair that two rules bring together counts once. More than recall allows is an error."""
    found: list[Any] = []
    for ours in (True, False):
        with linked(link_type, *split(link_type, records)) as linker:
            try:
                if ours:
                    learn_prior(linker, read(linker), rules, recall)
                else:
                    linker.training.estimate_probability_two_random_records_match(rules, recall)
                found.append(linker._settings_obj._probability_two_random_records_match)
            except ValueError:
                found.append(ValueError)
    assert found[0] == found[1]


@check(max_examples=15, deadline=None)
@given(link_type=TYPES, records=RECORDS, pairs=st.sampled_from([20, 100, 1e6]))
def test_u_is_splinks(link_type: str, records: list[Record], pairs: float) -> None:
    """Of the same sample, and a level that nobody showed is left as Splink leaves it."""
    found = []
    for ours in (True, False):
        with linked(link_type, *split(link_type, records)) as linker:
            if ours:
                learn_u(linker, read(linker), pairs, 1)
            else:
                linker.training.estimate_u_using_random_sampling(
                    pairs, seed=1, min_count_per_level=None, num_chunks=1
                )
            found.append(estimates(linker))
    assert found[0] == found[1]


@check(max_examples=15, deadline=None)
@given(link_type=TYPES, records=RECORDS, rule=RULES, cap=st.sampled_from([5.0, 30.0, 1e6]))
@example(
    link_type="dedupe_only", records=[("ann", None, 1)] * 40, rule='l."kind" = r."kind"', cap=99
)
def test_patterns_are_splinks(link_type: str, records: list[Record], rule: str, cap: float) -> None:
    """Of the same pairs of the same sample."""
    with linked(link_type, *split(link_type, records)) as linker:
        seen = patterns(linker, read(linker), rule, cap, 0.5)
        session = _session(linker, rule)
        session._max_pairs, session._probe_proportion = cap, 0.5
        theirs = Counter(
            tuple(row[name] for name in sorted(row) if name.startswith("gamma_"))
            for row in session._comparison_vectors().as_record_list()
        )
    names = sorted(seen.levels)
    levels = zip(*(seen.levels[name].tolist() for name in names), strict=True)
    assert dict(zip(levels, seen.pairs.tolist(), strict=True)) == theirs


def several() -> list[Record]:
    names, born = ("ann", "anna", "hannah", "bo"), ("1990-01-02", "1990-02-01", "1960-12-31")
    return [(names[n * n % 4], born[n % 7 % 3], n % 5 % 2 + 1) for n in range(120)]


def trained(link_type: str, ours: bool) -> Any:
    with linked(link_type, *split(link_type, several())) as linker:
        training = linker.training
        if ours:
            learn_u(linker, read(linker), 2e6, 1)
        else:
            training.estimate_u_using_random_sampling(
                2e6, seed=1, min_count_per_level=None, num_chunks=1
            )
        for rule in ('l."kind" = r."kind"', 'l."born" = r."born"'):
            if ours:
                session = learn_m(linker, read(linker), rule, 900, 0.5)
            else:
                session = training.estimate_parameters_using_expectation_maximisation(
                    rule,
                    estimate_without_term_frequencies=True,
                    max_pairs=900,
                    record_sample_proportion=0.5,
                )
        history = session._core_model_settings_history
        priors = [each.probability_two_random_records_match for each in history]
        return linker.misc.save_model_to_json(), priors, len(linker._em_training_sessions)


@pytest.mark.parametrize("link_type", ["dedupe_only", "link_only"])
def test_a_whole_model_is_splinks(link_type: str) -> None:
    """And so is every round on the way there."""
    ours, theirs = trained(link_type, True), trained(link_type, False)
    assert ours[1] == pytest.approx(theirs[1], rel=1e-9) and ours[2] == theirs[2] == 2
    one, other = ours[0].pop("comparisons"), theirs[0].pop("comparisons")
    assert ours[0] == theirs[0]
    assert [*probabilities(one)] == pytest.approx([*probabilities(other)], rel=1e-9)


def probabilities(comparisons: list[dict[str, Any]]) -> Iterator[float]:
    """m and u of every level, -1 where Splink says nothing of it."""
    for comparison in comparisons:
        for level in comparison["comparison_levels"]:
            yield from (level.get(f"{side}_probability", -1.0) for side in "mu")


def test_what_is_not_understood_changes_nothing() -> None:
    with linked("dedupe_only", several(), odd='"name_l" < "name_r"') as linker:
        before = linker.misc.save_model_to_json()
        tables = linker._db_api.duckdb_con.execute("SHOW TABLES").fetchall()
        with pytest.raises(NotUnderstood):
            learn_u(linker, read(linker), 1e6, 1)
        with pytest.raises(NotUnderstood):
            learn_m(linker, read(linker), 'l."kind" = r."kind"', 1e6)
        with pytest.raises(NotUnderstood):
            learn_m(linker, read(linker), 'l."kind" < r."kind"', 1e6)
        assert linker.misc.save_model_to_json() == before
        assert linker._db_api.duckdb_con.execute("SHOW TABLES").fetchall() == tables


def test_neither_threads_nor_parts_change_what_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for threads, at_once in ((1, 250_000), (2, 50)):
        monkeypatch.setattr(tally, "AT_ONCE", at_once)
        with linked("dedupe_only", several()) as linker:
            linker._db_api.duckdb_con.execute(f"SET threads = {threads}")
            learn_u(linker, read(linker), 1e6, None)
            seen = patterns(linker, read(linker), 'l."kind" = r."kind"', 1e6)
            levels = {name: each.tolist() for name, each in seen.levels.items()}
            found.append((estimates(linker), levels, seen.pairs.tolist()))
    assert found[0] == found[1]
