"""What a catalogue says of linkage: counts that may be published, of its own share, and no more
certain than it is."""

import json
from dataclasses import replace
from itertools import product

import pytest

from datafirst.catalogue.about_linkage import SILENT, figures, linkage, machine
from datafirst.catalogue.linkage import Concern, concerning, publishable
from datafirst.catalogue.publishable import CONFIDENTIAL, NOT_APPLICABLE
from datafirst.quality.accuracy import thresholds
from datafirst.quality.section import Section
from datafirst.spec.evidence import Evidence, Found, OfGroup, Within
from datafirst.spec.ladder import Ladder

WITHIN = Within(value=0.981, low=0.97, high=0.99)
FOUND = Found(precision=WITHIN, recall=Within(value=0.9, low=0.85, high=0.94))
EVIDENCE = Evidence(
    release="2022-02", run="0", sample="1", pairs=900, decided=880, seed=1, reviewers=3,
    strict=FOUND, standard=FOUND, loose=FOUND,
    groups=(OfGroup(by="sex", category="female", decided=300, precision=WITHIN),),
)  # fmt: skip


@pytest.fixture(scope="module")
def subject(court):
    with court.connect() as con:
        return court.subject(con)


def reviewed(subject):
    (model,) = subject.models
    limits = model.thresholds.model_copy(update={"evidence": EVIDENCE})
    return replace(subject, models=(model.model_copy(update={"thresholds": limits}),))


SHARES = {"Share": ("Linked", "Records"), "share": ("linked", "records")}


def section(*rows, chart=None, header=("Data set", "Group", "Records", "Linked", "Share")):
    return Section("Name", "Says.", header, tuple(rows), chart, published=True, shares=SHARES)


def test_counts_are_rounded_and_few_are_suppressed():
    made = publishable(section(("crown", "a", 1204, 996, 0.82724), ("crown", "b", 1204, 3, 0.0025)))
    assert made.rows == (
        ("crown", "a", 1200, 1000, 0.833),
        ("crown", "b", 1200, CONFIDENTIAL, CONFIDENTIAL),
    )


def test_no_share_is_given_of_less_than_a_hundred():
    made = publishable(section(("crown", "a", 99, 40, 0.40404), ("crown", "b", 100, 40, 0.4)))
    assert made.rows[0] == ("crown", "a", 100, 40, CONFIDENTIAL)
    assert made.rows[1] == ("crown", "b", 100, 40, 0.4)


def test_a_weight_is_no_count_and_stays():
    header = ("Model", "Level", "m", "u", "Weight")
    made = publishable(section(("people", "same", 0.01234567, None, -12.5), header=header))
    assert made.rows == (("people", "same", 0.01234567, None, -12.5),)


CHART = {
    "data": {
        "values": [
            {"dataset": "crown", "records": 1204, "linked": 996, "share": 0.82724},
            {"dataset": "crown", "records": 1204, "linked": 3, "share": 0.0025},
            {"dataset": "family", "records": 60, "linked": 20, "share": 0.33333},
        ]
    },
    "layer": [
        {"encoding": {"x": {"axis": {"values": [1, 2, 3]}}}},
        {"data": {"values": [{"model": "people", "at": 8.0}, {"model": "others", "at": 9.0}]}},
    ],
}


def test_a_chart_is_drawn_from_the_same_counts_and_leaves_out_what_is_suppressed():
    made = publishable(section(("crown", "a", 1204, 996, 0.8), chart=CHART)).chart
    assert made["data"]["values"] == [
        {"dataset": "crown", "records": 1200, "linked": 1000, "share": 0.833}
    ]
    assert made["layer"][0] == CHART["layer"][0]
    assert made["layer"][1] == CHART["layer"][1]


