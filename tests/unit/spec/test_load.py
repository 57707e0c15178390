"""The specification is read whole, and its faults are told all at once, with file and line."""

import shutil
from pathlib import Path

import pytest

from datafirst.errors import SpecificationError
from datafirst.spec import Role, Treatment, load
from datafirst.spec.reach import reached

FILES = {
    "programme.toml": """
id = "small"
title = "A small programme"
contact = "nobody@example.org"
licence = "None"
""",
    "policy.toml": """
direct_identifier = ["drop"]
internal_id = ["pseudonymise", "drop"]
linkage = ["drop", "year"]
research = ["keep", "drop"]
truth = ["drop"]
""",
    "codes/sex.csv": """code,label,description,valid_from,valid_to
F,Female,,,
M,Male,,,
""",
    "sources/gaol/system.toml": """
title = "Gaol"
description = "A gaol's book."
owner = "The gaoler"
extracted = "once"
connection = {kind = "file", path = "data"}
""",
    "sources/gaol/inmate.toml": """
title = "Inmates"
description = "People held."
grain = "One row for each inmate."
key = ["number"]
quarantine_up_to = 0.1

[variables.number]
description = "Number in the book."
role = "internal_id"
type = "string"
identifies = "inmate"

[variables.surname]
description = "Surname."
role = "direct_identifier"
type = "string"
links_as = "surname"

[variables.sex]
description = "Sex as written in the book."
role = "research"
type = "string"
codes = "sex"
missing_up_to = 0.2

[[rules]]
says = "Numbers are not empty."
holds = "number <> ''"
""",
    "shares/gaol/share.toml": """
title = "Gaol"
description = "Who was held."
owner = "The gaoler"
population = "Everyone in the book."

[[accounts]]
table = "gaol.inmate"
rows_of = "inmate"
""",
    "shares/gaol/inmate.toml": """
title = "Inmates"
description = "People held."
grain = "One row for each inmate."
key = ["number"]

[variables.number]
from = "gaol.inmate.number"

[variables.sex]
from = "gaol.inmate.sex"
quality = "Never checked."
""",
    "shares/gaol/inmate.sql": "SELECT _row, number, sex FROM inmate",
    "linkage/fields.toml": """
[surname]
kind = "name"
description = "Surname."
""",
    "releases/2022-02.toml": """
title = "First"
date = 2022-02-28
status = "current"
shares = ["gaol"]
recipients = ["srs"]
key_epoch = "1"
snapshots = {gaol = 2022-01-31}
[coverage.gaol]
start = 2011-01-01
end = 2020-12-31
""",
    "recipients/srs.toml": """
title = "A safe place"
formats = ["parquet"]
bucket = "srs"
part_rows = 1000
""",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip())
    return tmp_path / "config"


def change(config: Path, name: str, old: str, new: str) -> None:
    path = config / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def faults(config: Path) -> list[str]:
    with pytest.raises(SpecificationError) as error:
        load(config)
    return str(error.value).splitlines()


def test_a_share_variable_takes_over_what_its_source_says(config: Path) -> None:
    sex = load(config).shares["gaol"].tables["inmate"].variables["sex"]
    assert sex.role is Role.RESEARCH
    assert sex.codes == {"F": "Female", "M": "Male"} and sex.codes_list == "sex"
    assert sex.missing_up_to == 0.2
    assert sex.quality == "Never checked."
    assert sex.source == "gaol.inmate.sex"


def test_a_changed_type_drops_the_constraints_of_the_source(config: Path) -> None:
    change(
        config,
        "shares/gaol/inmate.toml",
        'quality = "Never checked."',
        'type = "integer"\nminimum = 0',
    )
    sex = load(config).shares["gaol"].tables["inmate"].variables["sex"]
    assert (sex.codes, sex.minimum) == (None, 0)


def test_the_default_treatment_is_the_first_of_the_policy(config: Path) -> None:
    spec = load(config)
    number = spec.shares["gaol"].tables["inmate"].variables["number"]
    assert spec.treatment(number) is Treatment.PSEUDONYMISE


