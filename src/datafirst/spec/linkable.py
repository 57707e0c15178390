"""Do the parts of config/linkage agree with each other, and with the sources and shares?"""

from collections.abc import Iterator

from .linkage import Dataset, LinkModel
from .locate import Disagreement
from .model import Specification


def unlinkable(spec: Specification) -> Iterator[Disagreement]:
    """Every fault of fields, datasets, models and rules about impossible clusters."""
    yield from _fields(spec)
    for dataset in spec.linkage.datasets.values():
        yield from _dataset(spec, dataset)
    for model in spec.linkage.models.values():
        yield from _model(spec, model)
    yield from _regions(spec)
    for rule in spec.linkage.impossible.values():
        place = ("linkage", "impossible", rule.id)
        if rule.dataset is not None and rule.dataset not in spec.linkage.datasets:
            yield Disagreement((*place, "dataset"), f"no such dataset as {rule.dataset}")
        if not rule.query:
            yield Disagreement(place, f"no {rule.id}.sql beside it says which records")


def _fields(spec: Specification) -> Iterator[Disagreement]:
    for system in spec.systems.values():
        for table in system.tables.values():
            at = ("systems", system.id, "tables", table.name, "variables")
            for v in table:
                if v.links_as and v.links_as not in spec.linkage.fields:
                    says = f"linkage/fields.toml has no field {v.links_as}"
                    yield Disagreement((*at, v.name, "links_as"), says)


def _regions(spec: Specification) -> Iterator[Disagreement]:
    """A postcode area is in one region."""
    stood: dict[str, str] = {}
    for region, areas in spec.linkage.regions.items():
        for area in areas:
            if area in stood:
                says = f"{area} is in {stood[area]} already"
                yield Disagreement(("linkage", "regions", region), says)
            stood[area] = region


def _dataset(spec: Specification, dataset: Dataset) -> Iterator[Disagreement]:
    place = ("linkage", "datasets", dataset.id)
    if dataset.system not in spec.systems:
        yield Disagreement((*place, "system"), f"no such system as {dataset.system}")
    elif dataset.table not in spec.systems[dataset.system].tables:
        yield Disagreement((*place, "table"), f"{dataset.system} has no table {dataset.table}")
    yield from _released(spec, dataset)


def _model(spec: Specification, model: LinkModel) -> Iterator[Disagreement]:
    place = ("linkage", "models", model.id)
    for name in sorted(set(model.datasets) - set(spec.linkage.datasets)):
        yield Disagreement((*place, "datasets"), f"no such dataset as {name}")
    for number, comparison in enumerate(model.comparisons):
        if comparison.field not in spec.linkage.fields:
            at = (*place, "comparisons", number, "field")
            yield Disagreement(at, f"no such field as {comparison.field}")
    for name in sorted(set(model.vetoes) - set(spec.linkage.vetoes)):
        says = f"linkage/vetoes.toml has no veto {name}"
        yield Disagreement((*place, "vetoes"), says)


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
    others = (d for d in spec.linkage.datasets.values() if d.id != dataset.id)
    if any(other.released_in == dataset.released_in for other in others):
        yield Disagreement(place, f"another dataset is released in {dataset.released_in} too")
    if not any(share in other.follows for other in spec.shares.values()):
        says = f"no share follows {share}: name it there, or its records will be in no link"
        yield Disagreement(place, says)
