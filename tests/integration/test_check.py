"""What a release cannot be made with is told before any work, all of it at once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from datafirst.errors import DataFirstError, DisclosureRefused, LinkageRefused, SpecificationError
from datafirst.settings import PROJECT, Settings, settings
from datafirst.spec import load
from datafirst.stage import check as stage
from datafirst.stage.release import Plan

Use = Callable[[Path], Path]
HAMLET = Path(__file__).parents[1] / "hamlet" / "config"
HISTORICAL = PROJECT / "examples" / "historical" / "config"
PERSON = "sources/register/person.toml"
VISIT = "shares/visits/visit.toml"
MODEL = "linkage/models/historical.toml"


@pytest.fixture
def use(s3: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Makes a copy of a specification the one in use. No snapshot has been taken."""

    def copied(config: Path) -> Path:
        folder = Path(shutil.copytree(config, tmp_path / "config"))
        monkeypatch.setenv("DATAFIRST_CONFIG", str(folder))
        settings.cache_clear()
        return folder

    return copied


def change(config: Path, name: str, old: str, new: str) -> None:
    text = (config / name).read_text()
    assert old in text
    (config / name).write_text(text.replace(old, new, 1))


def refused(release: str, kind: type[DataFirstError]) -> list[str]:
    with pytest.raises(kind) as error:
        stage.check(release)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("name", "old", "new", "kind", "says"),
    [
        (
            PERSON,
            r"pattern = 'P\d{5}'",
            "pattern = 'P(\\d{5}'",
            SpecificationError,
            "register.person: pattern:person_id is not a regular expression: unclosed group",
        ),
        (
            "shares/visits/person.toml",
            'from = "register.person.sex"',
            'from = "register.person.sex"\npattern = "["',
            SpecificationError,
            "visits.person: pattern:sex is not a regular expression",
        ),
        (
            VISIT,
            'key = ["visit_id"]',
            'key = ["visit_id", "region"]\n',
            SpecificationError,
            "visits.visit: the key has region, which is dropped",
        ),
        (
            VISIT,
            'release = "year_month"',
            'type = "integer"\nrelease = "year_month"',
            SpecificationError,
            "visits.visit.visited: a integer cannot be released as year_month",
        ),
        (
            "shares/pairs/pair.toml",
            'codes = {visits = "Visits"}\n',
            "",
            DisclosureRefused,
            "pairs.pair.dataset: free text: give it a code list or a pattern, or drop it",
        ),
    ],
)
def test_a_table_that_cannot_be_checked_or_cannot_leave(
    use: Use, name: str, old: str, new: str, kind: type[DataFirstError], says: str
) -> None:
    config = use(HAMLET)
    change(config, name, old, new)
    if "dropped" in says:
        change(config, VISIT, "missing_up_to = 1.0\n", 'missing_up_to = 1.0\nrelease = "drop"\n')
    assert [line for line in refused("2022-02", kind) if line.startswith(says)]


def test_everything_is_told_at_once(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    config = use(HAMLET)
    change(config, PERSON, r"'P\d{5}'", "'P('")
    change(config, "shares/pairs/pair.toml", 'codes = {visits = "Visits"}\n', "")
    monkeypatch.setenv("DATAFIRST_ROOT_KEY", "no key")
    settings.cache_clear()
    told = refused("2022-02", SpecificationError)
    assert [line.split(":")[0].split(" is")[0] for line in told] == [
        "DATAFIRST_ROOT_KEY",
        "register.person",
        "pairs.pair.dataset",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('compare = "', 'compare = "very_', "no way to compare is called very_"),
        ("block_on = [", 'block_on = [["height"],', "no linkage record has a column height"),
    ],
)
def test_a_model_that_cannot_be_used(use: Use, old: str, new: str, says: str) -> None:
    change(use(HISTORICAL), MODEL, old, new)
    [told] = refused("2026-01", SpecificationError)
    assert told.startswith(MODEL) and says in told


def test_a_model_that_changed_since_it_was_trained(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = load(use(HISTORICAL))
    made = Plan(spec, spec.releases["2026-01"], {}, {}, settings())
    trained = {"model": "historical", "version": "1999-01", "standardised": "", "compared": ""}
    monkeypatch.setattr(stage, "plan", lambda release: made)
    monkeypatch.setattr(stage, "trained", lambda plan, model: trained)
    [told] = refused("2026-01", LinkageRefused)
    assert told.startswith("model historical: its version and standardising and comparisons")