def test_every_fault_is_told_at_once_with_file_and_line(config: Path) -> None:
    change(config, "sources/gaol/inmate.toml", 'role = "direct_identifier"\n', "")
    change(config, "sources/gaol/inmate.toml", '"Sex as written in the book."', '"sex"')
    change(config, "shares/gaol/share.toml", 'owner = "The gaoler"\n', 'colour = "red"\n')
    change(config, "releases/2022-02.toml", '"current"', '"modern"')
    told = faults(config)
    where = {line.split(": ")[0] for line in told}
    assert where >= {
        "config/sources/gaol/inmate.toml:13",
        "config/sources/gaol/inmate.toml:19",
        "config/shares/gaol/share.toml:3",
        "config/releases/2022-02.toml:3",
    }
    assert any("variables.surname.role: Field required" in line for line in told)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("policy.toml", 'truth = ["drop"]\n', "", "no rule for truth"),
        (
            "shares/gaol/inmate.toml",
            'quality = "Never checked."',
            'release = "year"',
            "config/shares/gaol/inmate.toml:11: variables.sex.release: "
            "a research may not be released as year",
        ),
        (
            "sources/gaol/inmate.toml",
            'links_as = "surname"',
            'links_as = "family_name"',
            "config/sources/gaol/inmate.toml:17: variables.surname.links_as: "
            "linkage/fields.toml has no field family_name",
        ),
        ("shares/gaol/inmate.toml", "inmate.sex", "inmate.gender", "no such source variable"),
        ("sources/gaol/inmate.toml", 'codes = "sex"', 'codes = "gender"', "no code list"),
        ("releases/2022-02.toml", '["gaol"]', '["gaol", "court"]', "no such share as court"),
        ("releases/2022-02.toml", "{gaol = 2022-01-31}", "{}", "needs a snapshot of gaol"),
        ("releases/2022-02.toml", '["srs"]', '["sail"]', "no such recipient as sail"),
        ("releases/2022-02.toml", "2011-01-01", "2021-01-01", "coverage starts after it ends"),
        (
            "shares/gaol/share.toml",
            'rows_of = "inmate"',
            "",
            "say one of rows_of, merged_into and via",
        ),
        ("shares/gaol/share.toml", 'rows_of = "inmate"', 'rows_of = "x"', "has no table x"),
        ("sources/gaol/inmate.toml", 'key = ["number"]', 'key = ["id"]', "unknown variables: id"),
        ("sources/gaol/inmate.toml", 'identifies = "inmate"\n', "", "say what it identifies"),
        (
            "releases/2022-02.toml",
            "[coverage.gaol]\nstart = 2011-01-01\nend = 2020-12-31",
            "[coverage]",
            "config/releases/2022-02.toml:8: coverage: no [coverage.gaol] says",
        ),
        ("codes/sex.csv", "M,Male", "F,Male", "code stands twice"),
        ("programme.toml", 'id = "small"', 'id = "small"\nid = "large"', "not valid TOML"),
    ],
)
def test_a_contradiction_is_refused(config: Path, name: str, old: str, new: str, says: str) -> None:
    change(config, name, old, new)
    assert any(says in line for line in faults(config))


def rename_table(config: Path, name: str) -> None:
    for suffix in ("toml", "sql"):
        written = config / f"shares/gaol/inmate.{suffix}"
        written.rename(written.with_stem(name))
    change(config, "shares/gaol/share.toml", 'rows_of = "inmate"', f'rows_of = "{name}"')


def test_a_table_may_have_a_longer_name_than_a_variable(config: Path) -> None:
    name = "n" * 63
    rename_table(config, name)
    assert load(config).shares["gaol"].tables[name].id == f"gaol.{name}"


def test_a_table_name_that_postgresql_would_cut_is_refused(config: Path) -> None:
    rename_table(config, "n" * 64)
    assert any("at most 63 characters" in told for told in faults(config))


def test_a_share_that_is_named_like_a_system_joins_its_own_tables(config: Path) -> None:
    rename_table(config, "released")
    written = config / "shares/gaol/released.toml"
    written.write_text(
        written.read_text() + '\n[[joins]]\non = ["number"]\ntable = "gaol.released"\n'
    )
    assert load(config).shares["gaol"].tables["released"].joins
    change(config, "shares/gaol/released.toml", '"gaol.released"', '"gaol.inmate"')
    assert any("no such table as gaol.inmate" in told for told in faults(config))


def test_the_truth_is_never_linked_on(config: Path) -> None:
    change(config, "sources/gaol/inmate.toml", 'role = "direct_identifier"', 'role = "truth"')
    assert any("the truth may not be linked on" in line for line in faults(config))


def test_a_missing_query_is_a_fault(config: Path) -> None:
    (config / "shares/gaol/inmate.sql").unlink()
    assert any("no inmate.sql beside it" in line for line in faults(config))


def test_a_folder_without_a_specification_says_so(tmp_path: Path) -> None:
    with pytest.raises(SpecificationError, match="no specification here"):
        load(tmp_path)


def test_the_digest_changes_with_any_file_and_with_nothing_else(
    config: Path, tmp_path: Path
) -> None:
    first = load(config).digest
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(config, elsewhere)
    assert load(elsewhere).digest == first
    (elsewhere / "shares/gaol/inmate.sql").write_text("SELECT 1")
    assert load(elsewhere).digest != first


def test_an_old_release_is_the_same_beside_a_new_one(config: Path) -> None:
    spec = load(config)
    before = reached(spec, spec.releases["2022-02"])
    for name in ("releases/2022-08.toml", "recipients/sail.toml"):
        kind = name.split("/")[0]
        first = next((config / kind).glob("*.toml"))
        (config / name).write_text(first.read_text())
    later = load(config)
    assert reached(later, later.releases["2022-02"]) == before
    assert reached(later, later.releases["2022-08"]) != before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("policy.toml", 'research = ["keep", "drop"]', 'research = ["drop"]'),
        ("shares/gaol/inmate.sql", "SELECT _row", "SELECT  _row"),
        ("sources/gaol/inmate.toml", "quarantine_up_to = 0.1", "quarantine_up_to = 0.2"),
        ("codes/sex.csv", "F,Female", "F,Woman"),
        ("recipients/srs.toml", "part_rows = 1000", "part_rows = 2000"),
        ("programme.toml", 'licence = "None"', 'licence = "Any"'),
    ],
)
def test_a_release_depends_on_all_that_it_is_made_by(
    config: Path, name: str, old: str, new: str
) -> None:
    spec = load(config)
    before = reached(spec, spec.releases["2022-02"])
    change(config, name, old, new)
    later = load(config)
    assert reached(later, later.releases["2022-02"]) != before
