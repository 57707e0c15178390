"""What do all our workflows have in common? Who owns them, what is retried, what they are for.

Nothing here, and nothing in the files beside it, may import a data tool: Airflow reads these
files over and over, and only a task's own body may load what does the work.
"""

from datetime import date, timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, Param, RetryAction, RetryRule
from airflow.sdk.exceptions import AirflowFailException

from datafirst.errors import NOT_RETRIED
from datafirst.settings import settings
from datafirst.spec import load

SPECIFICATION = load(settings().config)
VERSIONS = sorted(SPECIFICATION.releases)

NEEDS_A_PERSON = ExceptionRetryPolicy(
    [
        RetryRule(
            exception=[f"{error.__module__}.{error.__qualname__}" for error in NOT_RETRIED],
            action=RetryAction.FAIL,
            reason="A second try changes nothing: this needs a person.",
        )
    ]
)
"""Everything else (a source that does not answer, a store that is away) is tried again."""

ALWAYS: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {
        "owner": SPECIFICATION.programme.id,
        "retries": 3,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "retry_policy": NEEDS_A_PERSON,
    },
}
"""What every DAG is given."""


def choice(options: list[str], description: str, default: str | None = None) -> Param:
    """A parameter that the UI offers as a list; without a default it may be left empty."""
    if default is not None:
        return Param(default, type="string", enum=options, description=description)
    return Param(None, type=["null", "string"], enum=[None, *options], description=description)


def release_key(dag_run: Any, params: dict[str, Any]) -> str:
    """The release that a run is for: its partition key, or the parameter `release`.

    The parameter is for `dag.test()`, which can give no partition key, and for the form in the
    UI. A run for no release, for two, or for one that is not in the specification fails at once
    and is not tried again.
    """
    named = {key for key in (dag_run.partition_key, params.get("release")) if key}
    known = ", ".join(VERSIONS)
    if not named:
        raise AirflowFailException(
            f"This run is for no release: give a partition key, one of {known}."
        )
    if len(named) > 1:
        raise AirflowFailException(
            "The partition key and the parameter `release` name different releases."
        )
    (key,) = named
    if key not in SPECIFICATION.releases:
        raise AirflowFailException(f"There is no such release; known: {known}.")
    return str(key)


def snapshot_date(dag_run: Any, params: dict[str, Any]) -> str:
    """The day that a snapshot is of: as asked, or that of the run."""
    if params.get("snapshot"):
        return date.fromisoformat(params["snapshot"]).isoformat()
    return str((dag_run.logical_date or dag_run.run_after).date().isoformat())
