"""At a terminal: every command has help, and every kind of error its exit code and a remedy."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from datafirst.cli import EXIT_CODES, app
from datafirst.settings import PROJECT, Settings

COMMANDS = [
    "spec check",
    "spec schema",
    "spec ledger",
    "spec methodology",
    "spec plan",
    "synthesise",
    "extract",
    "validate",
    "train",
    "link",
    "quality",
    "explain",
    "release",
    "evaluate",
    "diff",
    "verify",
]
NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--config` speaks to the stages by the environment: no test leaves it to the next."""
    monkeypatch.setenv("DATAFIRST_CONFIG", str(PROJECT / "config"))


@pytest.fixture
def deployment(s3: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Stores of the test's own, and sources that are named, so that nothing embedded starts."""
    for source in PROJECT.glob("config/sources/*/system.toml"):
        monkeypatch.setenv(f"DATAFIRST_SOURCE_{source.parent.name.upper()}_DSN", NOWHERE)
    return s3


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    answer = run(*command.split(), "--help")
    assert answer.exit_code == 0
    assert "Usage:" in answer.output


def test_the_exit_codes_are_told() -> None:
    codes = re.findall(r"; (\d+) ", EXIT_CODES)
    assert codes == ["2", "130", "1", "10", "11", "12", "13", "14", "15", "16", "17"]
    assert "the specification is wrong" in EXIT_CODES


def test_a_sound_specification_is_counted() -> None:
    answer = run("spec", "check")
    assert answer.exit_code == 0, answer.output
    assert "no faults" in answer.output


def test_a_faulty_specification_is_told_with_file_and_line(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(PROJECT / "config", config)
    release = config / "releases" / "2022-02.toml"
    release.write_text(release.read_text().replace('status = "retired"', 'status = "newest"'))
    answer = run("--config", config, "spec", "check")
    assert answer.exit_code == 10
    assert re.search(r"config/releases/2022-02\.toml:\d+: status: ", answer.output)


@pytest.mark.parametrize("command", ["link", "release", "evaluate"])
def test_an_unknown_release_is_refused_and_the_known_are_named(
    deployment: Settings, command: str
) -> None:
    answer = run(command, "2099-01")
    assert answer.exit_code == 10
    assert "unknown release 2099-01" in answer.output and "2022-02" in answer.output


def test_releases_that_were_not_made_are_compared_as_described(deployment: Settings) -> None:
    answer = run("diff", "2020-06", "2022-02")
    assert answer.exit_code == 0, answer.output
    said = " ".join(answer.output.split())
    assert "the specification alone" in said and "2020-06 has not been made" in said
    assert "2020-01-01" not in said and "2011-01-01 to 2020-12-31" in said
    assert run("diff", "2020-06", "2099-01").exit_code == 10


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("extract", "sirius"), "unknown system sirius"),
        (("extract", "libra", "--snapshot", "yesterday"), "YYYY-MM-DD"),
        (("validate", "sirius"), "unknown system sirius"),
        (("train", "journey", "--release", "2022-02"), "unknown model journey"),
    ],
)
def test_what_does_not_exist_is_named(
    deployment: Settings, words: tuple[str, ...], says: str
) -> None:
    answer = run(*words)
    assert answer.exit_code == 10
    assert says in answer.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("extract", "libra", "--snapshot", "2022-01-31"), "DATAFIRST_SOURCE_LIBRA_DSN"),
        (("validate", "libra", "--snapshot", "2022-01-31"), "datafirst extract libra"),
        (("train", "crown", "--release", "2022-02"), "datafirst extract xhibit"),
    ],
)
def test_a_source_that_is_not_there_is_named_with_the_remedy(
    deployment: Settings, words: tuple[str, ...], says: str
) -> None:
    answer = run(*words)
    assert answer.exit_code == 11
    assert says in answer.output


def test_an_absent_file_is_named(deployment: Settings, tmp_path: Path) -> None:
    config = tmp_path / "examples" / "historical" / "config"
    shutil.copytree(PROJECT / "examples" / "historical" / "config", config)
    answer = run("--config", config, "extract", "wikidata", "--snapshot", "2026-01-01")
    assert answer.exit_code == 11
    assert "historical_figures_50k.parquet" in answer.output


def test_an_unreachable_store_is_named_with_the_remedy(
    deployment: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATAFIRST_S3_ENDPOINT", "http://127.0.0.1:9")
    answer = run("link", "2022-02")
    assert answer.exit_code == 16
    assert "no S3 service answers at http://127.0.0.1:9" in answer.output


def test_a_folder_that_is_no_package_is_refused(tmp_path: Path) -> None:
    answer = run("verify", tmp_path)
    assert answer.exit_code == 15
