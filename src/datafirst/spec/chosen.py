"""How are chosen thresholds written into a model's file? In place, and nothing else is touched."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from datafirst.errors import SpecificationError

from .linkage import Thresholds

TABLE = "thresholds"
OWN = re.compile(r"\s*\[\[?\s*thresholds\s*[\].]")
HEADING = re.compile(r"\s*\[")


def rewritten(text: str, thresholds: Thresholds, name: str) -> str:
    """The text of a model's file with other thresholds; its other lines as they were.

    SpecificationError where the file says its thresholds in a way that cannot be replaced line by
    line (as an inline table, or with a bracket at the beginning of a line of text).
    """
    before = tomllib.loads(text)
    lines = text.splitlines(keepends=True)
    if TABLE not in before:
        new = text.rstrip("\n") + "\n\n" + "".join(_table(thresholds))
    else:
        own = list(_owned(lines))
        first = own[0] if own else len(lines)
        rest = [line for i, line in enumerate(lines) if i not in set(own)]
        after = "\n" if "".join(rest[first : first + 1]).strip() else ""
        new = "".join([*rest[:first], *_table(thresholds), after, *rest[first:]])
    wanted = {**before, TABLE: _plain(thresholds)}
    if not _reads(new, wanted):
        raise SpecificationError(
            f"{name}: its thresholds cannot be replaced: give them a [{TABLE}] table of their own"
        )
    return new


def written(thresholds: Thresholds) -> str:
    """The [thresholds] table."""
    return "".join(_table(thresholds))


def _owned(lines: list[str]) -> Iterator[int]:
    """The lines of the table and of the tables in it, up to the comments of the next one."""
    inside = False
    held: list[int] = []
    for number, line in enumerate(lines):
        if HEADING.match(line):
            inside = bool(OWN.match(line))
        if not inside:
            held = []
        elif line.strip() and not line.lstrip().startswith("#"):
            yield from held
            yield number
            held = []
        else:
            held.append(number)


def _plain(thresholds: Thresholds) -> dict[str, Any]:
    dumped = thresholds.model_dump(mode="json", exclude_none=True)
    if "evidence" in dumped and not dumped["evidence"]["groups"]:
        del dumped["evidence"]["groups"]
    return dumped


def _reads(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _table(thresholds: Thresholds) -> Iterator[str]:
    plain = _plain(thresholds)
    evidence = plain.pop("evidence", None)
    yield f"[{TABLE}]\n"
    yield from _keys(plain)
    if evidence is None:
        return
    groups = evidence.pop("groups", ())
    yield f"\n[{TABLE}.evidence]\n"
    yield from _keys(evidence)
    for group in groups:
        yield f"\n[[{TABLE}.evidence.groups]]\n"
        yield from _keys(group)


def _keys(table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict) and any(isinstance(each, dict) for each in value.values()):
            yield from _keys(value, f"{above}{key}.")
        else:
            yield f"{above}{key} = {_value(value)}\n"


def _value(value: Any) -> str:
    """A value as TOML writes it; its strings escape as JSON's do."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
