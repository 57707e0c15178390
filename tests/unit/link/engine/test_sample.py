"""Are the records sampled that Splink samples?"""

from hypothesis import given
from hypothesis import settings as check
from hypothesis import strategies as st
from splink.internals.em_sampling import resolve_em_sample_threshold

from datafirst.link.engine.conditions import And, Holds, Not
from datafirst.link.engine.learn import _session
from datafirst.link.engine.plan import Rule, rule_of
from datafirst.link.engine.sample import Records, _threshold, alone, of_rule

from .sampling import RECORDS, Record, linked, read
from .test_learn import TYPES, split

HERE = Holds("l", '"a" IS NOT NULL')
THERE = Holds("r", '"a" IS NOT NULL')
OTHER = Not(HERE)
BORN = '"born" IS NULL'


def test_what_is_asked_of_either_record_alone_is_asked_before() -> None:
    whole = alone(Rule(("k",), And((HERE, OTHER, THERE))))
    assert (whole.each, whole.rule) == (('"a" IS NOT NULL',), Rule(("k",), OTHER))
    assert alone(Rule(("k",), HERE)).rule.besides == HERE  # of the left record only
    assert alone(Rule(("k",), And((HERE, THERE)))).rule == alone(Rule(("k",), None)).rule


@check(max_examples=20, deadline=None)
@given(
    link_type=TYPES,
    records=RECORDS,
    cap=st.sampled_from([3.0, 20.0, 1e6]),
    probe=st.sampled_from([0.2, 0.7, 1.0]),
)
def test_the_share_of_records_is_splinks(
    link_type: str, records: list[Record], cap: float, probe: float
) -> None:
    rule = 'l."kind" = r."kind" AND l."name" IS NOT NULL AND r."name" IS NOT NULL'
    with linked(link_type, *split(link_type, records)) as linker:
        asks = _session(linker, rule)._blocking_rule_for_training
        theirs, _, _ = resolve_em_sample_threshold(
            linker=linker, blocking_rule=asks, max_pairs=cap, probe_proportion=probe
        )
        of = Records(linker, read(linker))
        assert _threshold(of, alone(rule_of(asks)), cap, probe) == theirs


def test_only_who_shares_a_key_is_chosen() -> None:
    one = [("ann", None, 1), ("ann", None, 1), ("ann", None, 2), ("bo", None, 3)]
    other = [("ann", None, 2), ("ann", None, 4), ("ann", None, None), ("ann", "x", 2)]
    known = alone(Rule(("kind", '"name"'), And((Holds("l", BORN), Holds("r", BORN)))))
    with linked("link_only", one, other) as linker:
        of = Records(linker, read(linker))
        chosen = of_rule(of, None, known, 1e6, 1.0)
        told = zip(chosen.dataset.tolist(), chosen.column("kind").to_pylist(), strict=True)
        # Splink hears of them in the order of the names of their datasets; two of one are no pair,
        # and cost nothing but the look at them.
        assert list(told) == [(0, 2), (1, 1), (1, 1), (1, 2)]
