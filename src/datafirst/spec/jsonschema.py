"""What may stand in a specification file? A JSON Schema for each kind of file, for editors."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from .drift import Drift
from .groups import Area, Tradition
from .ladder import Ladder
from .linkage import Bridges, Dataset, Impossible, LinkField, LinkModel, Veto
from .model import Programme, Share, System
from .release import Recipient, Release
from .table import Role, Table, Treatment

Schema = dict[str, Any]

KINDS: Mapping[str, tuple[str, Any, tuple[str, ...]]] = {
    "programme": ("programme.toml", Programme, ()),
    "policy": ("policy.toml", dict[Role, tuple[Treatment, ...]], ()),
    "system": ("sources/*/system.toml", System, ("id", "tables")),
    "source_table": ("sources/*/*.toml", Table, ("id",)),
    "share": ("shares/*/share.toml", Share, ("id", "tables", "queries")),
    "share_table": ("shares/*/*.toml", Table, ("id",)),
    "fields": ("linkage/fields.toml", dict[str, LinkField], ()),
    "dataset": ("linkage/datasets/*.toml", Dataset, ("id", "query")),
    "model": ("linkage/models/*.toml", LinkModel, ("id",)),
    "vetoes": ("linkage/vetoes.toml", dict[str, Veto], ()),
    "regions": ("linkage/regions.toml", dict[str, tuple[Area, ...]], ()),
    "naming": ("linkage/naming.toml", dict[str, Tradition], ()),
    "impossible": ("linkage/impossible/*.toml", Impossible, ("id", "query")),
    "bridges": ("linkage/bridges/*.toml", Bridges, ("id",)),
    "drift": ("linkage/drift.toml", Drift, ()),
    "ladder": ("linkage/ladders/*.toml", Ladder, ("id",)),
    "release": ("releases/*.toml", Release, ("version",)),
    "recipient": ("recipients/*.toml", Recipient, ("id",)),
}
"""Kind: which files, what they are read as, and what the path says instead of the file."""

SAID_BY_PATH_OR_LOADER = ("name", "source", "codes_list")
SAID_BY_A_MODEL_THAT_IS_LIKE_ANOTHER = ("title", "version", "datasets")
ONLY_IN_SHARES = ("from", "derivation", "release")
FROM = {
    "type": "string",
    "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}$",
    "description": "system.table.variable that is copied, with all that is said of it.",
}


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file."""
    return {f"{kind}.json": _text(_schema(kind)) for kind in KINDS}


def _schema(kind: str) -> Schema:
    pattern, read_as, unsaid = KINDS[kind]
    schema = _portable(TypeAdapter(read_as).json_schema())
    _without(schema, unsaid)
    if read_as is LinkModel:
        required = schema.pop("required")
        said = [name for name in required if name in SAID_BY_A_MODEL_THAT_IS_LIKE_ANOTHER]
        schema["anyOf"] = [{"required": ["like", *said]}, {"required": required}]
        added = {name: schema["properties"][name] for name in ("comparisons", "block_on")}
        schema["properties"]["also"] = {
            "type": "object",
            "properties": added,
            "additionalProperties": False,
            "description": "What is added to the lists of the model that it is like.",
        }
    if read_as is Table:
        schema["$defs"]["Variable"] = _variable(schema["$defs"]["Variable"], kind == "share_table")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"config/{pattern}",
    }


def _variable(schema: Schema, in_share: bool) -> Schema:
    """A variable as it stands in a file: named by its heading, and perhaps copied."""
    _without(schema, SAID_BY_PATH_OR_LOADER)
    properties = schema["properties"]
    table = {"type": "object", "additionalProperties": {"type": "string"}}
    listed = {"type": "string", "description": "A list of config/codes, by its name."}
    properties["codes"] = {"title": "Codes", "anyOf": [table, listed]}
    if not in_share:
        for name in ONLY_IN_SHARES:
            properties.pop(name, None)
        return schema
    properties["from"] = FROM
    required = schema.pop("required")
    return {**schema, "anyOf": [{"required": ["from"]}, {"required": required}]}


def _without(schema: Schema, names: tuple[str, ...]) -> None:
    for name in names:
        schema.get("properties", {}).pop(name, None)
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in names]
    _prune(schema)


def _prune(schema: Schema) -> None:
    """Drops definitions that nothing refers to any more."""
    while definitions := schema.get("$defs"):
        text = json.dumps(schema)
        unused = [name for name in definitions if f'"#/$defs/{name}"' not in text]
        if not unused:
            return
        for name in unused:
            del definitions[name]
    schema.pop("$defs", None)


def _portable(value: Any) -> Any:
    """The same schema with patterns that every editor's regular expressions know."""
    if isinstance(value, dict):
        changed = {key: _portable(inner) for key, inner in value.items()}
        if isinstance(changed.get("pattern"), str):
            changed["pattern"] = changed["pattern"].replace("(?s)^[A-Z0-9].*", r"^[A-Z0-9][\s\S]*")
        return changed
    return [_portable(inner) for inner in value] if isinstance(value, list) else value


def _text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
