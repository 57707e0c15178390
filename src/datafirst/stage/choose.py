"""Choose: what reviewers decided -> the thresholds of a release's models, with their evidence.

Nothing here reads a truth: a threshold is chosen by what people saw, or not at all.
"""

from typing import Any

from datafirst.errors import LinkageRefused, RunRefused
from datafirst.quality.choose import Targets
from datafirst.quality.choose import choose as thresholds_of
from datafirst.scratch import scratch
from datafirst.settings import settings
from datafirst.spec import Thresholds
from datafirst.spec.chosen import rewritten, written

from .estimated import most_reviewed, review_of
from .release import plan

MODELS = "linkage/models"


def choose(
    release: str, precision: float, strict: float | None = None, write: bool = False
) -> dict[str, Any]:
    """The thresholds of the release's models that reviewers' decisions speak for, as TOML by
    model; with `write`, in the models' files too.

    Those for which the decisions do not suffice are refused, with the reason, and stay as they
    are. Raises RunRefused where nothing of the release was reviewed.
    """
    targets = Targets.of(precision, strict)
    made = plan(release)
    with scratch(settings()) as folder, folder.connect() as con:
        drawn = most_reviewed(con, made, folder)
        if drawn is None:
            raise RunRefused(
                f"no pair of release {release} has been decided: run `datafirst sample {release} "
                "--pairs 2000`, have them reviewed, and keep the decisions with `datafirst label`"
            )
        drawn.bring_known(con, made.store("index"), folder)
        review = review_of(con, made, drawn)
        found: dict[str, Thresholds] = {}
        refused: dict[str, str] = {}
        for name in made.release.models:
            model = made.spec.linkage.models[name]
            if model.produces == "people":
                try:
                    found[name] = thresholds_of(con, model, targets, review)
                except LinkageRefused as error:
                    refused[name] = str(error)
    files = _write(found) if write else []
    chosen = {name: written(thresholds) for name, thresholds in found.items()}
    return {"release": release, "models": chosen, "refused": refused, "written": files}


def _write(found: dict[str, Thresholds]) -> list[str]:
    """All files are made before any is written, so that a refusal leaves them as they were."""
    changed = {}
    for name, thresholds in found.items():
        path = settings().config / MODELS / f"{name}.toml"
        changed[path] = rewritten(path.read_text(encoding="utf-8"), thresholds, path.name)
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")
    return [path.name for path in changed]
