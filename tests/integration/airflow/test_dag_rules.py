"""Which rules does every DAG obey?"""

import ast
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pendulum
import pytest
from invented import CONFIG, DAGS, PROJECT, read_dags

from datafirst import errors

HEAVY = ("polars", "duckdb", "splink", "pandera", "pyarrow", "boto3", "pandas", "numpy")
EXPECTED = {"extract_libra", "extract_paper", "train", "release"}
FILES = [*sorted(DAGS.glob("*.py")), *sorted((PROJECT / "plugins").glob("*.py"))]


def test_every_dag_can_be_read(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == EXPECTED


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_every_dag_is_owned_described_and_careful(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    assert dag.tags
    assert dag.doc_md and dag.description
    assert dag.catchup is False
    assert dag.max_active_runs == 1
    for task in dag.tasks:
        assert task.owner == "invented"
        assert task.retries >= 1
        assert task.retry_exponential_backoff
        assert task.retry_delay < task.max_retry_delay <= timedelta(hours=1)


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_what_needs_a_person_is_not_retried_and_what_may_pass_is(bag: Any, dag_id: str) -> None:
    for task in bag.dags[dag_id].tasks:
        for refused in errors.NOT_RETRIED:
            decision = task.retry_policy.evaluate(refused("no"), try_number=1, max_tries=3)
            assert decision.action.value == "fail"
        for passing in (errors.SourceError, errors.StoreError, errors.RunRefused, OSError):
            decision = task.retry_policy.evaluate(passing("away"), try_number=1, max_tries=3)
            assert decision.action.value == "default"


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_every_dag_survives_serialisation(bag: Any, dag_id: str) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    written = json.loads(json.dumps(DagSerialization.to_dict(bag.dags[dag_id])))
    again = DagSerialization.from_dict(written)
    assert again.dag_id == dag_id
    assert {t.task_id for t in again.tasks} == {t.task_id for t in bag.dags[dag_id].tasks}


def test_reading_twice_gives_the_same(bag: Any) -> None:
    """Otherwise Airflow makes a new version of the DAG each time it looks."""
    from airflow.serialization.serialized_objects import DagSerialization

    again = read_dags(CONFIG)
    for dag_id, dag in bag.dags.items():
        assert DagSerialization.to_dict(dag) == DagSerialization.to_dict(again.dags[dag_id])


def test_a_system_is_extracted_as_often_as_it_says(bag: Any) -> None:
    assert bag.dags["extract_libra"].timetable.expression == "0 2 1 * *"
    assert bag.dags["extract_paper"].timetable.can_be_scheduled is False


def test_unpausing_takes_no_snapshot_of_the_past(bag: Any) -> None:
    """Of a cron expression alone, Airflow would make the latest run that was missed."""
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.timetables.base import TimeRestriction

    written = DagSerialization.to_dict(bag.dags["extract_libra"])
    dag = DagSerialization.from_dict(written)
    run = dag.timetable.next_dagrun_info_v2(
        last_dagrun_info=None,
        restriction=TimeRestriction(dag.start_date, None, catchup=dag.catchup),
    )
    assert run.run_after > pendulum.now("UTC")


def test_the_forms_offer_what_the_specification_has(bag: Any) -> None:
    versions = ["2021-01", "2021-07", "2022-02"]
    release = bag.dags["release"].params.get_param("release")
    assert release.schema["enum"] == [None, *versions]
    model = bag.dags["train"].params.get_param("model")
    assert model.schema["enum"] == ["journeys", "people", "all"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_workflow_files_are_thin(file: Path) -> None:
    """They name stages; they compute nothing. Only a task's body may import a stage."""
    tree = ast.parse(file.read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported.isdisjoint(HEAVY)
    assert len(file.read_text().splitlines()) < 200
    if file.parent.name == "plugins":
        assert "datafirst" not in imported
    at_the_top = [ast.unparse(n) for n in tree.body if isinstance(n, ast.ImportFrom)]
    assert not any("stages" in line for line in at_the_top)


MEASURE = """
import json, runpy, sys, time
import airflow.sdk, airflow.timetables.base, airflow.plugins_manager, pendulum
before, began = set(sys.modules), time.process_time()
for file in sys.argv[1:]:
    runpy.run_path(file)
print(json.dumps({"seconds": time.process_time() - began, "before": sorted(before),
                  "after": sorted(sys.modules)}))
"""


@pytest.mark.parametrize("config", [CONFIG, PROJECT / "config"], ids=["invented", "shipped"])
def test_reading_is_quick_and_loads_no_data_tool(config: Path) -> None:
    files = [str(f) for f in DAGS.glob("*.py") if f.name != "conventions.py"]
    paths = os.pathsep.join([str(PROJECT / "plugins"), str(DAGS)])
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *files],
        env={**os.environ, "DATAFIRST_CONFIG": str(config), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    measured = json.loads(done.stdout.splitlines()[-1])
    assert {m.split(".")[0] for m in measured["after"]}.isdisjoint(HEAVY)
    # Processor time, which a busy machine does not lengthen much. The demand is one second.
    assert measured["seconds"] < 1.0
