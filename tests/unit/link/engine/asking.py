"""What may be asked of two records in SQL? Conditions at random, over the columns of crossed.py."""

from hypothesis import strategies as st

RELATIONS = ["=", "<>", "!=", "<", "<=", ">", ">="]

EQUALITIES = ["=", "<>", "!=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]

TEXTS = [
    "{}",
    "upper({})",
    "substr({}, 1, 2)",
    "({} || 'a')",
    "coalesce({}, 'ab')",
    "nullif({}, 'ab')",
    "NULLIF(regexp_extract({}, '^[ab]{{1,2}}', 0), '')",
    "CASE WHEN {} = 'a' THEN 'b' ELSE 'é' END",
    "list_transform([{}], lambda x: x || 'b')[-1]",
]

NUMBERS = ["{}", "({} + 1)", "(-{})", "greatest({}, 1)", "CAST(try_cast({} AS VARCHAR) AS DOUBLE)"]

SIMILARITY = ["0", "0.5", "0.7", "0.92", "1", "1.0", "2", "-1", "1e-1", "0.6666666666666666"]
SIMILARITY += ["0.66666666666666663", "(0.25 + 0.25)", "CAST(0.9 AS FLOAT)", "0.8333333333333334"]

DISTANCE = ["0", "1", "2", "3", "-1", "1.5", "1e0", "0.999", "(1 + 1)", "-0.5"]

DIFFERENCE = [*DISTANCE, "0.1", "0.2", "1.4", "31", "366", "31557600.0", "2629800"]

DAYS = ["epoch({})", "epoch(CAST({} AS DATE))", "year({})"]


@st.composite
def _pair(draw: st.DrawFn, columns: list[str], forms: list[str]) -> tuple[str, str]:
    """An expression of one record and one of the other, in either order."""
    first, second = draw(st.sampled_from(["lr", "rl"]))
    own = [f'"{draw(st.sampled_from(columns))}_{side}"' for side in (first, second)]
    made = [draw(st.sampled_from(forms)).format(each) for each in own]
    return made[0], made[1]


@st.composite
def _held(draw: st.DrawFn, measure: str, numbers: list[str]) -> str:
    """A measure held against a number, on either side, or against two or several."""
    says = draw(st.sampled_from([*RELATIONS, "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]))
    one, other = draw(st.sampled_from(numbers)), draw(st.sampled_from(numbers))
    form = st.sampled_from(["{m} {s} {n}"] * 4 + ["{n} {s} {m}", "{m} BETWEEN {n} AND {o}"])
    told = draw(form | st.just("{m} NOT IN ({n}, {o})"))
    return told.format(m=measure, s=says, n=one, o=other)


@st.composite
def _likeness(draw: st.DrawFn) -> str:
    a, b = draw(_pair(["t", "u", "e"], TEXTS))
    how = draw(st.sampled_from(["jaro_similarity", "jaro_winkler_similarity"]))
    return draw(_held(f"{how}({a}, {b})", SIMILARITY))


@st.composite
def _edits(draw: st.DrawFn) -> str:
    a, b = draw(_pair(["t", "u", "written"], TEXTS))
    how = draw(st.sampled_from(["levenshtein", "Damerau_Levenshtein", "editdist3"]))
    return draw(_held(f"{how}({a}, {b})", DISTANCE))


@st.composite
def _difference(draw: st.DrawFn) -> str:
    columns, forms = draw(
        st.sampled_from([(["n", "m"], NUMBERS), (["d"], ["{}"]), (["d", "at"], DAYS)])
    )
    a, b = draw(_pair(columns, forms))
    return draw(_held(f"{draw(st.sampled_from(['abs', '@']))}({a} - {b})", DIFFERENCE))


@st.composite
def _counted(draw: st.DrawFn) -> str:
    a, b = draw(_pair([draw(st.sampled_from(["d", "at"]))], ["{}"]))
    part = draw(st.sampled_from(["year", "Month", "quarter", "day", "hour", "second"]))
    return draw(_held(f"abs(date_diff('{part}', {a}, {b}))", DIFFERENCE))


@st.composite
def _lists(draw: st.DrawFn) -> str:
    a, b = draw(_pair([draw(st.sampled_from(["a", "b"]))], ["{}", "coalesce({}, [])"]))
    length = draw(st.sampled_from(["len", "length", "array_length"]))
    counted = _held(f"{length}(list_intersect({a}, {b}))", DISTANCE)
    has = st.sampled_from([f"list_has_any({a}, {b})", f"{a} && {b}", f"array_has_any({a}, {b})"])
    return draw(counted | has)


@st.composite
def _equality(draw: st.DrawFn) -> str:
    columns, forms = draw(
        st.sampled_from(
            [
                (["t", "u"], TEXTS),
                (["d"], ["{}"]),
                (["n"], ["{}"]),
                (["a"], ["{}"]),
                (["m"], ["{}"]),
            ]
        )
    )
    a, b = draw(_pair(columns, forms))
    says = draw(st.sampled_from(EQUALITIES))
    return draw(st.sampled_from([f"{a} {says} {b}", f"{a} IN ({b}, {b})"]))


_ONE = ['"t_{}" IS NULL', '"c_{}"', '"n_{}" > 1', "\"u_{}\" = 'a'", "\"t_{}\" IN ('a', 'b', NULL)"]
_ONE += ['"n_{}"', 'len("a_{}")', '"c_{0}" AND "n_{0}" > 0', "\"d_{}\" < DATE '2015-01-01'"]

_EITHER = st.builds(str.format, st.sampled_from(_ONE), st.sampled_from("lr"))

_ALWAYS = st.sampled_from(["TRUE", "FALSE", "1 = 1", "CAST(NULL AS BOOLEAN)", "NOT 2 > 1"])

_LEAF = st.one_of(_likeness(), _edits(), _difference(), _counted(), _lists(), _equality())

SAID_OF_ONE = [
    "NOT ({})",
    "({}) IS TRUE",
    "({}) IS NOT TRUE",
    "({}) IS FALSE",
    "({}) IS NOT FALSE",
]
SAID_OF_ONE += [
    "({}) IS NULL",
    "({}) IS NOT NULL",
    "coalesce(({}), false)",
    "coalesce(({}), true)",
]
SAID_OF_ONE += ["({}) = TRUE", "FALSE = ({})", "({}) <> TRUE", "CAST(({}) AS BOOLEAN)"]

CONDITIONS = st.recursive(
    _LEAF | _LEAF | _EITHER | _ALWAYS,
    lambda inner: st.one_of(
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
        st.builds("({}) OR ({}) AND ({})".format, inner, inner, inner),
        st.builds(str.format, st.sampled_from(SAID_OF_ONE), inner),
    ),
    max_leaves=5,
)
"""Conditions that are all understood."""
