"""Reported: the sections of a report -> its JSON, its page, and a picture of each chart."""

from collections.abc import Sequence
from pathlib import Path

from datafirst.quality.drawing import svg
from datafirst.quality.kept import written
from datafirst.quality.page import page, slug
from datafirst.quality.section import Section
from datafirst.run import Made, Record
from datafirst.scratch import Scratch

from .release import Plan

REPORT = "quality.json"
PAGE = "quality.html"
SAYS = (
    "What was linked, how, into what, and how right it is known to be. For those who link and "
    "those who answer for it: the counts are exact, and the page does not leave the index store."
)


def reported(made: Plan, found: Sequence[Section], folder: Scratch) -> Made:
    result = Made(counts={"sections": len(found)})
    drawn = {slug(s.name): svg(s.chart) for s in found if s.chart}
    title = f"Linkage quality, release {made.release.version}"
    over = f"{made.spec.programme.title} · run {made.run_id}"
    text = written(found, release=made.release.version, run=made.run_id)
    keep(result, folder / REPORT, REPORT, text)
    keep(result, folder / PAGE, PAGE, page(title, over, SAYS, found, drawn))
    for name, picture in sorted(drawn.items()):
        keep(result, folder / f"{name}.svg", f"charts/{name}.svg", picture)
    result.counts["charts"] = len(drawn)
    return result


def kept(record: Record, name: str) -> str:
    """The key under which a report has its JSON or its page."""
    [key] = [artefact.key for artefact in record.artefacts if artefact.name == name]
    return key


def keep(result: Made, path: Path, name: str, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    result.add(name, path)
