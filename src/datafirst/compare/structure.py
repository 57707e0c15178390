"""Which tables, variables and codes are there in one release and not, or otherwise, in another?"""

from collections.abc import Iterator, Mapping
from typing import Any

from .side import Resource, Side

ADDED, REMOVED, CHANGED, KEPT = "added", "removed", "changed", "kept"
SAID = ("title", "description")
"""What is said of a table and may change."""
OF_A_VARIABLE = ("type", "treatment", "description", "unit")
Found = dict[str, Any]


def tables(old: Side, new: Side) -> list[Found]:
    """Every table of either release: whether it came, went or stayed, and how large it is."""
    return [
        {
            "share": id.split(".")[0],
            "table": id.split(".")[1],
            "change": _change(old.tables.get(id), new.tables.get(id)),
            "variables": {"old": _size(old, id), "new": _size(new, id)},
            "rows": {"old": old.rows.get(id), "new": new.rows.get(id)},
        }
        for id in _order(old.tables, new.tables)
    ]


def variables(old: Side, new: Side) -> list[Found]:
    """The variables that came, went or changed, of the tables that both releases have."""
    return [
        {"share": id.split(".")[0], "table": id.split(".")[1], **found}
        for id in _both(old, new)
        for found in _variables(_fields(old.tables[id]), _fields(new.tables[id]))
    ]


def codes(old: Side, new: Side) -> list[Found]:
    """The codes that came, went or were relabelled, of the variables that both releases have."""
    found = []
    for id in _both(old, new):
        before, after = _fields(old.tables[id]), _fields(new.tables[id])
        for name in (name for name in before if name in after):
            changed = _codes(_labels(before[name]), _labels(after[name]))
            if any(changed.values()):
                share, table = id.split(".")
                found.append({"share": share, "table": table, "variable": name, **changed})
    return found


def _variables(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> Iterator[Found]:
    for name in _order(old, new):
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            yield {"variable": name, "change": _change(before, after)}
            continue
        for what, was, now in _differences(before, after):
            yield {"variable": name, "change": CHANGED, "what": what, "old": was, "new": now}


def _differences(old: Resource, new: Resource) -> Iterator[tuple[str, Any, Any]]:
    for what in OF_A_VARIABLE:
        if old.get(what) != new.get(what):
            yield what, old.get(what), new.get(what)
    bounds, limits = old.get("constraints") or {}, new.get("constraints") or {}
    # Codes are told apart from other constraints: there may be hundreds of them.
    for what in sorted((bounds.keys() | limits.keys()) - {"enum"}):
        if bounds.get(what) != limits.get(what):
            yield what, bounds.get(what), limits.get(what)


def _codes(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        ADDED: [code for code in new if code not in old],
        REMOVED: [code for code in old if code not in new],
        "relabelled": [code for code in old if code in new and old[code] != new[code]],
    }


def _labels(field: Resource) -> dict[str, str]:
    return {c["value"]: c["label"] for c in field.get("categories") or ()}


def _fields(resource: Resource) -> dict[str, Resource]:
    return {field["name"]: field for field in resource["schema"]["fields"]}


def _both(old: Side, new: Side) -> list[str]:
    return [id for id in old.tables if id in new.tables]


def _change(old: Resource | None, new: Resource | None) -> str:
    if old is None or new is None:
        return ADDED if old is None else REMOVED
    said = any(old.get(what) != new.get(what) for what in SAID)
    return CHANGED if said or old["schema"] != new["schema"] else KEPT


def _size(side: Side, id: str) -> int | None:
    return len(_fields(side.tables[id])) if id in side.tables else None


def _order(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The names of both, each once: those of the old one first, as they stand there."""
    return list(dict.fromkeys((*old, *new)))
