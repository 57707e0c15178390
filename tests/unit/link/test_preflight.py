"""Is a model that cannot be trained refused before any work, by the name of what is wrong?"""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from datafirst.errors import LinkageRefused, SpecificationError
from datafirst.link import preflight
from datafirst.link.settings import settings
from datafirst.spec import Comparison, LinkModel, Specification

RULES: dict[str, Any] = {
    "prior_rules": (("surname", "date_of_birth"),),
    "em_rules": (("surname",), ("date_of_birth",)),
    "prior_recall": 0.8,
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect()
    made.execute(
        "CREATE TABLE people AS SELECT i * 64 AS unique_id, 'S' || i // 5 AS surname, "
        "DATE '1980-01-01' + (i // 4)::INT AS date_of_birth, NULL::VARCHAR AS cro, "
        "'M' AS sex, CASE WHEN i < 150 THEN 'P' || i // 2 END AS pnc FROM range(200) t(i)"
    )
    made.execute("CREATE TABLE others AS SELECT * REPLACE (NULL::VARCHAR AS pnc) FROM people")
    yield made
    made.close()


def model_of(spec: Specification, *fields: str, **changes: Any) -> LinkModel:
    model = spec.linkage.models["magistrates"]
    training = model.training.model_copy(update={**RULES, **changes.pop("training", {})})
    compared = tuple(Comparison(field=field, compare="exact") for field in fields)
    given = {"comparisons": compared, "training": training, "block_on": (("pnc",),), **changes}
    return model.model_copy(update={**given})


def test_what_rules_bring_together_is_counted(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    found = preflight.ready(con, model_of(spec, "surname", "pnc"), {"magistrates": "people"})
    assert found["em"] == {"surname": 40 * 10, "date_of_birth": 50 * 6}
    assert found["block"] == {"pnc": 75}
    query = (
        "SELECT count(*) FROM people l JOIN people r USING (surname, date_of_birth) "
        "WHERE l.unique_id < r.unique_id"
    )
    assert found["prior"] == {"surname, date_of_birth": con.execute(query).fetchall()[0][0]}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"training": {"em_rules": (("surname",), ("cro",))}},
            r"em_rule \(cro\) brings together 0",
        ),
        ({"training": {"prior_rules": (("cro",),)}}, "agree on any of the prior_rules"),
        ({"training": {"prior_rules": (("pnc",), ("sex",))}}, r"prior_rule \(sex\)"),
        ({"pairs_up_to": 60}, r"blocking on \(pnc\)"),
    ],
    ids=["nobody for EM", "nobody for the prior", "everybody for the prior", "explodes in use"],
)
def test_a_rule_that_cannot_serve_is_refused_by_name(
    con: duckdb.DuckDBPyConnection, spec: Specification, changes: dict[str, Any], says: str
) -> None:
    model = model_of(spec, "surname", "pnc", **changes)
    with pytest.raises(LinkageRefused, match=says):
        preflight.ready(con, model, {"magistrates": "people"})


def test_so_many_pairs_for_the_prior_that_counting_them_explodes_are_refused(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    rules = {"prior_rules": (("pnc",), ("surname",))}
    model = model_of(spec, "surname", "pnc", training=rules, pairs_up_to=400)
    with pytest.raises(LinkageRefused, match=r"prior_rule \(surname\) brings together 400"):
        preflight.ready(con, model, {"magistrates": "people"})


def test_a_comparison_without_values_is_refused_by_name(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    with pytest.raises(LinkageRefused, match="cro is empty"):
        preflight.ready(con, model_of(spec, "surname", "cro"), {"magistrates": "people"})


def test_between_datasets_a_comparison_needs_values_in_two(
    con: duckdb.DuckDBPyConnection, spec: Specification
) -> None:
    both = {"magistrates": "people", "crown": "others"}
    model = model_of(spec, "surname", "pnc", block_on=(("surname",),))
    with pytest.raises(LinkageRefused, match=r"pnc is empty .* of crown"):
        preflight.ready(con, model, both)
    assert preflight.ready(con, model_of(spec, "surname", block_on=(("surname",),)), both)


def test_a_comparison_that_no_em_rule_leaves_free_is_refused(spec: Specification) -> None:
    model = model_of(spec, "surname", "pnc", training={"em_rules": (("surname_3",), ("surname",))})
    with pytest.raises(SpecificationError, match="surname: every em_rule blocks on it"):
        settings(spec, model)
