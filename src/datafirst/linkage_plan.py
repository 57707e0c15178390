"""Which datasets are compared with which, and by what? The linkage plan, as a page to be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .spec import Dataset, Ladder, LinkModel, Release, Specification

PICTURE = "pictures/linkage-plan.svg"
"""Beside the page."""
HEAD = """# The linkage plan

Made from `config/linkage` for release {version}: `datafirst spec plan --write`. Each pair of
datasets is scored by one model at most. All edges together are clustered once for each threshold,
so that datasets which nothing compares are joined through those which are compared with both.

![Which datasets are compared, and by which model]({picture})
"""
MODELS = (
    "model", "what", "version", "datasets", "blocking rules", "compares", "never one person",
)  # fmt: skip


@dataclass(frozen=True)
class Bond:
    """Two datasets, or a dataset and itself, and what compares them."""

    left: str
    right: str
    by: str
    kind: Literal["people", "journeys", "ladder"]


def newest(spec: Specification) -> Release:
    """The release that the plan is shown for."""
    return spec.releases[max(spec.releases)]


def datasets_in(spec: Specification, release: Release) -> list[Dataset]:
    """The datasets that something in a release compares, and whose source it has, by name."""
    named = {name for model in models_in(spec, release) for name in model.datasets}
    named |= {name for ladder in ladders_in(spec, release) for name in ladder.datasets}
    known = [spec.linkage.datasets[name] for name in sorted(named)]
    return [dataset for dataset in known if dataset.system in release.snapshots]


def models_in(spec: Specification, release: Release) -> list[LinkModel]:
    return [spec.linkage.models[name] for name in release.models]


def ladders_in(spec: Specification, release: Release) -> list[Ladder]:
    return [spec.linkage.ladders[name] for name in release.ladders]


def bonds(spec: Specification, release: Release) -> list[Bond]:
    """What is compared in a release, by which model or ladder."""
    there = {dataset.id for dataset in datasets_in(spec, release)}
    found = [
        Bond(left, right, model.id, model.produces)
        for model in models_in(spec, release)
        for left, right in model.pairs
    ]
    found += [Bond(r.left, r.right, r.id, "ladder") for r in ladders_in(spec, release)]
    return [bond for bond in found if {bond.left, bond.right} <= there]


def page(spec: Specification) -> str:
    """docs/linkage-plan.md."""
    release = newest(spec)
    parts = [
        HEAD.format(version=release.version, picture=PICTURE),
        *_pairs(spec, release),
        "## Datasets\n",
        *_table(("dataset", "what", "source table", "released in"), _datasets(spec, release)),
        "## Models\n",
        *_table(MODELS, _models(spec, release)),
        *_ladders(spec, release),
        *_impossible(spec, release),
        *_bridges(spec, release),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _pairs(spec: Specification, release: Release) -> Iterator[str]:
    """A triangle of all pairs."""
    names = [dataset.id for dataset in datasets_in(spec, release)]
    by: dict[frozenset[str], list[str]] = {}
    for bond in bonds(spec, release):
        by.setdefault(frozenset((bond.left, bond.right)), []).append(bond.by)
    lines = [
        (f"**{row}**", *(", ".join(by.get(frozenset((row, c)), ["–"])) for c in names[: n + 1]),
         *("" for _ in names[n + 1 :]))
        for n, row in enumerate(names)
    ]  # fmt: skip
    yield "## Pairs of datasets\n"
    yield "Each with what compares it; a dash where nothing does.\n"
    yield from _table(("", *names), lines)


def _datasets(spec: Specification, release: Release) -> Iterator[tuple[str, ...]]:
    for dataset in datasets_in(spec, release):
        source = f"`{dataset.system}.{dataset.table}`"
        released = f"`{dataset.released_in}`" if dataset.released_in else "–"
        yield dataset.id, dataset.title, source, released


def _models(spec: Specification, release: Release) -> Iterator[tuple[str, ...]]:
    there = {dataset.id for dataset in datasets_in(spec, release)}
    for model in models_in(spec, release):
        yield (
            model.id,
            model.title,
            model.version,
            ", ".join(name for name in model.datasets if name in there),
            str(len(model.block_on)),
            ", ".join(
                " with ".join(filter(None, (comparison.field, comparison.against)))
                for comparison in model.comparisons
            ),
            " ".join(spec.linkage.vetoes[name].says for name in model.vetoes) or "–",
        )


def _ladders(spec: Specification, release: Release) -> Iterator[str]:
    for ladder in ladders_in(spec, release):
        yield f"## Ladder {ladder.id}\n"
        pair = f"{ladder.left} to {ladder.right}, one to "
        pair += "one" if ladder.one_to_one else "any number"
        yield f"{ladder.title} (version {ladder.version}): {pair}.\n"
        rungs = enumerate(ladder.rules, start=1)
        lines = ((str(n), rung.name, ", ".join(rung.agree), rung.says) for n, rung in rungs)
        yield from _table(("", "rule", "equal", "what it says"), lines)


def _impossible(spec: Specification, release: Release) -> Iterator[str]:
    if release.impossible:
        rules = (spec.linkage.impossible[name] for name in release.impossible)
        yield "## Clusters that cannot be one person\n"
        lines = ((rule.id, rule.title, rule.dataset or "all", rule.says) for rule in rules)
        yield from _table(("rule", "what", "dataset", "what it says"), lines)


def _bridges(spec: Specification, release: Release) -> Iterator[str]:
    if release.bridges:
        rule = spec.linkage.bridges[release.bridges]
        yield "## People who hang together by little\n"
        yield f"{rule.says} A link of {rule.certain:g} bits is certain. Linkage is refused where "
        yield f"a person is left with more than {rule.records_up_to:,} records.\n"


def _table(
    headings: tuple[str, ...], lines: Iterator[tuple[str, ...]] | list[tuple[str, ...]]
) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for line in lines:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in line)} |"
    yield ""
