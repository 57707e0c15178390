"""Does the calendar know its releases, and only those?"""

import json
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pendulum
import pytest
from airflow.exceptions import AirflowTimetableInvalid, InvalidPartitionKeyError
from airflow.timetables.base import TimeRestriction
from hypothesis import given
from hypothesis import strategies as st

from release_calendar import ReleaseCalendarPlugin, ReleaseCalendarTimetable

CALENDAR = ReleaseCalendarTimetable({"2022-02": "2022-02-28", "2021-01": "2021-01-31"})

calendars = st.dictionaries(
    st.from_regex(r"\A\d{4}-\d{2}(-[a-z0-9]{1,5})?\Z"),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    max_size=8,
)


def test_airflow_finds_it() -> None:
    assert ReleaseCalendarTimetable in ReleaseCalendarPlugin.timetables
    assert CALENDAR.partitioned


def test_it_says_its_releases() -> None:
    assert CALENDAR.summary == "Releases 2021-01, 2022-02"
    assert "2022-02 on 2022-02-28" in CALENDAR.description


def test_an_unknown_release_is_refused_naming_the_known() -> None:
    with pytest.raises(InvalidPartitionKeyError, match=r"'2099-01'; known: 2021-01, 2022-02"):
        CALENDAR.resolve_partition_date("2099-01")


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(AirflowTimetableInvalid):
        ReleaseCalendarTimetable({"2021-01": "31/01/2021"}).validate()


@given(calendars)
def test_serialisation_gives_it_back(releases: dict[str, str]) -> None:
    calendar = ReleaseCalendarTimetable(releases)
    again = ReleaseCalendarTimetable.deserialize(json.loads(json.dumps(calendar.serialize())))
    assert list(again.releases.items()) == list(calendar.releases.items())
    assert again.description == calendar.description


@given(st.permutations(["2021-01", "2021-07", "2022-02", "2022-02-b"]))
def test_the_order_of_the_files_does_not_matter(versions: list[str]) -> None:
    calendar = ReleaseCalendarTimetable({v: f"{v[:7]}-28" for v in versions})
    assert list(calendar.releases) == ["2021-01", "2021-07", "2022-02", "2022-02-b"]


@given(calendars)
def test_catching_up_makes_each_release_once_in_order(releases: dict[str, str]) -> None:
    calendar = ReleaseCalendarTimetable(releases)
    everything = TimeRestriction(earliest=None, latest=None, catchup=True)
    made, last = [], None
    while last := calendar.next_dagrun_info_v2(last_dagrun_info=last, restriction=everything):
        made.append(last.partition_key)
        assert len(made) <= len(releases)
    assert made == list(calendar.releases)
    assert sorted(made, key=lambda v: releases[v]) == made


WITHOUT_CATCHUP = TimeRestriction(pendulum.datetime(2000, 1, 1), None, catchup=False)


@given(calendars, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_without_catching_up_nothing_is_made_for_the_past(
    releases: dict[str, str], now: datetime
) -> None:
    calendar = ReleaseCalendarTimetable(releases)
    with patch("pendulum.now", return_value=pendulum.instance(now, "UTC")):
        run = calendar.next_dagrun_info_v2(last_dagrun_info=None, restriction=WITHOUT_CATCHUP)
    earliest = (now - timedelta(days=1)).isoformat()
    due = [v for v, d in calendar.releases.items() if f"{d}T00:00:00" >= earliest]
    assert (run.partition_key if run else None) == (due[0] if due else None)


def test_a_release_is_due_all_day_and_once() -> None:
    calendar = ReleaseCalendarTimetable({"2022-02": "2022-02-28", "2022-08": "2022-08-31"})
    with patch("pendulum.now", return_value=pendulum.datetime(2022, 2, 28, 23, 59)):
        due = calendar.next_dagrun_info_v2(last_dagrun_info=None, restriction=WITHOUT_CATCHUP)
        assert due is not None and due.partition_key == "2022-02"
        then = calendar.next_dagrun_info_v2(last_dagrun_info=due, restriction=WITHOUT_CATCHUP)
        assert then is not None and then.partition_key == "2022-08"


def test_nothing_is_made_after_the_last_date() -> None:
    until = TimeRestriction(None, pendulum.datetime(2021, 1, 30), catchup=True)
    assert CALENDAR.next_dagrun_info_v2(last_dagrun_info=None, restriction=until) is None


dates = st.dates(date(1999, 1, 1), date(2101, 1, 1))


@given(calendars, dates, dates)
def test_a_backfill_makes_what_lies_in_its_window(
    releases: dict[str, str], first: date, last: date
) -> None:
    found = ReleaseCalendarTimetable(releases).iter_partition_dagrun_infos(
        earliest=datetime(first.year, first.month, first.day, tzinfo=UTC),
        latest=datetime(last.year, last.month, last.day, tzinfo=UTC),
    )
    expected = {v for v, d in releases.items() if first.isoformat() <= d <= last.isoformat()}
    assert {run.partition_key for run in found} == expected


@given(calendars)
def test_a_version_stands_for_its_date(releases: dict[str, str]) -> None:
    calendar = ReleaseCalendarTimetable(releases)
    for version, day in releases.items():
        found = calendar.resolve_partition_date(version)
        assert found is not None and found.date().isoformat() == day


def test_a_rebuild_is_a_run_of_its_own() -> None:
    from airflow.utils.types import DagRunType

    at = pendulum.datetime(2022, 2, 28)
    names = {
        CALENDAR.generate_run_id(
            run_type=DagRunType.BACKFILL_JOB,
            run_after=at,
            data_interval=None,
            partition_key="2022-02",
        )
        for _ in range(5)
    }
    assert len(names) == 5
    assert all(name.startswith("backfill__2022-02__") for name in names)
