"""Do the container files say what `make up` and `make setup` do? No container engine runs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from invented import PROJECT

from datafirst.embedded import airflow, postgres
from datafirst.settings import Settings
from datafirst.spec import load

DOCKERFILE = (PROJECT / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "docker-compose.yml").read_text()))


@pytest.fixture
def made_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables that `make up` gives to Airflow."""
    monkeypatch.setattr(postgres, "dsn", lambda build, name: f"postgresql://x@/{name}")
    return airflow.environment(tmp_path)


def test_airflows_servers_are_those_of_make_up(compose: dict[str, Any]) -> None:
    for name, command in airflow.SERVERS.items():
        assert compose["services"][name]["command"] == command
        assert compose["services"][name]["build"] == "."


def test_every_setting_of_airflow_exists_here_too(
    compose: dict[str, Any], made_here: dict[str, str]
) -> None:
    there = compose["services"]["scheduler"]["environment"]
    ours = {name for name in there if name.startswith("AIRFLOW__")}
    assert ours <= set(made_here)
    same = ("EXECUTOR", "PARALLELISM", "MAX_ACTIVE_TASKS_PER_DAG", "LOAD_EXAMPLES")
    for name in (f"AIRFLOW__CORE__{part}" for part in same):
        assert there[name] == made_here[name]


def test_every_setting_of_ours_is_known(compose: dict[str, Any]) -> None:
    known = {f"DATAFIRST_{name.upper()}" for name in Settings.model_fields}
    known |= {
        f"DATAFIRST_SOURCE_{s.id.upper()}_DSN"
        for s in load(PROJECT / "config").systems.values()
        if s.connection.kind == "postgresql"
    }
    there = compose["services"]["scheduler"]["environment"]
    ours = {name for name in there if name.startswith("DATAFIRST_")}
    assert ours <= known
    assert {name for name in known if name.startswith("DATAFIRST_SOURCE_")} <= ours


def test_no_secret_stands_in_a_file(compose: dict[str, Any]) -> None:
    """A secret has no default: without it, nothing starts."""
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|ROOT_KEY|ACCESS_KEY|DSN", name):
                assert re.search(r"\$\{\w+:\?\}", value), name
                assert ":-" not in value


def test_only_what_runs_stages_has_the_key_and_the_sources(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        told = {
            variable
            for variable in service.get("environment", {})
            if variable == "DATAFIRST_ROOT_KEY" or variable.startswith("DATAFIRST_SOURCE_")
        }
        assert bool(told) == (name == "scheduler"), name


def test_nothing_listens_beyond_this_machine(compose: dict[str, Any]) -> None:
    published = [port for s in compose["services"].values() for port in s.get("ports", [])]
    assert published
    assert all(str(port).startswith("127.0.0.1:") for port in published)


def test_every_volume_is_declared(compose: dict[str, Any]) -> None:
    named = {
        mount.split(":")[0] for s in compose["services"].values() for mount in s.get("volumes", [])
    }
    assert named == set(compose["volumes"])


def test_what_the_image_copies_is_there() -> None:
    copied = [
        part
        for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE)
        for part in line.split()[:-1]
    ]
    assert copied
    assert [part for part in copied if not (PROJECT / part).exists()] == []


def test_the_image_is_installed_as_make_setup_does() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    for text in (DOCKERFILE, makefile):
        joined = re.sub(r"\\\n\s*", "", text)
        built_with = "--no-deps --require-hashes -r requirements-build.lock"
        all_else = "--no-deps --require-hashes --no-build-isolation -r requirements.lock"
        assert 0 < joined.find(built_with) < joined.find(all_else)
        assert "--no-deps --no-build-isolation --editable ." in joined


def test_the_image_does_not_run_as_root() -> None:
    lines = DOCKERFILE.splitlines()
    assert lines.index("USER datafirst") < next(
        n for n, line in enumerate(lines) if line.startswith("ENTRYPOINT")
    )
