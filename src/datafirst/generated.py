"""Which files of the project are made from others, and are they up to date?"""

from collections.abc import Callable
from pathlib import Path

from . import linkage_picture, linkage_plan, methodology
from .deidentify import ledger
from .settings import PROJECT, settings
from .spec import Specification, jsonschema

SCHEMAS = PROJECT / "docs" / "schema"
RULES, PAGE = PROJECT / "tests" / "spec", PROJECT / "docs" / "methodology.md"


def ledgers(spec: Specification) -> dict[Path, str]:
    """The release ledger of each share, beside its specification: what leaves, line by line."""
    beside = settings().config.resolve().parent / "tests" / "release" / "ledger"
    return {beside / f"{name}.txt": ledger(spec, share) for name, share in spec.shares.items()}


def schemas(spec: Specification) -> dict[Path, str]:
    """A JSON Schema for each kind of specification file, for editors."""
    return {SCHEMAS / name: text for name, text in jsonschema.schemas().items()}


def rules(spec: Specification) -> dict[Path, str]:
    """The methodology page, from the tests of its rules."""
    return {PAGE: methodology.render(RULES)}


def plan(spec: Specification) -> dict[Path, str]:
    """The linkage plan of the newest release: a page and its picture, beside the specification."""
    page = settings().config.resolve().parent / "docs" / "linkage-plan.md"
    pictured = page.parent / linkage_plan.PICTURE
    return {page: linkage_plan.page(spec), pictured: linkage_picture.picture(spec)}


GENERATED: dict[str, Callable[[Specification], dict[Path, str]]] = {
    "schema": schemas,
    "ledger": ledgers,
    "methodology": rules,
    "plan": plan,
}


def stale(spec: Specification, kind: str) -> list[Path]:
    """The files of a kind that are absent or say something else than they would now."""
    made = GENERATED[kind](spec)
    return [
        path
        for path, text in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def write(spec: Specification, kind: str) -> list[Path]:
    """Writes the files of a kind anew; returns those that changed."""
    changed, made = stale(spec, kind), GENERATED[kind](spec)
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    return changed
