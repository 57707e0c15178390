"""Rooms keep their walls, modules stay small, and what Python cannot see is looked at too."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from datafirst.settings import PROJECT

SOURCES = sorted([*PROJECT.glob("src/**/*.py"), *PROJECT.glob("dags/*.py")])
SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "handler",
    "core",
    "misc",
}


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["lint-imports", "--no-logo"],
        ["mypy", "src"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tools_find_no_fault(command: list[str]) -> None:
    tool = Path(sys.executable).parent / command[0]
    done = subprocess.run([tool, *command[1:]], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_module_answers_one_question_in_few_lines(path: Path) -> None:
    text = path.read_text()
    module = ast.parse(text)
    assert ast.get_docstring(module), "its first line says which question it answers"
    assert len(text.splitlines()) <= 250
    assert path.stem not in SAYS_NOTHING
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno
            assert lines <= 40, f"{node.name} has {lines} lines"


def test_the_lock_names_no_registry() -> None:
    for lock in PROJECT.glob("requirements*.lock"):
        text = lock.read_text()
        assert not re.search(r"https?://|--index|--find-links", text), lock.name
        pinned = re.findall(r"(?m)^[\w.\[\]-]+==", text)
        assert pinned and text.count("--hash=sha256:") >= len(pinned), lock.name


def test_what_builds_is_what_is_installed() -> None:
    """What is in both locks is one version: no second one replaces what the first put there."""
    pinned = [
        dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", (PROJECT / lock).read_text()))
        for lock in ("requirements-build.lock", "requirements.lock")
    ]
    both = pinned[0].keys() & pinned[1].keys()
    assert "setuptools" in both
    assert [name for name in both if pinned[0][name] != pinned[1][name]] == []
