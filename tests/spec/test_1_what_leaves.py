"""What leaves, and what never does

Every variable has a role, and the role decides what may become of it. There is no default role.
"""

import pytest

from datafirst.deidentify import release
from datafirst.disclose import closed
from datafirst.errors import DisclosureRefused
from datafirst.spec import Role, Specification, Table, Treatment, Type, Variable


def released(spec: Specification) -> list[tuple[Table, Table]]:
    return [(t, release(spec, t)[0]) for s in spec.shares.values() for t in s.tables.values()]


def test_direct_identifiers_never_leave(spec: Specification) -> None:
    """Names, addresses and police numbers never leave."""
    assert spec.policy[Role.DIRECT_IDENTIFIER] == (Treatment.DROP,)
    for table, leaving in released(spec):
        named = {v.name for v in table if v.role is Role.DIRECT_IDENTIFIER}
        assert not named & set(leaving.variables), table.id


def test_internal_numbers_are_replaced(spec: Specification) -> None:
    """Numbers of cases, defendants, rows and estimated people are replaced by pseudonyms."""
    assert Treatment.KEEP not in spec.policy[Role.INTERNAL_ID]
    for table, leaving in released(spec):
        for variable in leaving:
            if table.variables[variable.name].role is Role.INTERNAL_ID:
                assert spec.treatment(table.variables[variable.name]) is Treatment.PSEUDONYMISE


def test_dates_of_birth_and_postcodes_do_not_leave(spec: Specification) -> None:
    """Dates of birth and postcodes are there to link on; neither is in any share, in any form."""
    linked = {
        f"{t.id}.{v.name}"
        for s in spec.systems.values()
        for t in s.tables.values()
        for v in t
        if v.links_as in ("date_of_birth", "postcode")
    }
    assert linked
    for _, leaving in released(spec):
        assert not linked & {v.source for v in leaving}, leaving.id


def test_sex_and_ethnicity_are_kept(spec: Specification) -> None:
    """Sex and ethnicity are given as recorded, with their codes."""
    leaving = {t.id: t for _, t in released(spec)}["magistrates.defendant_case"]
    assert leaving.variables["defendant_sex"].codes
    assert leaving.variables["ethnicity_self_defined"].codes


def test_no_variable_is_named_like_an_identifier(spec: Specification) -> None:
    """No released variable is a name, an address, a date of birth or a police number under
    another name: what the sources hold of these is looked for in every released file, value by
    value, before it may leave. A flag may say that one was recorded."""
    hints = ("forename", "surname", "birth", "dob", "address", "postcode", "pnc", "cro_number")
    for table, leaving in released(spec):
        named = [v for v in leaving for hint in hints if hint in v.name]
        telling = [v.name for v in named if not (is_flag(v) or is_pseudonym(spec, table, v))]
        assert telling == [], leaving.id


def is_flag(variable: Variable) -> bool:
    return set(variable.codes or ()) == {"Y", "N"}


def is_pseudonym(spec: Specification, table: Table, variable: Variable) -> bool:
    return spec.treatment(table.variables[variable.name]) is Treatment.PSEUDONYMISE


def test_the_truth_never_leaves(spec: Specification) -> None:
    """Labels that say who really is who serve to measure linkage: never to link, never to share."""
    assert spec.policy[Role.TRUTH] == (Treatment.DROP,)


def test_text_that_could_say_anything_is_refused() -> None:
    """Text leaves only as a pseudonym, a code of a list, or in a declared pattern."""
    free = Variable(name="note", role=Role.RESEARCH, type=Type.STRING, description="A note.")
    table = Table(
        id="a.b", title="A", description="A.", grain="One.", key=(), variables={"note": free}
    )
    with pytest.raises(DisclosureRefused, match=r"a\.b\.note"):
        closed([table])
