"""Do a model's settings say what its file says, and are faults in it named?"""

import pytest
from splink import SettingsCreator

from datafirst.errors import SpecificationError
from datafirst.link.settings import compared, fields_of, rule, settings
from datafirst.spec import Comparison, LinkModel, Specification


@pytest.fixture
def model(spec: Specification) -> LinkModel:
    return spec.linkage.models["magistrates_crown"]


def test_splink_takes_every_model(spec: Specification) -> None:
    for model in spec.linkage.models.values():
        made = SettingsCreator.from_path_or_dict(settings(spec, model)).get_settings("duckdb")
        assert len(made.comparisons) == len(model.comparisons)


def test_one_dataset_is_deduplicated_and_several_are_linked(spec: Specification) -> None:
    kinds = {name: settings(spec, m)["link_type"] for name, m in spec.linkage.models.items()}
    assert kinds["magistrates"] == kinds["crown"] == "dedupe_only"
    assert kinds["magistrates_crown"] == kinds["journeys"] == "link_only"


def test_pairs_hold_no_values(spec: Specification, model: LinkModel) -> None:
    made = settings(spec, model)
    assert (
        made["retain_matching_columns"] is made["retain_intermediate_calculation_columns"] is False
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"comparisons": (Comparison(field="pnc", compare="guess"),)}, "called guess"),
        ({"comparisons": (Comparison(field="forename1", compare="full_name"),)}, "against"),
        ({"comparisons": (Comparison(field="pnc", compare="identifiers"),)}, "against"),
        (
            {"comparisons": (Comparison(field="a", compare="shared_dates", frequency=True),)},
            "cannot weigh rare days",
        ),
        ({"comparisons": (Comparison(field="committal_date", compare="days_apart"),)}, "in days"),
        ({"comparisons": (Comparison(field="pnc", compare="exact"),) * 2}, "compared twice"),
        ({"block_on": (("shoe_size",),)}, "has a column shoe_size"),
    ],
)
def test_faults_name_file_and_remedy(
    spec: Specification, model: LinkModel, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(SpecificationError, match=message) as refused:
        settings(spec, model.model_copy(update=changes))
    assert "linkage/models/magistrates_crown.toml" in str(refused.value)


def test_columns_belong_to_fields(spec: Specification) -> None:
    assert fields_of(spec, ["surname_3", "date_of_birth", "postcode_area"]) == [
        "date_of_birth",
        "postcode",
        "surname",
    ]


def test_a_rule_is_equality_of_columns() -> None:
    assert rule(["a", "b"]) == 'l."a" = r."a" AND l."b" = r."b"'
    assert "IS NOT NULL" in rule(["surname_3"], ["surname"])


def test_what_was_trained_for_changes_with_comparisons_and_not_with_blocking(
    spec: Specification, model: LinkModel
) -> None:
    wider = model.model_copy(update={"block_on": (("surname",),)})
    fewer = model.model_copy(update={"comparisons": model.comparisons[:-1]})
    assert compared(spec, model) == compared(spec, wider) != compared(spec, fewer)
