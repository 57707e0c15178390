"""By which rules is a release made? The tests that enforce them, rendered as a page to be read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from .errors import SpecificationError

HEAD = """# Methodology

Every rule below is enforced by a test of the same name in `tests/spec/`, and this page is made
from those tests: `datafirst spec methodology --write`. It cannot say what is not so.
"""


def render(tests: Path) -> str:
    """The page, from test modules written to be read.

    A module's docstring is the heading of a section and its text, a class's that of a part of
    it, and a test's docstring is a rule. SpecificationError names the tests that say nothing.
    """
    sections, silent = [], []
    for path in sorted(tests.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        sections.append("\n".join(_section(tree, path.stem)))
        silent += [f"{path.name}:{node.lineno}: {node.name}" for node in _silent(tree)]
    if silent:
        raise SpecificationError(
            "a test of tests/spec states its rule in its docstring; these have none:\n"
            + "\n".join(silent)
        )
    return "\n".join([HEAD, *sections])


def _section(tree: ast.Module, name: str) -> Iterator[str]:
    title, _, text = (ast.get_docstring(tree) or name).partition("\n")
    yield f"## {title.rstrip('.')}\n"
    if text.strip():
        yield f"{text.strip()}\n"
    yield from _rules(tree.body)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            heading = (ast.get_docstring(node) or node.name).splitlines()[0]
            yield f"### {heading.rstrip('.')}\n"
            yield from _rules(node.body)


def _rules(body: list[ast.stmt]) -> Iterator[str]:
    tests = [node for node in body if isinstance(node, ast.FunctionDef) and _is_test(node)]
    for node in tests:
        rule, _, more = (ast.get_docstring(node) or "").partition("\n\n")
        yield f"- {_one_line(rule)}"
        if more:
            yield f"  {_one_line(more)}"
    if tests:
        yield ""


def _silent(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _is_test(node) and not ast.get_docstring(node):
            yield node


def _is_test(node: ast.FunctionDef) -> bool:
    return node.name.startswith("test_")


def _one_line(text: str) -> str:
    return " ".join(text.split())
