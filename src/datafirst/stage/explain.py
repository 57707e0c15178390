"""Explain: two records of a linked release -> a page that shows why they are, or are not, one
person. It holds what is written in them, and stays in the index store."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files
from datafirst.link.explain import Pair, explained
from datafirst.quality.explained import Joined, Written, explanation
from datafirst.quality.pair import Found, between, two_records
from datafirst.quality.path import Record
from datafirst.run import Made, bring, identity, once
from datafirst.run import Record as Done
from datafirst.scratch import Scratch
from datafirst.spec import LinkModel

from .link import with_frequencies
from .records import make_records
from .release import Plan, plan

PAGE = "explained.html"
SAYS = (
    "Shows what is written in records of people. It does not leave the index store, and is shown "
    "to nobody but those who may see the records."
)


@dataclass(frozen=True)
class Two:
    """Two records by their names, which are identifiers: no log line and no message shows them."""

    left: str
    right: str

    def __str__(self) -> str:
        return "two records"


def explain(release: str, two: Two) -> dict[str, Any]:
    """Keeps a page with the strongest way from one record to the other through the links of their
    person, each link's match weight taken apart; where they are two people, with their own weight.

    Raises SpecificationError where there is no such record, RunRefused where the release has not
    been linked.
    """
    made = plan(release)
    linked = made.done("index", "link")
    names = sorted((two.left, two.right))
    inputs = {"linked": linked.digest, "pair": identity(names)}
    place = f"{made.place}/explained/{identity(inputs)[:12]}"
    index = made.store("index")
    record = once(
        index,
        place,
        "explain",
        inputs,
        lambda folder: _explained(made, linked, names, folder),
        made.settings,
    )
    return {"page": index.url(record.artefacts[0].key), **record.counts}


def _explained(made: Plan, linked: Done, names: list[str], folder: Scratch) -> Made:
    with folder.connect() as con:
        for table in ("edges", "people"):
            brought = files(bring(made.store("index"), linked.of(table), folder.folder))
            con.execute(f"CREATE VIEW {table} AS FROM {brought}")
        found = two_records(con, names)
        way = between(con, found) or [(found.left, found.right)]
        links = list(_links(con, made, linked, found, way, folder))
    facts = [
        ("Records", " and ".join(names)),
        ("They are", f"one person, {found.level} and looser" if found.level else "two people"),
        ("Shown below", _shown(found, links)),
    ]
    over = f"{made.spec.programme.title} · release {made.release.version} · run {made.run_id}"
    what = "one person" if found.level else "two people"
    title = f"Why {names[0]} and {names[1]} are {what}"
    path = folder / PAGE
    path.write_text(explanation(over, title, SAYS, links, facts), encoding="utf-8")
    result = Made(counts={"one_person": found.level is not None, "links": len(links)})
    result.add(PAGE, path)
    return result


def _shown(found: Found, links: list[Joined]) -> str:
    if not links:
        return "nothing: no model compares them, or a veto keeps them apart"
    if found.level is None:
        return "what they weigh as a pair"
    weakest = min(link.explained.weight for link in links)
    number = "1 link" if len(links) == 1 else f"{len(links)} links"
    return f"the strongest way from one to the other: {number}, the weakest of {weakest:.2f}"


def _links(
    con: DuckDBPyConnection,
    made: Plan,
    linked: Done,
    found: Found,
    way: list[tuple[Record, Record]],
    folder: Scratch,
) -> Iterator[Joined]:
    """Every link of the way, explained by the model that compares its two datasets."""
    comparing = {
        pair: model
        for model in (made.spec.linkage.models[name] for name in made.release.models)
        if model.produces == "people"
        for pair in model.pairs
    }
    by = {ends: comparing.get((min(ends)[0], max(ends)[0])) for ends in way}
    models = {model.id: model for model in by.values() if model}
    records = make_records(con, made, models.values(), folder) if models else {}
    told: dict[Pair, Joined] = {}
    for model in models.values():
        pairs = [(*a, *b) for (a, b), own in by.items() if own is model]
        learned = with_frequencies(con, made, model, folder)
        prior = linked.counts["scored"][model.id]["prior"]
        for each in explained(con, made.spec, learned, records, pairs, prior):
            told[each.pair] = Joined(
                model,
                each,
                _written(con, model, records, each.pair[:2], each.variants[0], found),
                _written(con, model, records, each.pair[2:], each.variants[1], found),
            )
    yield from (told[pair] for a, b in way if (pair := (*a, *b)) in told)


def _written(
    con: DuckDBPyConnection,
    model: LinkModel,
    records: dict[str, str],
    record: Record,
    variant: int,
    found: Found,
) -> Written:
    """What a record has in the fields that the model compares, in one way of writing."""
    dataset, row = record
    fields = sorted({f for c in model.comparisons for f in (c.field, c.against) if f})
    columns = ", ".join(f'"{field}"::VARCHAR' for field in fields)
    [values] = con.execute(
        f'SELECT {columns} FROM "{records[dataset]}" WHERE _row = ? AND variant = ?', [row, variant]
    ).fetchall()
    known = {field: value for field, value in zip(fields, values, strict=True) if value}
    return Written(found.people[record], known)
