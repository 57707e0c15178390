"""An editor accepts every file that loads, and marks what does not."""

import json
import tomllib
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from datafirst.spec.jsonschema import KINDS, schemas

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "config", ROOT / "examples/historical/config", ROOT / "tests/unit/court/config"]


def plain(value):
    """TOML as an editor hands it to a schema: dates are text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def kind_of(path, folder):
    relative = path.relative_to(folder)
    return next(kind for kind, (pattern, *_) in KINDS.items() if relative.match(pattern))


def files():
    return [(path, folder) for folder in FOLDERS for path in sorted(folder.rglob("*.toml"))]


@cache
def validator(kind):
    return jsonschema.Draft202012Validator(json.loads(schemas()[f"{kind}.json"]))


@pytest.mark.parametrize(
    ("path", "folder"), files(), ids=lambda p: "/".join(p.parts[-3:]) if p.suffix else ""
)
def test_every_file_of_the_project_is_accepted(path, folder):
    content = plain(tomllib.loads(path.read_text()))
    assert [e.message for e in validator(kind_of(path, folder)).iter_errors(content)] == []


VARIABLE = {"role": "research", "type": "string", "description": "A colour."}


def table(**changes):
    """A table file with one variable, changed."""
    variable = {k: v for k, v in {**VARIABLE, **changes}.items() if v is not None}
    return {
        "title": "T",
        "description": "D.",
        "grain": "G.",
        "key": ["colour"],
        "variables": {"colour": variable},
    }


@pytest.mark.parametrize(
    ("kind", "changes", "accepted"),
    [
        ("source_table", {}, True),
        ("source_table", {"codes": {"R": "Red"}}, True),
        ("source_table", {"codes": "colours"}, True),
        ("source_table", {"codes": {"R": 1}}, False),
        ("source_table", {"role": None}, False),
        ("source_table", {"role": "secret"}, False),
        ("source_table", {"description": "no capital."}, False),
        ("source_table", {"description": "Two\nlines."}, True),
        ("source_table", {"rolle": "research"}, False),
        ("source_table", {"name": "colour"}, False),
        ("source_table", {"from": "a.b.c"}, False),
        ("source_table", {"release": "keep"}, False),
        ("share_table", {"release": "keep"}, True),
        ("share_table", {"role": None}, False),
        ("share_table", {"role": None, "type": None, "description": None, "from": "a.b.c"}, True),
        ("share_table", {"from": "a.b"}, False),
    ],
)
def test_a_variable_is_judged_as_the_loader_judges_it(kind, changes, accepted):
    assert validator(kind).is_valid(table(**changes)) == accepted


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_path_says_may_not_be_said_again(kind):
    _, _, unsaid = KINDS[kind]
    schema = json.loads(schemas()[f"{kind}.json"])
    assert not set(unsaid) & set(schema.get("properties", {}))
    jsonschema.Draft202012Validator.check_schema(schema)


def test_editors_are_told_which_schema_belongs_to_which_files():
    rules = tomllib.loads((ROOT / ".taplo.toml").read_text())["rule"]
    told = {rule["schema"]["path"]: rule["include"] for rule in rules}
    assert told == {
        f"docs/schema/{kind}.json": [f"**/config/{pattern}"]
        for kind, (pattern, *_) in KINDS.items()
    }
