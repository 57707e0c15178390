"""Which programme do the workflows' tests run, and what do its stages answer?"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[3]
CONFIG = Path(__file__).parent / "config"
DAGS = PROJECT / "dags"

STAGES_OF_A_RELEASE = (
    "validate",
    "link",
    "quality",
    "derive",
    "ledger",
    "deidentify",
    "catalogue",
    "package",
    "deliver",
    "publish",
)

Calls = list[tuple[Any, ...]]


def read_dags(config: Path) -> Any:
    """The DAGs as Airflow reads them for a specification."""
    from airflow.dag_processing.dagbag import DagBag

    from datafirst.settings import settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATAFIRST_CONFIG", str(config))
        sys.modules.pop("conventions", None)
        settings.cache_clear()
        found = DagBag(dag_folder=str(DAGS))
        settings.cache_clear()
    return found


def without_work(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Replaces every stage by one that only notes that it was called."""
    from datafirst import stages

    made: Calls = []

    def stage(name: str) -> Callable[..., dict[str, Any]]:
        def called(*arguments: Any) -> dict[str, Any]:
            made.append((name, *arguments))
            return {"stage": name, "run": "0123456789ab", "rows": 1}

        return called

    def check(release: str) -> dict[str, Any]:
        made.append(("check", release))
        return {
            "release": release,
            "run": "0123456789ab",
            "systems": {"libra": "2022-02-28", "paper": "2020-01-01"},
            "shares": ["magistrates", "linking"],
            "deliveries": [
                {"share": share, "recipient": recipient}
                for share in ("magistrates", "linking")
                for recipient in ("srs", "sail")
            ],
        }

    for name in (*STAGES_OF_A_RELEASE, "extract", "train"):
        monkeypatch.setitem(vars(stages), name, stage(name))
    monkeypatch.setitem(vars(stages), "check", check)
    # One of the release's two models is trained already.
    monkeypatch.setitem(vars(stages), "models", lambda _: {"untrained": ["journeys"]})
    return made
