"""Is everything refused that Splink would pass over, and put right that breaks on DuckDB 2?"""

import copy
import math
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from splink import Linker, SettingsCreator, block_on
from splink import comparison_library as cl

from datafirst.errors import LinkageRefused
from datafirst.link import guards
from datafirst.link.inputs import inputs
from datafirst.spec import Specification

from .conftest import Courts


@pytest.fixture
def fresh() -> Any:
    con = duckdb.connect()
    yield con
    con.close()


def test_too_many_candidate_pairs_are_refused_before_any_is_made(courts: Courts) -> None:
    model = courts.spec.linkage.models["magistrates"].model_copy(
        update={"pairs_up_to": 1_000, "block_on": (("pnc",), ("sex",))}
    )
    with (
        inputs(courts.con, model, courts.records) as tables,
        pytest.raises(LinkageRefused, match=r"blocking on \(sex\)"),
    ):
        guards.candidate_pairs(courts.con, model, tables)


def test_candidate_pairs_are_counted_right(courts: Courts) -> None:
    for name in ("magistrates", "magistrates_crown"):
        model = courts.spec.linkage.models[name].model_copy(update={"block_on": (("pnc",),)})
        with inputs(courts.con, model, courts.records) as tables:
            found = guards.candidate_pairs(courts.con, model, tables)
        left, right = courts.records[model.datasets[0]], courts.records[model.datasets[-1]]
        apart = "l._row < r._row" if left == right else "true"
        courts.con.execute(
            f"SELECT count(*) FROM {left} l JOIN {right} r ON l.pnc = r.pnc AND {apart}"
        )
        assert found == {"pnc": courts.con.fetchall()[0][0]}


def test_a_level_that_was_never_observed_is_refused_by_name(courts: Courts) -> None:
    model = courts.spec.linkage.models["magistrates"]
    trained = courts.trained["magistrates"]["splink"]
    guards.observed(model, trained)
    for side in ("m_probability", "u_probability"):
        lacking = copy.deepcopy(trained)
        lacking["comparisons"][0]["comparison_levels"][2][side] = (
            "level not observed in training dataset"
        )
        with pytest.raises(LinkageRefused, match="forename1_surname, level 'both alike"):
            guards.observed(model, lacking)


def test_weights_that_point_the_wrong_way_are_refused(courts: Courts) -> None:
    model = courts.spec.linkage.models["magistrates"]
    trained = copy.deepcopy(courts.trained["magistrates"]["splink"])
    guards.upright(model, trained)
    trained["comparisons"][2]["comparison_levels"][-1]["m_probability"] = 1.0
    with pytest.raises(LinkageRefused, match="date_of_birth weighs"):
        guards.upright(model, trained)


def test_em_that_has_not_settled_is_refused(spec: Specification) -> None:
    model = spec.linkage.models["magistrates"]

    def session(steps: int) -> SimpleNamespace:
        return SimpleNamespace(
            _core_model_settings_history=[None] * (steps + 1),
            training_settings=SimpleNamespace(max_iterations=25),
        )

    guards.settled(model, session(24), "surname")
    with pytest.raises(LinkageRefused, match="not settled after 25"):
        guards.settled(model, session(25), "surname")


def test_a_dataset_without_people_is_refused(spec: Specification, fresh: Any) -> None:
    fresh.execute("CREATE TABLE one AS SELECT 64 AS unique_id")
    with pytest.raises(LinkageRefused, match="dataset crown has 1 records"):
        guards.records_of(fresh, spec.linkage.models["crown"], {"crown": "one"})


def test_the_prior_follows_the_number_of_records() -> None:
    """15 times the records, 15 times less likely that a pair matches."""
    now = guards.prior_now(1e-6, {"a": 1_000_000}, {"a": 15_000_000})
    assert math.log2(1e-6 / now) == pytest.approx(math.log2(15), abs=1e-3)
    across = guards.prior_now(1e-6, {"a": 1000, "b": 100}, {"a": 4000, "b": 400})
    assert across == pytest.approx(2.5e-7, rel=1e-3)
    assert guards.prior_now(1e-6, {"a": 1000}, {"a": 1000}) == pytest.approx(1e-6)


def test_splink_leaves_nothing_behind(fresh: Any) -> None:
    fresh.execute("CREATE TABLE t AS SELECT i AS unique_id, i % 7 AS a FROM range(50) t(i)")
    with guards.engine(fresh) as db:
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[cl.ExactMatch("a")],
            blocking_rules_to_generate_predictions=[block_on("a")],
        )
        guards.linker(guards.frames(db, {"t": "t"}), settings._as_naive_dict()).inference.predict()
    fresh.execute("SELECT table_name FROM duckdb_tables()")
    assert fresh.fetchall() == [("t",)]


def test_arrow_lambdas_work_inside_the_engine_only(fresh: Any) -> None:
    """Splink writes `x -> ...`, which DuckDB 2 refuses."""
    arrow = "SELECT list_transform([1], x -> x + 1)"
    with guards.engine(fresh) as db:
        db.duckdb_con.execute(arrow).fetchall()
    with pytest.raises(duckdb.Error):
        fresh.execute(arrow).fetchall()


def test_single_best_links_fit_in_memory(fresh: Any) -> None:
    """Without the guard the joins of 8,000 records take gigabytes."""
    fresh.execute("SET memory_limit = '300MB'; SET max_temp_directory_size = '1MB'")
    fresh.execute(
        "CREATE TABLE n AS SELECT i AS unique_id, CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' END AS "
        "source_dataset, i // 8 AS v, 1 AS w FROM range(8000) t(i)"
    )
    for side in "ab":
        fresh.execute(f"CREATE TABLE {side} AS FROM n WHERE source_dataset = '{side}'")
    with guards.engine(fresh) as db:
        linker = Linker(
            [db.register(side, dataset_display_name=side) for side in "ab"],
            SettingsCreator(
                link_type="link_only",
                comparisons=[cl.ExactMatch("w")],
                blocking_rules_to_generate_predictions=[block_on("v")],
            ),
            log_level=None,
        )
        edges = linker.inference.predict(warning_mode="never")
        with guards.joins_as_written(fresh):
            found = linker.clustering.cluster_using_single_best_links(
                edges,
                duplicate_free_datasets=["a", "b"],
                threshold_match_weight=-30,
                ties_method="lowest_id",
            )
        count = found.query_sql("SELECT count(DISTINCT cluster_id) AS n FROM {this}")
        assert count.as_record_list() == [{"n": 4000}]
    fresh.execute("SELECT current_setting('disabled_optimizers')")
    assert fresh.fetchall() == [("",)]
