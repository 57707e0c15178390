"""What does a share variable take over from the source variable it is copied from?"""

from typing import Any

from .locate import Disagreement, Located, Place, fault

INHERITED = (
    "role",
    "type",
    "description",
    "quality",
    "coverage",
    "unit",
    "identifies",
    "missing_up_to",
)
CONSTRAINTS = ("codes", "pattern", "minimum", "maximum")
"""Inherited too, unless the type or one of them is said anew."""

Contents = dict[str, Any]


def inherit(
    contents: Contents, codes: dict[str, dict[str, str]], files: dict[Place, Located]
) -> list[str]:
    """Completes every variable in place; returns the faults found on the way."""
    faults = []
    for kind in ("systems", "shares"):
        for group, owner in contents.get(kind, {}).items():
            for table, content in owner.get("tables", {}).items():
                if not isinstance(content.get("variables"), dict):
                    continue
                for name, variable in content["variables"].items():
                    place = (kind, group, "tables", table, "variables", name)
                    if isinstance(variable, dict):
                        content["variables"][name] = found = {"name": name, **variable}
                        problems = [*_copy(found, contents), *_codes(found, codes)]
                        faults += [fault(files, Disagreement((*place, k), m)) for k, m in problems]
    return faults


def _copy(variable: Contents, contents: Contents) -> list[tuple[str, str]]:
    source = variable.pop("from", None)
    if source is None:
        return []
    variable["source"] = source
    parts = str(source).split(".")
    if len(parts) != 3:
        return [("from", "must be system.table.variable")]
    tables = contents.get("systems", {}).get(parts[0], {}).get("tables", {})
    original = tables.get(parts[1], {}).get("variables", {}).get(parts[2])
    if not isinstance(original, dict):
        return [("from", f"no such source variable as {source}")]
    anew = {"type", *CONSTRAINTS} & variable.keys()
    taken = INHERITED if anew else (*INHERITED, *CONSTRAINTS, "codes_list")
    for key in taken:
        if key in original and key not in variable:
            variable[key] = original[key]
    return []


def _codes(variable: Contents, codes: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    named = variable.get("codes")
    if not isinstance(named, str):
        return []
    if named not in codes:
        variable.pop("codes")
        return [("codes", f"no code list config/codes/{named}.csv")]
    variable["codes"], variable["codes_list"] = codes[named], named
    return []