def test_no_exact_count_is_left_of_any_number():
    """Whatever a count is, and wherever it stands, what is published is a multiple of ten."""
    for whole, part in product(range(0, 260, 7), range(0, 260, 11)):
        if part <= whole:
            row = {"records": whole, "linked": part, "share": part / max(whole, 1)}
            made = publishable(
                section(("a", "b", whole, part, row["share"]), chart={"data": {"values": [row]}})
            )
            for cell in made.rows[0][2:4]:
                assert cell == CONFIDENTIAL or cell % 10 == 0
            if whole < 100 or 0 < part < 10 or 0 < whole - part < 10:
                assert made.rows[0][4] == CONFIDENTIAL
                assert made.chart is None


def test_no_share_gives_back_how_few_are_missing():
    """Whatever is published of a part and a whole fits all others whose counts round as theirs do:
    no share says more than the counts beside it, and where few are missing there is none."""
    told = {}
    for whole, missing in product(range(95, 395), (0, *range(1, 10), *range(10, 60))):
        part = whole - missing
        row = {"records": whole, "linked": part, "share": part / whole}
        made = publishable(
            section(("a", "b", whole, part, row["share"]), chart={"data": {"values": [row]}})
        )
        published = made.rows[0][2:]
        told.setdefault(published, set()).add(missing)
        if 0 < missing < 10 or whole < 100:
            assert published[2] == CONFIDENTIAL and made.chart is None
        elif part >= 10:
            assert published[2] == made.chart["data"]["values"][0]["share"]
            assert published[2] == round(published[1] / published[0], 3)
    few = [those for those in told.values() if those & set(range(1, 10))]
    assert few and all(len(those) >= 5 for those in few)


def test_a_difference_beside_a_share_that_is_not_told_is_not_told_either():
    made = publishable(
        section(
            ("crown", "a", 1204, 1200, 0.9967, 0.1234),
            header=("Data set", "Group", "Records", "Linked", "Share", "Difference"),
        )
    )
    assert made.rows[0][4:] == (CONFIDENTIAL, CONFIDENTIAL)


def test_a_share_is_told_of_its_own_models_and_data_sets():
    concern = Concern({"model": {"people"}, "dataset": {"crown"}, "ladder": set()}, whole=False)
    rows = (("crown", "a", 1, 2, 3.0), ("family", "a", 1, 2, 3.0))
    made = concerning(section(*rows, chart=CHART), concern)
    assert made.rows == rows[:1]
    assert {row["dataset"] for row in made.chart["data"]["values"]} == {"crown"}
    assert made.chart["layer"][1]["data"]["values"] == [{"model": "people", "at": 8.0}]
    assert concerning(section(rows[1]), concern) is None


def test_what_is_about_all_people_is_told_where_all_of_them_are():
    about_all = section(("1", 2), header=("Records", "People"))
    names = {"model": set(), "dataset": set(), "ladder": set()}
    assert concerning(about_all, Concern(names, whole=True)) == about_all
    assert concerning(about_all, Concern(names, whole=False)) is None


def test_a_catalogue_holds_the_sections_of_its_share(subject):
    told = {s.name: s for s in subject.quality}
    assert list(told) == ["Completeness", "Match weights: people", "Sizes of people"]
    assert {row[0] for row in told["Completeness"].rows} == {"court"}
    assert told["Sizes of people"].rows == (("1", 1200),)


def test_every_figure_is_a_row_of_the_workbook(subject):
    rows = figures(subject).rows
    assert ("Completeness", "court; Surname", "Records", 1200) in rows
    assert ("Completeness", "court; Sex", "Share known", CONFIDENTIAL) in rows
    assert ("Match weights: people", "people; same surname", "Match weight", 12.345) in rows
    assert ("Match weights: people", "people; at random", "Match weight", NOT_APPLICABLE) in rows
    assert figures(replace(subject, quality=())).rows[0][0] == "Nothing is reported"


def test_without_review_it_says_that_accuracy_is_not_known(subject):
    rows = dict(linkage(subject).rows)
    assert rows["Model people: accuracy"] == SILENT
    assert rows["Model people: why these"] == "So many bits."
    assert rows["Model people: people, standard"].endswith("of 8")


