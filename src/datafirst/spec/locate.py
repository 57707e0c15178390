"""On which line does a fault of the specification stand?"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Place = tuple[str, ...]
"""Where something stands in the specification: ("shares", "crown", "tables", "offence")."""


@dataclass(frozen=True)
class Located:
    """A file's content, and what is needed to say where in it something stands."""

    name: str
    content: dict[str, Any]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Disagreement:
    """A fault between parts of the specification that are each well formed."""

    place: tuple[str | int, ...]
    says: str


def located(path: Path, config: Path) -> Located:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(config.parent).as_posix()
    return Located(name, tomllib.loads(text), tuple(text.splitlines()))


def fault(files: dict[Place, Located], error: Any) -> str:
    """`file:line: where: what is wrong` for a pydantic error or a Disagreement."""
    if isinstance(error, Disagreement):
        place, message = error.place, error.says
    else:
        place, message = error["loc"], error["msg"].removeprefix("Value error, ")
    steps = tuple(str(step) for step in place)
    for size in range(len(steps), 0, -1):
        if file := files.get(steps[:size]):
            inside = steps[size:]
            return f"{file.name}:{_line(file, inside)}: {'.'.join((*inside, ''))[:-1]}: {message}"
    return f"{'.'.join(steps)}: {message}"


def _line(file: Located, inside: Place) -> int:
    """The line of the key, or else of the nearest heading that the fault lies under."""
    start, rest = _heading(file, inside)
    if rest:
        key = re.compile(rf"^\s*{re.escape(rest[0])}\s*=")
        for number in range(start, len(file.lines)):
            if number > start and file.lines[number].startswith("["):
                break
            if key.match(file.lines[number]):
                return number + 1
    return start + 1


def _heading(file: Located, inside: Place) -> tuple[int, Place]:
    for depth in range(len(inside), 0, -1):
        name, nth = ".".join(s for s in inside[:depth] if not s.isdigit()), 0
        if inside[depth - 1].isdigit():
            nth, heading = int(inside[depth - 1]), f"[[{name}]]"
        else:
            heading = f"[{name}]"
        found = [i for i, line in enumerate(file.lines) if line.strip() == heading]
        if len(found) > nth:
            return found[nth], inside[depth:]
    return 0, inside
