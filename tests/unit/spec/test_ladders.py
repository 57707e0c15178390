"""A ladder is strict enough, and all that it names is there; faults have file and line."""

import shutil
from pathlib import Path

import pytest

from datafirst.errors import SpecificationError
from datafirst.spec import load
from datafirst.spec.reach import reached

HAMLET = Path(__file__).parents[2] / "hamlet" / "config"
RELEASE = "releases/2022-02.toml"
LADDER = "linkage/ladders/police_school.toml"
KINDS = {
    "forename1": "name",
    "sex": "code",
    "date_of_birth": "date_of_birth",
    "postcode": "postcode",
    "pnc": "pnc",
}
RULES = """title = "Police and schools"
version = "2022-02"
left = "police"
right = "school"
one_to_one = true
pairs_up_to = 1000

[[rules]]
name = "strict"
says = "Forename, surname and sex are equal, and all of the date of birth but the day."
agree = ["forename1", "surname", "sex", "date_of_birth_year_month"]

[[rules]]
name = "alike"
says = "All are equal but the surname, which is alike."
agree = ["forename1", "date_of_birth", "postcode"]
alike = [{field = "surname", by = "jaro_winkler", at_least = 0.9}]

[[rules]]
name = "number"
says = "The number is equal."
agree = ["pnc"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    made = Path(shutil.copytree(HAMLET, tmp_path / "config"))
    for name in ("police", "school"):
        path = made / "linkage" / "datasets" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'title = "{name}"\nsystem = "register"\ntable = "person"\n')
    with (made / "linkage" / "fields.toml").open("a") as fields:
        for name, kind in KINDS.items():
            fields.write(f'\n[{name}]\nkind = "{kind}"\ndescription = "One of the fields."\n')
    (made / LADDER).parent.mkdir()
    (made / LADDER).write_text(RULES)
    change(made, RELEASE, "[snapshots]", 'ladders = ["police_school"]\n\n[snapshots]')
    return made


def change(config: Path, name: str, old: str, new: str) -> None:
    text = (config / name).read_text()
    assert old in text
    (config / name).write_text(text.replace(old, new, 1))


def faults(config: Path) -> list[str]:
    with pytest.raises(SpecificationError) as error:
        load(config)
    return str(error.value).splitlines()


def test_a_ladder_is_read_rule_by_rule(config: Path) -> None:
    ladder = load(config).linkage.ladders["police_school"]
    assert [rung.name for rung in ladder.rules] == ["strict", "alike", "number"]
    assert ladder.datasets == ("police", "school") and ladder.rules[1].alike[0].at_least == 0.9


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"surname", "sex", "date', '"sex", "date', 11, "2 of forename1, surname, date_of_birth"),
        ('["pnc"]', '["surname"]', 22, "1 of forename1, surname, date_of_birth, sex, postcode is"),
        ('"date_of_birth_year_month"', '"birth_month"', 11, "no linkage record has a column birth"),
        ('left = "police"', 'left = "army"', 3, "no such dataset as army"),
        ('right = "school"', 'right = "police"', 4, "leads from one dataset to another"),
        ('name = "alike"', 'name = "strict"', 9, "two rules are called strict"),
        ('field = "surname"', 'field = "name"', 17, "no such field as name"),
        ('field = "surname"', 'field = "sex"', 17, "sex is a code: none is alike by jaro_winkler"),
        (", at_least = 0.9", "", 17, "`at_least` goes with jaro_winkler"),
        ('"jaro_winkler", at_least = 0.9', '"soundex", at_least = 0.9', 17, "`at_least` goes with"),
        ('"jaro_winkler", at_least = 0.9', '"swapped_with"', 17, "`against` goes with swapped"),
        ('"jaro_winkler"', '"guessing"', 17, "Input should be"),
        ("0.9}", "1.5}", 17, "less than 1"),
    ],
)
def test_every_fault_of_a_ladder_is_told_with_its_line(
    config: Path, old: str, new: str, line: int, says: str
) -> None:
    change(config, LADDER, old, new)
    told = [fault for fault in faults(config) if says in fault]
    assert told and told[0].startswith(f"config/{LADDER}:{line}:"), told


def test_a_ladder_of_a_release_is_there_and_has_its_snapshots(config: Path) -> None:
    change(config, RELEASE, '["police_school"]', '["police_school", "police_army"]')
    change(config, RELEASE, "register = 2022-01-31", "")
    told = faults(config)
    assert any("ladders: no such ladder as police_army" in fault for fault in told)
    assert any("ladder police_school needs a snapshot of register" in fault for fault in told)


@pytest.mark.parametrize(
    ("left", "right", "says"),
    [
        ("police", "school", "school is linked by 2 ladders"),
        ("school", "police", "police is the left of one ladder and the right of another"),
    ],
)
def test_the_ladders_of_a_release_give_each_record_one_individual(
    config: Path, left: str, right: str, says: str
) -> None:
    again = RULES.replace('"police"', f'"{left}"').replace('right = "school"', f'right = "{right}"')
    (config / "linkage/ladders/again.toml").write_text(
        again.replace('left = "school"', f'left = "{left}"')
    )
    load(config)
    change(config, RELEASE, '["police_school"]', '["police_school", "again"]')
    assert any(says in fault for fault in faults(config))


def test_a_release_depends_on_its_ladders_and_on_no_others(config: Path) -> None:
    def digest() -> str:
        spec = load(config)
        return reached(spec, spec.releases["2022-02"])

    before = digest()
    (config / "linkage/ladders/other.toml").write_text(RULES)
    assert digest() == before
    change(config, LADDER, "at_least = 0.9", "at_least = 0.8")
    changed = digest()
    assert changed != before
    change(config, "linkage/datasets/school.toml", '"school"', '"Schools"')
    assert digest() not in (before, changed)
