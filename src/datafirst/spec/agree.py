"""Do the parts of the specification agree with each other?"""

from collections.abc import Iterator

from .accounted import misaccounted
from .linkage import Dataset
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
    yield from _linkage(spec)
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


def _linkage(spec: Specification) -> Iterator[Disagreement]:
    linkage = spec.linkage
    for system in spec.systems.values():
        for table in system.tables.values():
            for v in table:
                if v.links_as and v.links_as not in linkage.fields:
                    yield Disagreement(
                        (
                            "systems",
                            system.id,
                            "tables",
                            table.name,
                            "variables",
                            v.name,
                            "links_as",
                        ),
                        f"linkage/fields.toml has no field {v.links_as}",
                    )
    for dataset in linkage.datasets.values():
        place = ("linkage", "datasets", dataset.id)
        if dataset.system not in spec.systems:
            yield Disagreement((*place, "system"), f"no such system as {dataset.system}")
        elif dataset.table not in spec.systems[dataset.system].tables:
            yield Disagreement((*place, "table"), f"{dataset.system} has no table {dataset.table}")
        yield from _released(spec, dataset)
    for model in linkage.models.values():
        place = ("linkage", "models", model.id)
        for name in sorted(set(model.datasets) - set(linkage.datasets)):
            yield Disagreement((*place, "datasets"), f"no such dataset as {name}")
        for number, comparison in enumerate(model.comparisons):
            if comparison.field not in linkage.fields:
                yield Disagreement(
                    (*place, "comparisons", number, "field"), f"no such field as {comparison.field}"
                )
        for name in sorted(set(model.vetoes) - set(linkage.vetoes)):
            says = f"linkage/vetoes.toml has no veto {name}"
            yield Disagreement((*place, "vetoes"), says)
    for rule in linkage.impossible.values():
        place = ("linkage", "impossible", rule.id)
        if rule.dataset not in linkage.datasets:
            yield Disagreement((*place, "dataset"), f"no such dataset as {rule.dataset}")
        if not rule.query:
            yield Disagreement(place, f"no {rule.id}.sql beside it says which records")


def _released(spec: Specification, dataset: Dataset) -> Iterator[Disagreement]:
    """The table that the dataset's records are found in has a record_id to find them by."""
    if dataset.released_in is None:
        return
    place = ("linkage", "datasets", dataset.id, "released_in")
    share, _, name = dataset.released_in.partition(".")
    table = spec.shares[share].tables.get(name) if share in spec.shares else None
    if table is None:
        yield Disagreement(place, f"no such table as {dataset.released_in}")
    elif "record_id" not in table.variables:
        yield Disagreement(place, f"{dataset.released_in} has no variable record_id")
