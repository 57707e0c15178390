"""Trains linkage models on the snapshots of a release, and writes each as a versioned file.

A release uses a model and never trains one, so this is run rarely: when a model is new, or when a
source has changed enough to doubt an old one, which then gets a new version. A model that has been
trained is left as it is.
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
        "model": choice(
            [*MODELS, "all"], "Which model; all: what the release uses untrained.", "all"
        ),
        "release": choice(VERSIONS, "Whose snapshots are learned from."),
    },
    **ALWAYS,
)
def train() -> None:
    @task
    def models(dag_run: Any = None, params: Any = None) -> list[dict[str, str]]:
        key = release_key(dag_run, params)
        from datafirst import stages

        wanted = [params["model"]] if params["model"] != "all" else stages.models(key)["untrained"]
        return [{"model": model, "release": key} for model in wanted]

    @task(map_index_template="{{ task.op_kwargs['model'] }}")
    def train_model(model: str, release: str) -> dict[str, Any]:
        from datafirst import stages

        return stages.train(model, release)

    train_model.expand_kwargs(models())


train()
