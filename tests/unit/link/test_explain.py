"""Is a weight taken apart into just what scoring added up?"""

import pytest

from datafirst.link.explain import MISSING, Pair, explained
from datafirst.link.score import score

from .conftest import Courts


def some(courts: Courts, edges: str, where: str = "true") -> dict[Pair, float]:
    courts.con.execute(
        f"SELECT dataset_l, _row_l, dataset_r, _row_r, match_weight FROM {edges} "
        f"WHERE {where} ORDER BY hash(_row_l, _row_r), 2, 4 LIMIT 20"
    )
    return {row[:4]: row[4] for row in courts.con.fetchall()}


@pytest.mark.parametrize("model", ["magistrates", "magistrates_crown"])
def test_the_parts_of_a_pair_come_to_the_weight_of_its_edge(courts: Courts, model: str) -> None:
    scored = score(courts.con, courts.spec, courts.trained[model], courts.records, into="now")
    assert scored.prior is not None
    edges = some(courts, "now")
    made = explained(
        courts.con, courts.spec, courts.trained[model], courts.records, list(edges), scored.prior
    )
    assert [each.pair for each in made] == list(edges)
    assert [each.weight for each in made] == pytest.approx(list(edges.values()), abs=1e-6)
    names = [part.comparison for part in made[0].parts]
    settings = courts.trained[model]["splink"]["comparisons"]
    assert names == [c["output_column_name"] for c in settings]


def test_a_pair_may_be_given_the_other_way_round(courts: Courts) -> None:
    trained = courts.trained["magistrates_crown"]
    [pair, *_] = some(courts, "edges_magistrates_crown")
    turned = (*pair[2:], *pair[:2])
    one, other = (
        explained(courts.con, courts.spec, trained, courts.records, [each], -10.0)[0]
        for each in (pair, turned)
    )
    assert one.parts == other.parts and one.variants == other.variants[::-1]
    assert other.pair == turned


def test_levels_are_named_as_in_the_model_and_what_is_missing_weighs_nothing(
    courts: Courts,
) -> None:
    trained = courts.trained["magistrates"]
    pairs = list(some(courts, "edges_magistrates"))
    labels = {
        c["output_column_name"]: {x["label_for_charts"] for x in c["comparison_levels"]}
        for c in trained["splink"]["comparisons"]
    }
    parts = [
        part
        for each in explained(courts.con, courts.spec, trained, courts.records, pairs, 0.0)
        for part in each.parts
    ]
    assert all(part.level in labels[part.comparison] for part in parts)
    missing = [part for part in parts if part.level == MISSING]
    assert missing and all(part.weight == part.frequency == 0 for part in missing)
    same = {part.level for part in parts if part.comparison == "sex" and part.weight > 0}
    assert same == {"same"}


def test_nothing_is_left_behind(courts: Courts) -> None:
    def tables() -> list[tuple[str]]:
        courts.con.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL")
        found: list[tuple[str]] = courts.con.fetchall()
        return found

    before = tables()
    trained, pairs = courts.trained["magistrates"], list(some(courts, "edges_magistrates"))
    explained(courts.con, courts.spec, trained, courts.records, pairs, 0.0)
    assert tables() == before
