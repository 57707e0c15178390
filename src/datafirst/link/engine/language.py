"""Which tree of conditions does the SQL of a comparison, a blocking rule or a veto stand for?

What reads one record only is left to DuckDB, which answers it once for each record. What is asked
across two records must be known here, with the answers of SQL to the last null; else it is
NotUnderstood.
"""

from .conditions import (
    And,
    Condition,
    Equal,
    Holds,
    IsTrue,
    NotUnderstood,
    Or,
    Shared,
    all_of,
    any_of,
    none_of,
)
from .measures import MIRRORED, Bound, held, measured
from .sides import across, said_of_record, sided, sides
from .syntax import Node, arguments, called, number, truth

_COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
    "COMPARE_DISTINCT_FROM": "IS DISTINCT FROM",
    "COMPARE_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM",
}

_SHARED = ("list_has_any", "array_has_any", "&&")


def condition(sql: str) -> Condition:
    """The tree of a condition: true where the condition is, and nowhere else. NotUnderstood where
    there is none. A tree that is not true may be null where the condition is false, because it
    makes no difference to a level, a rule or a veto; below a NOT it does, and is kept."""
    return _tree(sided(sql), fully=False)


def keys(sql: str) -> tuple[tuple[Equal, ...], Condition | None]:
    """The equalities that all pairs of a blocking rule have, and what else is asked of them."""
    whole = condition(sql)
    asked = whole.parts if isinstance(whole, And) else (whole,)
    equal = tuple(each for each in asked if isinstance(each, Equal))
    besides = all_of(*(each for each in asked if not isinstance(each, Equal)))
    return equal, None if besides == And(()) else besides


def _tree(node: Node, fully: bool) -> Condition:
    """The tree of a part that is a condition itself. `fully`: false and null are told apart."""
    read = sides(node)
    if not read:
        said = truth(node)
        return Holds("l", "CAST(NULL AS BOOLEAN)") if said is None else _always(said)
    if len(read) == 1:
        return Holds(read.pop(), said_of_record(node))
    match node["class"]:
        case "CONJUNCTION":
            each = [_tree(child, fully) for child in node["children"]]
            return all_of(*each) if node["type"] == "CONJUNCTION_AND" else any_of(*each)
        case "COMPARISON":
            return _comparison(_COMPARISONS[node["type"]], node["left"], node["right"], fully)
        case "BETWEEN":
            lower = _comparison(">=", node["input"], node["lower"], fully)
            return all_of(lower, _comparison("<=", node["input"], node["upper"], fully))
        case "OPERATOR":
            return _operator(node, fully)
        case "CAST" if node["type_expr"]["type_name"].upper() in ("BOOLEAN", "BOOL"):
            return _tree(node["child"], fully)
    return _in_common(node)


def _always(said: bool) -> Condition:
    return And(()) if said else Or(())


def _operator(node: Node, fully: bool) -> Condition:
    asked, *rest = node["children"]
    match node["type"]:
        case "OPERATOR_NOT":
            return none_of(_tree(asked, fully=True))
        case "OPERATOR_IS_NULL":
            return none_of(_is_known(asked))
        case "OPERATOR_IS_NOT_NULL":
            return _is_known(asked)
        case "COMPARE_IN":
            return any_of(*(_comparison("=", asked, each, fully) for each in rest))
        case "OPERATOR_COALESCE" if len(rest) == 1:
            match _literal(rest[0]):
                case False:
                    return _is(asked, True)
                case True:
                    return none_of(_is(asked, False))
    raise NotUnderstood(node["type"])


def _is(node: Node, said: bool) -> Condition:
    """Whether a condition is known to be true, or known to be false."""
    return IsTrue(_tree(node, fully=False) if said else none_of(_tree(node, fully=True)))


def _is_known(node: Node) -> Condition:
    return any_of(_is(node, True), _is(node, False))


def _literal(node: Node) -> bool | None:
    """TRUE or FALSE, if that is all it is."""
    literal = node.get("literal", {})
    return literal["text"] == "true" if literal.get("kind") == "BOOLEAN" else None


def _comparison(says: str, first: Node, second: Node, fully: bool) -> Condition:
    """One part held against another."""
    found = across(first, second)
    if found:
        return _of_records(says, *found)
    if sides(first) and sides(second):
        raise NotUnderstood(f"{_name(first)} {says} {_name(second)}")
    if sides(second):
        first, second, says = second, first, MIRRORED.get(says, says)
    return _with_constant(says, first, second, fully)


def _of_records(says: str, left: str, right: str) -> Condition:
    equal = Equal(left, right)
    neither = all_of(Holds("l", f"({left} IS NULL)"), Holds("r", f"({right} IS NULL)"))
    match says:
        case "=":
            return equal
        case "<>":
            return none_of(equal)
        case "IS NOT DISTINCT FROM":
            return any_of(IsTrue(equal), neither)
        case "IS DISTINCT FROM":
            return none_of(any_of(IsTrue(equal), neither))
    raise NotUnderstood(f"one record's value {says} the other's")


def _with_constant(says: str, asked: Node, constant: Node, fully: bool) -> Condition:
    said = _literal(constant)
    if says in ("IS DISTINCT FROM", "IS NOT DISTINCT FROM"):
        same = (
            IsTrue(_with_constant("=", asked, constant, False))
            if said is None
            else _is(asked, said)
        )
        return same if says == "IS NOT DISTINCT FROM" else none_of(same)
    if said is not None and says in ("=", "<>"):
        return _tree(asked, fully) if said == (says == "=") else none_of(_tree(asked, True))
    measure = measured(asked)
    if measure is None:
        raise NotUnderstood(_name(asked))
    return held(measure, says, Bound(*number(constant)), fully)


def _in_common(node: Node) -> Condition:
    """Whether two lists share a value: the one function of both records that is a condition."""
    asked = arguments(node) if called(node, *_SHARED) else []
    found = across(*asked) if len(asked) == 2 else None
    if not found:
        raise NotUnderstood(_name(node))
    return Shared(*found, 1)


def _name(node: Node) -> str:
    """What a part that is not understood is called: its function or its form, never a value."""
    name: str = node.get("function_name") or node["class"]
    return name
