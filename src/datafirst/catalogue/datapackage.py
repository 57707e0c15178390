"""How does a program read the share? A Data Package (version 2) that can check its CSV files."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from datafirst.spec import Programme, Recipient, Release, Share, Table, Treatment, Variable

from .subject import inside

Paths = Mapping[str, Sequence[str]]
"""By format, the parts of a table in order."""


def descriptor(
    programme: Programme,
    share: Share,
    release: Release,
    recipient: Recipient,
    tables: Mapping[str, Table],
    paths: Mapping[str, Paths],
) -> dict[str, Any]:
    """datapackage.json. It stands beside the data folder, since paths may not lead upwards."""
    made = f"{release.date}T00:00:00Z"
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"{programme.id}-{share.id}".replace("_", "-"),
        "id": f"{programme.id}/{share.id}/{release.version}/{recipient.id}",
        "title": f"{share.title}, release {release.version}",
        "description": share.description,
        "version": release.version,
        "created": made,
        "licenses": [{"name": _licence(programme.licence), "title": programme.licence}],
        "contributors": [{"title": share.owner, "roles": ["creator"]}],
        "resources": [_resource(t, tables, paths[t.name]) for t in tables.values()],
    }


def _resource(table: Table, tables: Mapping[str, Table], paths: Paths) -> dict[str, Any]:
    main = "csv" if "csv" in paths else next(iter(paths))
    about = {"encoding": "utf-8", "mediatype": "text/csv"} if main == "csv" else {}
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "description": f"{table.description} {table.grain}",
        "path": _one_or_many(paths[main]),
        "format": main,
        **about,
        "alternatives": [
            {"format": other, "path": _one_or_many(parts)}
            for other, parts in paths.items()
            if other != main
        ],
        "schema": {
            "fieldsMatch": "exact",
            "fields": [field(v) for v in table],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": _foreign_keys(table, tables),
        },
    }


def _one_or_many(parts: Sequence[str]) -> str | list[str]:
    return parts[0] if len(parts) == 1 else list(parts)


def field(variable: Variable) -> dict[str, Any]:
    """A variable as a Table Schema field."""
    constraints = {
        "required": variable.missing_up_to == 0 or None,
        "enum": list(variable.codes) if variable.codes else None,
        "pattern": variable.pattern,
        "minimum": _plain(variable.minimum),
        "maximum": _plain(variable.maximum),
    }
    codes = (variable.codes or {}).items()
    said = {
        "name": variable.name,
        "type": variable.type.value,
        "description": " ".join(filter(None, (variable.description, variable.quality))),
        "unit": variable.unit,
        "treatment": (variable.release or Treatment.KEEP).value,
        "categories": [{"value": code, "label": label} for code, label in codes] or None,
        "constraints": {k: v for k, v in constraints.items() if v is not None} or None,
    }
    return {k: v for k, v in said.items() if v is not None}


def _foreign_keys(table: Table, tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    return [
        {
            "fields": list(join.on),
            "reference": {"resource": join.table.split(".")[1], "fields": list(join.target)},
        }
        for join in table.joins
        if inside(table, join, tables) and not join.unmatched_up_to
    ]


def _plain(value: int | float | date | None) -> int | float | str | None:
    return value.isoformat() if isinstance(value, date) else value


def _licence(text: str) -> str:
    """An identifier like OGL-UK-3.0, or `other` for terms in words."""
    return text if re.fullmatch(r"[-A-Za-z0-9._]+", text) else "other"
