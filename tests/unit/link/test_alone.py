"""Does a record weigh against itself what it would weigh against its like?"""

from datafirst.link.alone import alone

from .conftest import Courts


def rows(courts: Courts, query: str) -> list[tuple[object, ...]]:
    courts.con.execute(query)
    found: list[tuple[object, ...]] = courts.con.fetchall()
    return found


def test_every_record_is_compared_with_itself_once(courts: Courts) -> None:
    for model in ("magistrates", "magistrates_crown"):
        alone(courts.con, courts.spec, courts.trained[model], courts.records, "by_itself")
        own = courts.spec.linkage.models[model].datasets
        for dataset in own:
            (counts,) = rows(
                courts,
                "SELECT count(*), count(DISTINCT _row), (SELECT count(DISTINCT _row) FROM "
                f"{courts.records[dataset]}) FROM by_itself WHERE dataset = '{dataset}'",
            )
            assert counts[0] == counts[1] == counts[2]
        ((others,),) = rows(
            courts, f"SELECT count(*) FROM by_itself WHERE dataset NOT IN {(*own, '')}"
        )
        assert others == 0


def test_what_is_known_of_a_record_decides_its_weight(courts: Courts) -> None:
    alone(courts.con, courts.spec, courts.trained["magistrates"], courts.records, "by_itself")
    known = " + ".join(f"({f} IS NOT NULL)::INTEGER" for f in ("date_of_birth", "postcode", "pnc"))
    found = rows(
        courts,
        f"SELECT {known} AS fields, avg(match_weight) FROM by_itself "
        f"JOIN {courts.records['magistrates']} USING (_row) WHERE variant = 0 "
        "GROUP BY fields ORDER BY fields",
    )
    weights = [float(str(weight)) for _, weight in found]
    assert len(weights) > 2 and weights == sorted(weights)


def test_no_other_record_is_more_like_a_record_than_itself(courts: Courts) -> None:
    """But for the rarity of a value, which two records share as they share the value."""
    alone(courts.con, courts.spec, courts.trained["magistrates"], courts.records, "by_itself")
    ((more,),) = rows(
        courts,
        "SELECT count(*) FROM edges_magistrates AS e JOIN by_itself AS l ON l._row = _row_l "
        "JOIN by_itself AS r ON r._row = _row_r "
        "WHERE e.match_weight > greatest(l.match_weight, r.match_weight) + 0.001",
    )
    assert more == 0


def test_the_same_records_weigh_the_same_with_one_thread(courts: Courts) -> None:
    made = []
    for threads in (2, 1):
        courts.con.execute(f"SET threads = {threads}")
        alone(courts.con, courts.spec, courts.trained["magistrates"], courts.records, "by_itself")
        made.append(rows(courts, "FROM by_itself"))
    courts.con.execute("SET threads = 2")
    assert made[0] == made[1]
