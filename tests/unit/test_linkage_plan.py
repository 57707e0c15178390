"""The linkage plan is what the specification says: who is compared with whom, and by what."""

from xml.etree import ElementTree

import pytest

from datafirst.linkage_picture import picture
from datafirst.linkage_plan import Bond, bonds, datasets_in, newest, page
from datafirst.settings import PROJECT
from datafirst.spec import LinkModel, Specification, load
from datafirst.spec.ladder import Ladder
from datafirst.spec.linkage import Impossible

COURT = PROJECT / "tests" / "unit" / "court" / "config"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def spec() -> Specification:
    """Four datasets: a and b linked, c by a ladder to a, d of a source that is not there."""
    court = load(COURT)
    system, dataset = court.systems["court"], court.linkage.datasets["court"]
    model, release = court.linkage.models["people"], court.releases["2022-02"]

    def compared(id: str, *datasets: str, produces: str = "people") -> LinkModel:
        return model.model_copy(update={"id": id, "datasets": datasets, "produces": produces})

    models = (
        compared("own", "a"),
        compared("both", "a", "b", "d"),
        compared("cases", "a", "b", produces="journeys"),
    )
    rung = {"name": "equal", "says": "All agree.", "agree": ["surname", "forename"]}
    ladder = Ladder.model_validate(
        {"id": "steps", "title": "Steps", "version": "2022-02", "left": "c", "right": "a",
         "one_to_one": True, "pairs_up_to": 9, "rules": [rung]}
    )  # fmt: skip
    never = Impossible(id="never", title="Never", says="Nobody is two.", dataset="b")
    linkage = court.linkage.model_copy(
        update={
            "datasets": {
                name: dataset.model_copy(update={"id": name, "system": name}) for name in "abcd"
            },
            "models": {each.id: each for each in models},
            "ladders": {"steps": ladder},
            "impossible": {"never": never},
        }
    )
    released = release.model_copy(
        update={
            "models": tuple(each.id for each in models),
            "ladders": ("steps",),
            "impossible": ("never",),
            "snapshots": dict.fromkeys("abc", release.date),
        }
    )
    systems = {
        name: system.model_copy(update={"id": name, "title": f"<{name}>, a source"})
        for name in "abcd"
    }
    changes = {"linkage": linkage, "systems": systems, "releases": {"2022-02": released}}
    return court.model_copy(update=changes)


def test_it_is_of_the_newest_release() -> None:
    spec = load(PROJECT / "config")
    assert newest(spec).version == max(spec.releases)


def test_what_is_compared_is_there_and_the_rest_is_not(spec: Specification) -> None:
    release = newest(spec)
    assert [dataset.id for dataset in datasets_in(spec, release)] == ["a", "b", "c"]
    assert bonds(spec, release) == [
        Bond("a", "a", "own", "people"),
        Bond("a", "b", "both", "people"),
        Bond("a", "b", "cases", "journeys"),
        Bond("c", "a", "steps", "ladder"),
    ]


def test_the_page_says_of_each_pair_what_compares_it(spec: Specification) -> None:
    lines = page(spec).splitlines()
    assert "| **a** | own |  |  |" in lines
    assert "| **b** | both, cases | – |  |" in lines
    assert "| **c** | steps | – | – |" in lines
    assert any("Nobody is two." in line for line in lines)
    assert any(line.startswith("| 1 | equal | surname, forename |") for line in lines)


def test_the_picture_has_a_line_for_each_bond_and_a_box_for_each_dataset(
    spec: Specification,
) -> None:
    root = ElementTree.fromstring(picture(spec))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a", "b", "c", "<a>"} <= set(texts) and "d" not in texts
    curves = [path.get("d", "") for path in root.iter(f"{SVG}path") if "Q" in path.get("d", "")]
    assert len(curves) == len(set(curves)) == 3  # and the two between a and b apart
    boxes = [rect for rect in root.iter(f"{SVG}rect") if rect.get("rx")]
    assert len(boxes) == 4  # b, whose clusters are cut, is framed twice


def test_nothing_reaches_beyond_the_edge(spec: Specification) -> None:
    root = ElementTree.fromstring(picture(spec))
    width, height = (float(root.get(side, "0")) for side in ("width", "height"))
    for rect in root.iter(f"{SVG}rect"):
        left = float(rect.get("x", "0"))
        assert left >= 0 and left + float(rect.get("width", "0")) <= width
    assert all(float(text.get("y", "0")) < height for text in root.iter(f"{SVG}text"))
