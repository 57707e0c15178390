"""Copies one source as it stands into an immutable, dated snapshot, and checks it.

One DAG for each system of the specification, as often as its `extracted` says. Give `snapshot`
to state the day that the copy is of; without it, it is the day of the run. A snapshot that is
there already is left as it is.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, Param, dag, task

from conventions import ALWAYS, SPECIFICATION, snapshot_date
from datafirst.spec import System


def schedule(extracted: str) -> CronTriggerTimetable | None:
    """When a system is extracted; never for a date that has passed, not even when unpaused."""
    if extracted == "once":
        return None
    return CronTriggerTimetable(extracted, timezone="UTC", run_immediately=timedelta(0))


def extraction(system: System) -> DAG:
    """The DAG that extracts one system."""

    @dag(
        f"extract_{system.id}",
        schedule=schedule(system.extracted),
        description=f"{system.title}: a snapshot, checked",
        doc_md=f"{__doc__}\n\n**{system.title}** ({system.owner}). {system.description}",
        tags=["extract", system.id],
        params={
            "snapshot": Param(
                None,
                type=["null", "string"],
                format="date",
                description="The day the snapshot is of; empty: the day of the run.",
            )
        },
        **ALWAYS,
    )
    def extract_and_validate() -> None:
        @task
        def extract(dag_run: Any = None, params: Any = None) -> dict[str, Any]:
            from datafirst import stages

            return stages.extract(system.id, snapshot_date(dag_run, params))

        @task
        def validate(dag_run: Any = None, params: Any = None) -> dict[str, Any]:
            from datafirst import stages

            return stages.validate(system.id, snapshot_date(dag_run, params))

        extract() >> validate()

    return extract_and_validate()


for each in SPECIFICATION.systems.values():
    extraction(each)
