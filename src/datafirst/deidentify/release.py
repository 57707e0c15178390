"""What is a table as it leaves: its specification, and the query that makes it?"""

import re
from collections.abc import Iterable

from datafirst.errors import SpecificationError
from datafirst.spec import Join, Rule, Share, Specification, Table, Treatment, Variable

from .treatments import CHANGES, DERIVED

NULL_TEST = re.compile(r"\b(\w+)\s+IS\s+(?:NOT\s+)?NULL\b", re.IGNORECASE)
WORD = re.compile(r"[a-z_][a-z0-9_]*")


def release(spec: Specification, table: Table) -> tuple[Table, str]:
    """The released table, and the SELECT that makes it from the relation `<share>.<table>`.

    Raises SpecificationError where the key does not leave, or a treatment does not suit.
    """
    leaving = [(v, t) for v in table if (t := spec.treatment(v)) is not Treatment.DROP]
    names = {v.name for v, _ in leaving}
    faults = [
        f"{table.id}.{v.name}: a {v.type} cannot be released as {t}"
        for v, t in leaving
        if v.type not in CHANGES[t].suits
    ]
    faults += [
        f"{table.id}: the key has {c}, which is dropped" for c in table.key if c not in names
    ]
    if faults:
        raise SpecificationError("\n".join(faults))
    kept = {v.name for v, t in leaving if t is Treatment.KEEP}
    released = table.replace(
        (CHANGES[t].describe(v, t) for v, t in leaving),
        rules=tuple(rule for rule in table.rules if _still_holds(rule, table, names, kept)),
        joins=tuple(join for join in table.joins if _still_meets(join, spec, names)),
    )
    columns = ",\n       ".join(f'{CHANGES[t].expression(v)} AS "{v.name}"' for v, t in leaving)
    return released, f'SELECT {columns}\nFROM "{table.group}"."{table.name}" AS {DERIVED}'


def kinds(spec: Specification, share: Share) -> dict[str, list[tuple[str, str]]]:
    """The columns to be pseudonymised, as (relation, column), by what they identify."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, variable in _pseudonymised(spec, share):
        columns = found.setdefault(str(variable.identifies), [])
        columns.append((f'"{share.id}"."{table.name}"', variable.name))
    return dict(sorted(found.items()))


def _pseudonymised(spec: Specification, share: Share) -> Iterable[tuple[Table, Variable]]:
    for table in share.tables.values():
        for variable in table:
            if spec.treatment(variable) is Treatment.PSEUDONYMISE:
                yield table, variable


def _still_holds(rule: Rule, table: Table, names: set[str], kept: set[str]) -> bool:
    """Whether a rule can be told of the released table: it asks only of what left unchanged.

    A test for NULL holds of any treatment that leaves the variable there, but for outward codes.
    """
    tested = {name for name in NULL_TEST.findall(rule.holds) if name in table.variables}
    reduced = {v.name for v in table if v.release is Treatment.OUTWARD_CODE}
    asked = set(WORD.findall(NULL_TEST.sub("", rule.holds))) & set(table.variables)
    return asked <= kept and tested <= names - reduced


def _still_meets(join: Join, spec: Specification, names: set[str]) -> bool:
    """Whether both sides of a join leave."""
    share, table = join.table.split(".")
    there = spec.shares[share].tables[table].variables
    left = all(spec.treatment(there[c]) is not Treatment.DROP for c in join.target if c in there)
    return left and set(join.on) <= names
