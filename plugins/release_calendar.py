"""When is which release due? A timetable whose partitions are the versions of a programme.

A run of a partitioned DAG is for one partition key. Here the keys are the versions, so the UI,
the REST interface and a backfill all speak of `2022-02`, an unknown version is refused before a
run exists, and a rebuild stands beside the run that it repeats. Only names and dates are known
here; what a release is made of is the specification's business.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pendulum
from airflow.exceptions import AirflowTimetableInvalid, InvalidPartitionKeyError
from airflow.plugins_manager import AirflowPlugin
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable

GRACE = datetime.timedelta(days=1)
"""A release is due at midnight, and its DAG is parsed anew at any hour: it is due all day."""


class ReleaseCalendarTimetable(Timetable):
    """One run for each version, on its date."""

    partitioned = True
    run_ordering = ("partition_date", "run_after")

    def __init__(self, releases: dict[str, str]) -> None:
        """Takes each version's date in ISO format."""
        self.releases = dict(sorted(releases.items(), key=lambda item: (item[1], item[0])))
        self.description = "Releases: " + ", ".join(
            f"{version} on {date}" for version, date in self.releases.items()
        )

    @property
    def summary(self) -> str:
        """What the UI shows as the schedule."""
        return "Releases " + ", ".join(self.releases)

    def serialize(self) -> dict[str, Any]:
        return {"releases": self.releases}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> ReleaseCalendarTimetable:
        return cls(data["releases"])

    def validate(self) -> None:
        try:
            self._runs()
        except ValueError as error:
            raise AirflowTimetableInvalid(f"a release's date cannot be read: {error}") from None

    def next_dagrun_info_v2(
        self, *, last_dagrun_info: DagRunInfo | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The next release after the last one, and none due before today unless catching up."""
        earliest = restriction.earliest
        if not restriction.catchup:
            today = pendulum.now("UTC") - GRACE
            earliest = max(earliest, today) if earliest else today
        for run in self._runs():
            if last_dagrun_info and _order(run) <= _order(last_dagrun_info):
                continue
            if earliest and run.run_after < earliest:
                continue
            late = restriction.latest is not None and run.run_after > restriction.latest
            return None if late else run
        return None

    def iter_partition_dagrun_infos(
        self, *, earliest: datetime.datetime, latest: datetime.datetime
    ) -> Iterable[DagRunInfo]:
        """What a backfill from one date to another makes."""
        return [run for run in self._runs() if earliest <= run.run_after <= latest]

    def _decode_partition_date(self, partition_key: str) -> datetime.datetime:
        if partition_key not in self.releases:
            raise InvalidPartitionKeyError(
                f"there is no release {partition_key!r}; known: {', '.join(self.releases)}"
            )
        return _midnight(self.releases[partition_key])

    def infer_manual_data_interval(self, *, run_after: pendulum.DateTime) -> DataInterval:
        return DataInterval.exact(run_after)

    def generate_run_id(
        self,
        *,
        run_type: Any,
        run_after: pendulum.DateTime,
        data_interval: DataInterval | None,
        **extra: Any,
    ) -> str:
        """Names the version where it is known; random, because a rebuild is a run of its own."""
        from airflow.utils.strings import get_random_string

        of = extra.get("partition_key") or run_after.isoformat()
        return str(run_type.generate_run_id(suffix=f"{of}__{get_random_string()}"))

    def _runs(self) -> list[DagRunInfo]:
        return [
            DagRunInfo(at, data_interval=None, partition_date=at, partition_key=version)
            for version, at in ((v, _midnight(date)) for v, date in self.releases.items())
        ]


def _midnight(date: str) -> pendulum.DateTime:
    day = datetime.date.fromisoformat(date)
    return pendulum.datetime(day.year, day.month, day.day, tz="UTC")


def _order(run: DagRunInfo) -> tuple[datetime.datetime, str]:
    """Two releases may share a date: the version decides between them."""
    return (run.run_after, run.partition_key or "")


class ReleaseCalendarPlugin(AirflowPlugin):
    """Makes the timetable known to Airflow."""

    name = "release_calendar"
    timetables = [ReleaseCalendarTimetable]
