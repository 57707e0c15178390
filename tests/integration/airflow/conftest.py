"""What do the workflows' tests run on? An Airflow of their own, and an invented programme.

The variables stand before Airflow is imported, because it reads them at once. dag.test() runs a
whole DAG in this process on SQLite; the scheduler and PostgreSQL are test_stack.py's.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
from invented import CONFIG, DAGS, PROJECT, Calls, read_dags, without_work

HOME = tempfile.TemporaryDirectory(prefix="airflow-", ignore_cleanup_errors=True)

os.environ.update(
    {
        "AIRFLOW_HOME": HOME.name,
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{HOME.name}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    }
)
sys.path += [str(PROJECT / "plugins"), str(DAGS)]


@pytest.fixture(autouse=True)
def invented_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    """dag.test() reads the files anew."""
    monkeypatch.setenv("DATAFIRST_CONFIG", str(CONFIG))


@pytest.fixture(scope="session")
def bag() -> Any:
    """The DAGs of the invented programme."""
    from airflow.utils.db import initdb

    initdb()
    return read_dags(CONFIG)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What the DAGs asked of the stages, which do nothing here."""
    return without_work(monkeypatch)
