"""Makes one release: links, derives, de-identifies, describes, packages and delivers its shares.

A run is for one version. Trigger it with the version as partition key (Advanced Options), or
choose it in the form; a backfill over a release's date makes it again beside the earlier run.
The same version of the same snapshots gives the same bytes, and work that has been done is not
done twice, so a run that failed or was killed may be cleared and simply goes on.

Every share of the release is packaged before the first is delivered. A recipient sees a share when
its manifest has arrived, and the release is published when all have.
"""

from typing import Any

from airflow.sdk import chain, dag, task

from conventions import ALWAYS, SPECIFICATION, VERSIONS, choice, release_key
from release_calendar import ReleaseCalendarTimetable

EACH_SYSTEM = {"map_index_template": "{{ task.op_kwargs['system'] }}"}
EACH_SHARE = {"map_index_template": "{{ task.op_kwargs['share'] }}"}
EACH_PARCEL = {
    "map_index_template": "{{ task.op_kwargs['share'] }} to {{ task.op_kwargs['recipient'] }}"
}


@task
def check(dag_run: Any = None, params: Any = None) -> dict[str, Any]:
    """Whether the release can be made, and of what it consists."""
    key = release_key(dag_run, params)
    from datafirst import stages

    return stages.check(key)


@task
def snapshots(plan: dict[str, Any]) -> list[dict[str, str]]:
    """What it is made from. (Airflow maps over a task's whole answer, never over a part.)"""
    return [{"system": system, "snapshot": day} for system, day in plan["systems"].items()]


@task
def shares(plan: dict[str, Any], following: bool) -> list[str]:
    """The shares that stand alone, or those that follow others and are derived after them."""
    return [s for s in plan["shares"] if bool(SPECIFICATION.shares[s].follows) is following]


@task
def deliveries(plan: dict[str, Any]) -> list[dict[str, str]]:
    """Which share goes to whom."""
    return list(plan["deliveries"])


@task(**EACH_SYSTEM)
def validate(system: str, snapshot: str) -> dict[str, Any]:
    """Whether a snapshot is as the specification says."""
    from datafirst import stages

    return stages.validate(system, snapshot)


@task
def link(release: str) -> dict[str, Any]:
    """Who is who, and which case became which."""
    from datafirst import stages

    return stages.link(release)


@task
def quality(release: str) -> dict[str, Any]:
    """How right that is, as far as is known."""
    from datafirst import stages

    return stages.quality(release)


@task(**EACH_SHARE)
def derive(share: str, release: str) -> dict[str, Any]:
    """A share's tables from the source's."""
    from datafirst import stages

    return stages.derive(release, share)


@task(trigger_rule="none_failed")  # where no share follows another, that step is skipped
def ledger(release: str) -> dict[str, Any]:
    """Whether every row of every source is accounted for."""
    from datafirst import stages

    return stages.ledger(release)


@task(**EACH_PARCEL)
def deidentify(share: str, recipient: str, release: str) -> dict[str, Any]:
    """What may leave, for one recipient."""
    from datafirst import stages

    return stages.deidentify(release, share, recipient)


@task(**EACH_PARCEL)
def catalogue(share: str, recipient: str, release: str) -> dict[str, Any]:
    """What is in it, for people and for machines."""
    from datafirst import stages

    return stages.catalogue(release, share, recipient)


@task(**EACH_PARCEL)
def package(share: str, recipient: str, release: str) -> dict[str, Any]:
    """Parts and manifest."""
    from datafirst import stages

    return stages.package(release, share, recipient)


@task(**EACH_PARCEL)
def deliver(share: str, recipient: str, release: str) -> dict[str, Any]:
    """Hands a package over."""
    from datafirst import stages

    return stages.deliver(release, share, recipient)


@task
def publish(release: str) -> dict[str, Any]:
    """Moves the one pointer that says which run is the release."""
    from datafirst import stages

    return stages.publish(release)


@dag(
    "release",
    schedule=ReleaseCalendarTimetable(
        {version: release.date.isoformat() for version, release in SPECIFICATION.releases.items()}
    ),
    description="One version of the shares, from snapshots to recipients",
    doc_md=__doc__,
    tags=["release", *sorted(SPECIFICATION.shares)],
    params={"release": choice(VERSIONS, "The version, where no partition key is given.")},
    **ALWAYS,
)
def release() -> None:
    plan = check()
    key = plan["release"]
    following = shares.override(task_id="shares_following")(plan, following=True)
    parcels = deliveries(plan)
    chain(
        validate.expand_kwargs(snapshots(plan)),
        link(key),
        quality(key),
        derive.partial(release=key).expand(share=shares(plan, following=False)),
        derive.override(task_id="derive_following").partial(release=key).expand(share=following),
        ledger(key),
        *(
            stage.partial(release=key).expand_kwargs(parcels)
            for stage in (deidentify, catalogue, package, deliver)
        ),
        publish(key),
    )


release()
