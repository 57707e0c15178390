"""What accounts, joins and releases need of other files is found on loading, not hours later."""

import shutil
from pathlib import Path

import pytest

from datafirst.errors import SpecificationError
from datafirst.spec import load

HAMLET = Path(__file__).parents[2] / "hamlet" / "config"
DRIFT = Path(__file__).parents[3] / "config/linkage/drift.toml"
SHARE = "shares/visits/share.toml"
RELEASE = "releases/2022-02.toml"
PLACE = 'via = "visit"\non = ["place_id"]\n'
DATASET = """
title = "People"
system = "register"
table = "person"
"""
MODEL = """
title = "People"
version = "2022-02"
datasets = ["person"]
produces = "people"
pairs_up_to = 100
block_on = [["surname"]]
[[comparisons]]
field = "surname"
compare = "exact"
[training]
prior_rules = [["surname"]]
prior_recall = 0.9
em_rules = [["surname"]]
em_max_pairs = 10
u_max_pairs = 10
seed = 1
[thresholds]
strict = 3
standard = 2
loose = 1
because = "Odds."
"""
BRIDGES = """
title = "Half of the pairs"
says = "Half of the pairs between two groups reach the threshold."
few = 3
share = 0.5
certain = 24
records_up_to = 100
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HAMLET, tmp_path / "config"))


def change(config: Path, name: str, old: str, new: str) -> None:
    text = (config / name).read_text()
    assert old in text
    (config / name).write_text(text.replace(old, new, 1))


def faults(config: Path) -> list[str]:
    with pytest.raises(SpecificationError) as error:
        load(config)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ('via = "street"\non = ["place_id"]\n', "accounts.2.via: no table street has an account"),
        ('via = "place"\non = ["place_id"]\n', "accounts.2.via: no table place has an account"),
        ('via = "visit"\n', "say `on` which columns visit points to this table"),
        ('via = "visit"\non = ["house"]\n', "accounts.2.on: register.place has no house"),
        ('via = "visit"\non = ["region"]\n', "accounts.2.on: register.visit has no region"),
        (
            'via = "visit"\non = ["place_id"]\nto = ["house"]\n',
            "accounts.2.to: register.visit has no house",
        ),
        (
            'via = "visit"\non = ["place_id"]\nto = ["place_id", "visit_id"]\n',
            "accounts.2.to: name one column for each",
        ),
    ],
)
def test_rows_are_pointed_to_by_columns_that_both_tables_have(
    config: Path, new: str, says: str
) -> None:
    change(config, SHARE, PLACE, new)
    told = [line for line in faults(config) if says in line]
    assert len(told) == 1 and told[0].startswith("config/shares/visits/share.toml:")


def test_the_table_that_points_is_accounted_for_before(config: Path) -> None:
    account = f'[[accounts]]\ntable = "register.place"\n{PLACE}'
    change(config, SHARE, account, "")
    change(config, SHARE, "[[accounts]]", f"{account}\n[[accounts]]")
    assert any("no table visit has an account before this" in line for line in faults(config))


def test_a_table_has_one_account(config: Path) -> None:
    again = '[[accounts]]\ntable = "register.visit"\nrows_of = "visit"\n\n[[exclusions]]'
    change(config, SHARE, "[[exclusions]]", again)
    assert any("a table visit has an account already" in line for line in faults(config))


def test_a_join_names_one_column_for_each(config: Path) -> None:
    change(config, "shares/visits/visit.toml", '"visits.person"', '"visits.person"\nto = []')
    change(config, "shares/visits/visit.toml", "to = []", 'to = ["person_id", "sex"]')
    assert any("joins.0.to: name one column for each" in line for line in faults(config))


def test_no_share_follows_itself(config: Path) -> None:
    change(config, SHARE, 'owner = "The clerk"\n', 'owner = "The clerk"\nfollows = ["pairs"]\n')
    told = [line for line in faults(config) if "follows itself" in line]
    assert {line.split(":")[0] for line in told} == {
        "config/shares/visits/share.toml",
        "config/shares/pairs/share.toml",
    }


def test_a_share_needs_a_snapshot_and_its_coverage(config: Path) -> None:
    change(config, RELEASE, "register = 2022-01-31", "")
    change(config, RELEASE, "[coverage.visits]\nstart = 2020-01-01\nend = 2021-12-31", "[coverage]")
    told = faults(config)
    assert any("share visits needs a snapshot of register" in line for line in told)
    assert any("no [coverage.visits]" in line for line in told)


def test_what_a_share_follows_may_be_missing_from_the_release(config: Path) -> None:
    test_a_share_needs_a_snapshot_and_its_coverage(config)
    change(config, RELEASE, '["visits", "pairs"]', '["pairs"]')
    load(config)


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ('guests = ["person"]', "guests: the release has no share guests"),
        ('visits = ["guest"]', "visits: share visits has no table guest"),
        ("visits = []", "visits: name a table, or leave the share out"),
    ],
)
def test_the_tables_that_a_release_names_are_there(config: Path, tables: str, says: str) -> None:
    change(config, RELEASE, "[snapshots]", f"[tables]\n{tables}\n[snapshots]")
    told = faults(config)
    assert len(told) == 1 and says in told[0]
    assert told[0].startswith(f"config/{RELEASE}:")


def test_tables_are_named_of_a_share_of_the_release(config: Path) -> None:
    change(config, RELEASE, '["visits", "pairs"]', '["pairs"]')
    change(config, RELEASE, "[snapshots]", '[tables]\nvisits = ["person"]\n[snapshots]')
    assert any("the release has no share visits" in line for line in faults(config))


@pytest.fixture
def linking(config: Path) -> Path:
    """A release that also links the people of a second system, which no share reads."""
    shutil.copytree(config / "sources/register", config / "sources/annex")
    dataset = DATASET.replace("register", "annex")
    for name, text in {"datasets": dataset, "models": MODEL, "bridges": BRIDGES}.items():
        (config / "linkage" / name).mkdir()
        (config / "linkage" / name / "person.toml").write_text(text)
    named = 'models = ["person"]\nbridges = "person"\n'
    change(config, RELEASE, "[snapshots]", f"{named}[snapshots]\nannex = 2022-01-31")
    load(config)
    return config


def test_a_model_needs_a_snapshot_of_each_of_its_datasets(linking: Path) -> None:
    change(linking, RELEASE, "annex = 2022-01-31", "")
    assert any("model person needs a snapshot of annex" in line for line in faults(linking))


@pytest.mark.parametrize(
    ("named", "says"),
    [("", "say bridges, the rule"), ('bridges = "none"', "no such bridge as none")],
)
def test_people_are_held_to_a_rule_about_bridges(linking: Path, named: str, says: str) -> None:
    change(linking, RELEASE, 'bridges = "person"', named)
    assert any(says in line for line in faults(linking))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"people"', '"journeys"', "say above"),
        ("[thresholds]\nstrict = 3", "[thresholds]\nstrict = 1", "must fall from strict"),
    ],
)
def test_a_model_says_from_which_weight_on(linking: Path, old: str, new: str, says: str) -> None:
    change(linking, "linkage/models/person.toml", old, new)
    assert any(says in line for line in faults(linking))


def test_a_release_goes_on_from_an_earlier_one_under_the_same_key(linking: Path) -> None:
    change(linking, RELEASE, "[snapshots]", 'previous = "2021-01"\n[snapshots]')
    assert any("no such release as 2021-01" in line for line in faults(linking))
    earlier = (linking / RELEASE).read_text().replace('previous = "2021-01"\n', "")
    before = linking / "releases/2021-01.toml"
    before.write_text(earlier)
    assert any("is not earlier than" in line for line in faults(linking))
    dated = earlier.replace("date = 2022", "date = 2021")
    before.write_text(dated.replace('key_epoch = "', 'key_epoch = "other'))
    assert any("no pseudonym would last" in line for line in faults(linking))
    before.write_text(dated)
    assert any("linkage/drift.toml must say" in line for line in faults(linking))
    shutil.copy(DRIFT, linking / "linkage/drift.toml")
    load(linking)


ACCEPTED = """
[[accepts_drift]]
moved = "{}"
up_to = 0.2
because = "The register was moved."
"""


def test_what_a_release_accepts_as_drift_is_a_thing_of_a_known_kind_once(linking: Path) -> None:
    shutil.copy(DRIFT, linking / "linkage/drift.toml")
    release = linking / RELEASE
    plain = release.read_text()
    moved = "completeness: person: surname"
    release.write_text(plain + ACCEPTED.format(moved))
    assert any("no kind of drift" in f and "without `previous`" in f for f in faults(linking))
    before = plain.replace("date = 2022", "date = 2021")
    (linking / "releases/2021-01.toml").write_text(before)
    goes_on = plain.replace("[snapshots]", 'previous = "2021-01"\n[snapshots]')
    release.write_text(goes_on + ACCEPTED.format(moved))
    load(linking)
    release.write_text(goes_on + ACCEPTED.format(moved) * 2)
    assert any("accepted twice" in line for line in faults(linking))
    release.write_text(goes_on + ACCEPTED.format("colour: person"))
    assert any("colour is no kind of drift" in line for line in faults(linking))


@pytest.mark.parametrize("name", ["codes/place.csv", "shares/visits/visit.sql"])
def test_a_file_that_is_not_utf_8_is_named_with_its_line(config: Path, name: str) -> None:
    path = config / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes("code,label,description,valid_from,valid_to\nZ,Zo\xeb,,,\n".encode("latin-1"))
    if name == "codes/place.csv":
        region = 'from = "register.place.region"'
        change(config, "shares/visits/visit.toml", region, f'{region}\ncodes = "place"')
    assert faults(config) == [f"config/{name}:2: not UTF-8; save it as UTF-8"]


def test_sql_is_utf_8_whatever_the_locale(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = config / "shares/visits/visit.sql"
    path.write_bytes(path.read_bytes() + "-- Zo\u00eb\n".encode())
    read = Path.read_text

    def strict(self: Path, encoding: str | None = None, errors: str | None = None) -> str:
        return read(self, encoding or "ascii", errors)

    monkeypatch.setattr(Path, "read_text", strict)
    assert "Zo\u00eb" in load(config).shares["visits"].queries["visit"]
