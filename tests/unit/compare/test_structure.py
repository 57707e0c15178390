"""What is said of tables, variables and codes is compared, and every difference is named."""

from typing import Any

from datafirst.compare import Side, codes, tables, variables

SEX = {
    "name": "sex",
    "type": "string",
    "description": "Sex.",
    "treatment": "keep",
    "categories": [{"value": "F", "label": "Female"}, {"value": "M", "label": "Male"}],
    "constraints": {"required": True, "enum": ["F", "M"]},
}
BORN = {"name": "born", "type": "integer", "description": "Year.", "treatment": "year"}


def side(version: str, rows: int | None = None, **tables: list[dict[str, Any]]) -> Side:
    described = {
        f"visits.{name}": {"name": name, "title": name, "schema": {"fields": fields}}
        for name, fields in tables.items()
    }
    counted = {} if rows is None else dict.fromkeys(described, rows)
    return Side({"version": version, "shares": ["visits"]}, described, rows=counted)


def test_tables_come_go_change_and_stay() -> None:
    old = side("1", 5, person=[SEX], visit=[BORN], place=[BORN])
    new = side("2", 6, person=[SEX, BORN], visit=[BORN], guest=[BORN])
    assert [(t["table"], t["change"]) for t in tables(old, new)] == [
        ("person", "changed"),
        ("visit", "kept"),
        ("place", "removed"),
        ("guest", "added"),
    ]
    [person, _, place, _] = tables(old, new)
    assert person["variables"] == {"old": 1, "new": 2}
    assert place["rows"] == {"old": 5, "new": None}


def test_variables_come_and_go_in_tables_of_both() -> None:
    old, new = side("1", person=[SEX], visit=[BORN]), side("2", person=[BORN], guest=[SEX])
    assert [(v["table"], v["variable"], v["change"]) for v in variables(old, new)] == [
        ("person", "sex", "removed"),
        ("person", "born", "added"),
    ]


def test_each_thing_said_of_a_variable_is_compared() -> None:
    now = BORN | {"type": "date", "treatment": "keep", "constraints": {"minimum": "2000-01-01"}}
    found = variables(side("1", person=[BORN]), side("2", person=[now]))
    assert [(v["what"], v["old"], v["new"]) for v in found] == [
        ("type", "integer", "date"),
        ("treatment", "year", "keep"),
        ("minimum", None, "2000-01-01"),
    ]


def test_codes_come_go_and_are_relabelled() -> None:
    now = SEX | {
        "categories": [{"value": "F", "label": "Women"}, {"value": "X", "label": "Unknown"}],
        "constraints": {"required": True, "enum": ["F", "X"]},
    }
    old, new = side("1", person=[SEX]), side("2", person=[now])
    [found] = codes(old, new)
    assert found["variable"] == "sex"
    assert (found["added"], found["removed"], found["relabelled"]) == (["X"], ["M"], ["F"])
    assert variables(old, new) == []  # told once, as codes


def test_what_is_the_same_is_not_told() -> None:
    old, new = side("1", person=[SEX, BORN]), side("2", person=[SEX, BORN])
    assert variables(old, new) == [] and codes(old, new) == []
