"""Trains linkage models on the snapshots of a release, and writes each as a versioned file.

A release uses a model and never trains one, so this is run rarely: when a model's description
changes, or when a source has changed enough to doubt it. A model that has been trained from the
same records is left as it is.
"""

from typing import Any

from airflow.sdk import dag, task

from conventions import ALWAYS, SPECIFICATION, VERSIONS, choice, release_key

MODELS = sorted(SPECIFICATION.linkage.models)


@dag(
    "train",
    schedule=None,
    description="Linkage models, from a release's snapshots",
    doc_md=__doc__,
    tags=["train", "link"],
    params={
        "model": choice([*MODELS, "all"], "Which model; all: those the release uses.", "all"),
        "release": choice(VERSIONS, "Whose snapshots are learned from."),
    },
    **ALWAYS,
)
def train() -> None:
    @task
    def models(dag_run: Any = None, params: Any = None) -> list[dict[str, str]]:
        key = release_key(dag_run, params)
        wanted = SPECIFICATION.releases[key].models if params["model"] == "all" else None
        return [{"model": m, "release": key} for m in wanted or (params["model"],)]

    @task(map_index_template="{{ task.op_kwargs['model'] }}")
    def train_model(model: str, release: str) -> dict[str, Any]:
        from datafirst import stages

        return stages.train(model, release)

    train_model.expand_kwargs(models())


train()
