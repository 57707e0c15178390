"""Does the page of known faults name tests that exist, and every system's?"""

import ast
import re
from pathlib import Path

import pytest

from datafirst.settings import PROJECT
from datafirst.spec import load

PAGE = (PROJECT / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_every_test_it_names_exists() -> None:
    assert NAMED
    paths = {path for path, _ in NAMED}
    defined = {path: functions(path) for path in paths}
    assert [f"{path}::{name}" for path, name in NAMED if name not in defined[path]] == []


def functions(path: str) -> set[str]:
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_fault_has_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 5]
    faults = [row for row in rows if not row.startswith("| fault ")]
    assert len(faults) > 50
    assert [row.split("|")[1].strip() for row in faults if "::test_" not in row] == []


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("tests/faults/test_*.py")), ids=lambda p: p.stem
)
def test_every_module_of_faults_is_on_it(path: Path) -> None:
    assert f"tests/faults/{path.name}::" in PAGE


def test_every_system_has_its_faults() -> None:
    titles = " ".join(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)).lower()
    known = {
        "caseman": "caseman",
        "pcol": "possession claims",
        "delius": "delius",
        "nomis": "nomis",
    }
    systems = load(PROJECT / "config").systems
    assert [s for s in systems if known.get(s, s) not in titles] == []
