"""Is every rule of a ladder strict enough, and is there all that it names?"""

from collections import Counter
from collections.abc import Iterable, Iterator

from .ladder import EXACT, FIVE, STRONG, Alike, Ladder, Rung
from .linkage import FieldKind
from .locate import Disagreement
from .model import Specification
from .release import Release

Where = tuple[str | int, ...]

COMPARED = {
    FieldKind.NAME: ("jaro_winkler", "soundex", "shortened", "swapped_with"),
    FieldKind.DATE_OF_BIRTH: ("one_digit_apart", "day_and_month_swapped"),
}
"""In which ways fields of each kind can be alike; others are equal or not."""


def misrung(spec: Specification) -> Iterator[Disagreement]:
    """Every fault of every ladder."""
    for ladder in spec.linkage.ladders.values():
        place = ("linkage", "ladders", ladder.id)
        for key, dataset in (("left", ladder.left), ("right", ladder.right)):
            if dataset not in spec.linkage.datasets:
                yield Disagreement((*place, key), f"no such dataset as {dataset}")
        if ladder.left == ladder.right:
            yield Disagreement((*place, "right"), "a ladder leads from one dataset to another")
        names = Counter(rung.name for rung in ladder.rules)
        for number, rung in enumerate(ladder.rules):
            where = (*place, "rules", number)
            if names[rung.name] > 1:
                yield Disagreement((*where, "name"), f"two rules are called {rung.name}")
            yield from _rung(spec, where, rung)


def crossed(spec: Specification, release: Release) -> Iterator[Disagreement]:
    """Ladders of a release that would name one person twice."""
    place = ("releases", release.version, "ladders")
    known = spec.linkage.ladders
    ladders = [known[name] for name in release.ladders if name in known]
    for right, times in sorted(Counter(ladder.right for ladder in ladders).items()):
        if times > 1:
            yield Disagreement(place, f"{right} is linked by {times} ladders; one says who is who")
    for both in sorted({x.left for x in ladders} & {x.right for x in ladders}):
        yield Disagreement(place, f"{both} is the left of one ladder and the right of another")


def _rung(spec: Specification, where: Where, rung: Rung) -> Iterator[Disagreement]:
    for column in rung.agree:
        if not _field_of(column, spec.linkage.fields):
            yield Disagreement((*where, "agree"), f"no linkage record has a column {column}")
    exact = set(rung.agree) & set(FIVE)
    if len(exact) < EXACT and not set(rung.agree) & set(STRONG):
        yield Disagreement(
            (*where, "agree"),
            f"{len(exact)} of {', '.join(FIVE)} {'is' if len(exact) == 1 else 'are'} equal; a rule "
            f"needs {EXACT} of them, or one of {', '.join(STRONG)}",
        )
    for alike in rung.alike:
        yield from _alike(spec, (*where, "alike"), alike)


def _alike(spec: Specification, where: Where, alike: Alike) -> Iterator[Disagreement]:
    for name in filter(None, (alike.field, alike.against)):
        field = spec.linkage.fields.get(name)
        if field is None:
            yield Disagreement(where, f"no such field as {name}")
        elif alike.by not in COMPARED.get(field.kind, ()):
            yield Disagreement(where, f"{name} is a {field.kind}: none is alike by {alike.by}")


def _field_of(column: str, fields: Iterable[str]) -> str | None:
    """The field that a column is, or is a part of."""
    return next((f for f in fields if column == f or column.startswith(f"{f}_")), None)


def read_by(ladders: Iterable[Ladder]) -> list[str]:
    """The datasets of ladders, each once, in order of their names."""
    return sorted({name for ladder in ladders for name in ladder.datasets})