def test_with_review_it_gives_precision_and_recall_with_intervals(subject):
    rows = dict(linkage(reviewed(subject)).rows)
    assert SILENT not in rows.values()
    assert rows["Model people: accuracy of edges, standard"].startswith(
        "Precision 98.1% (97.0% to 99.0%); recall 90.0% (85.0% to 94.0%), of edges"
    )
    assert "release 2022-02 that 3 reviewers decided" in rows["Model people: accuracy"]


def test_a_group_of_few_pairs_is_told_neither_in_the_report_nor_to_programs(subject):
    few = EVIDENCE.groups[0].model_copy(update={"decided": 99})
    (model,) = reviewed(subject).models
    evidence = EVIDENCE.model_copy(update={"groups": (few,)})
    model = model.model_copy(
        update={"thresholds": model.thresholds.model_copy(update={"evidence": evidence})}
    )
    rates = json.loads(machine(replace(subject, models=(model,))))["error_rates"]
    assert {rate["group"] for rate in rates} == {"all"}
    [of_group] = [s for s in thresholds([model]) if s.name.startswith("Accuracy by group")]
    assert publishable(of_group).rows[0][3:6] == (CONFIDENTIAL,) * 3


def test_a_ladder_gives_its_rules_in_order(subject):
    rule = {"name": "all", "says": "All are equal.", "agree": ["forename1", "surname", "sex"]}
    ladder = Ladder.model_validate(
        {"id": "pnc_npd", "title": "Police and schools", "version": "2022-02", "left": "pnc",
         "right": "npd", "one_to_one": True, "pairs_up_to": 10, "rules": [rule]}
    )  # fmt: skip
    rows = dict(linkage(replace(subject, models=(), ladders=(ladder,))).rows)
    assert rows["Ladder pnc_npd: rule 1, all"] == "All are equal."
    assert rows["Ladder pnc_npd: accuracy"] == SILENT


def test_where_nothing_is_linked_it_says_so(subject):
    rows = linkage(replace(subject, models=(), ladders=())).rows
    assert rows == (("No record of this share is linked", NOT_APPLICABLE),)


def test_error_rates_are_there_for_programs(subject):
    assert json.loads(machine(subject))["error_rates"] == []
    told = json.loads(machine(reviewed(subject)))
    assert told["error_rates"][1] == {
        "model": "people", "threshold": "standard", "by": "all", "group": "all",
        "precision": 0.981, "precision_low": 0.97, "precision_high": 0.99,
        "recall": 0.9, "recall_low": 0.85, "recall_high": 0.94,
    }  # fmt: skip
    assert told["error_rates"][3]["group"] == "female"
    assert told["error_rates"][3]["recall"] is None
    assert told["models"][0]["match_weights"] == {"strict": 14.0, "standard": 8.0, "loose": 4.0}
    assert [s["name"] for s in told["sections"]] == [s.name for s in subject.quality]
    assert machine(subject) == machine(subject)


def test_the_links_that_came_of_the_edges_are_told_of_beside_them(subject):
    links = FOUND.model_copy(update={"precision": Within(value=0.99, low=0.97, high=0.995)})
    (model,) = reviewed(subject).models
    evidence = EVIDENCE.model_copy(update={"links": links})
    model = model.model_copy(
        update={"thresholds": model.thresholds.model_copy(update={"evidence": evidence})}
    )
    own = replace(subject, models=(model,))
    assert dict(linkage(own).rows)["Model people: accuracy of links"].startswith(
        "Precision 99.0% (97.0% to 99.5%); recall 90.0% (85.0% to 94.0%), of that release's links"
    )
    [rate] = [r for r in json.loads(machine(own))["error_rates"] if r["threshold"] == "links"]
    assert (rate["precision"], rate["by"]) == (0.99, "all")
