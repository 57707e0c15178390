"""Do the parts of the specification agree with each other?"""

from collections.abc import Iterator

from .accounted import misaccounted
from .linkable import unlinkable
from .locate import Disagreement
from .model import Share, Specification
from .needed import lacking
from .rungs import misrung
from .table import Role, Table, Treatment, Variable


def disagreements(spec: Specification) -> Iterator[Disagreement]:
    """Every contradiction between files that are each well formed."""
    for role in set(Role) - set(spec.policy):
        yield Disagreement(("policy",), f"no rule for {role}")
    if set(Role) - set(spec.policy):
        return
    for system in spec.systems.values():
        known = {f"{system.id}.{name}" for name in system.tables}
        for table in system.tables.values():
            yield from _joins(("systems", system.id, "tables", table.name), table, known, spec)
    for share in spec.shares.values():
        yield from _share(spec, share)
    yield from unlinkable(spec)
    yield from misrung(spec)
    for release in spec.releases.values():
        yield from lacking(spec, release)


def _joins(
    place: tuple[str | int, ...], table: Table, known: set[str], spec: Specification
) -> Iterator[Disagreement]:
    for number, join in enumerate(table.joins):
        where = (*place, "joins", number)
        if join.table not in known:
            yield Disagreement((*where, "table"), f"no such table as {join.table}")
            continue
        group, name = join.table.split(".")
        # A system and a share may have the same name.
        tables = (spec.systems if place[0] == "systems" else spec.shares)[group].tables
        if missing := set(join.target) - set(tables[name].variables):
            yield Disagreement(where, f"{join.table} has no {', '.join(sorted(missing))}")
        if len(join.target) != len(join.on):
            yield Disagreement((*where, "to"), "name one column for each of `on`")


def _share(spec: Specification, share: Share) -> Iterator[Disagreement]:
    place = ("shares", share.id)
    known = {f"{s.id}.{name}" for s in spec.shares.values() for name in s.tables}
    for table in share.tables.values():
        at = (*place, "tables", table.name)
        yield from _joins(at, table, known, spec)
        if table.name not in share.queries:
            yield Disagreement(at, f"no {table.name}.sql beside it")
        for variable in table:
            yield from _treatment(spec, (*at, "variables", variable.name), variable)
    yield from misaccounted(spec, share)


def _treatment(
    spec: Specification, place: tuple[str | int, ...], variable: Variable
) -> Iterator[Disagreement]:
    if variable.release and variable.release not in spec.policy[variable.role]:
        yield Disagreement(
            (*place, "release"), f"a {variable.role} may not be released as {variable.release}"
        )
    if spec.treatment(variable) is Treatment.PSEUDONYMISE and not variable.identifies:
        yield Disagreement(
            place, "say what it identifies: pseudonyms are made for each kind of thing"
        )
