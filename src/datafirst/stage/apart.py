"""Which records found together cannot be one person, or hardly? Asks the release's rules, and
cuts."""

from duckdb import DuckDBPyConnection

from datafirst.derive.asking import asking
from datafirst.link.apart import cut
from datafirst.link.bridged import cut_at_bridges
from datafirst.scratch import Scratch
from datafirst.spec import Impossible

from .records import typed_tables
from .release import Plan

PAIRS = "(rule VARCHAR, dataset VARCHAR, _row_l BIGINT, _row_r BIGINT)"


def taken_apart(con: DuckDBPyConnection, plan: Plan, folder: Scratch) -> dict[str, int]:
    """Cuts `people` by every rule whose dataset the release has; returns how many pairs of
    records each forbids, and how many people were cut."""
    con.execute(f"CREATE TABLE impossible {PAIRS}")
    found = {}
    for name in plan.release.impossible:
        rule = plan.spec.linkage.impossible[name]
        if plan.spec.linkage.datasets[rule.dataset].system in plan.snapshots:
            found[name] = _forbidden(con, plan, rule, folder)
    found["people_cut"] = cut(con, "people", "edges", "impossible")
    con.execute("DROP TABLE impossible")
    return found


def bridged(con: DuckDBPyConnection, plan: Plan) -> dict[str, int]:
    """Cuts `people` who hang together by little; returns how many at each level. LinkageRefused
    where somebody is too many records to be one person."""
    if plan.release.bridges is None:
        return {}
    return cut_at_bridges(con, "people", "edges", plan.spec.linkage.bridges[plan.release.bridges])


def _forbidden(con: DuckDBPyConnection, plan: Plan, rule: Impossible, folder: Scratch) -> int:
    system = plan.spec.linkage.datasets[rule.dataset].system
    query = (rule.query or "").strip().rstrip(";")
    con.execute(
        "CREATE OR REPLACE TEMP VIEW together AS SELECT _row, person_loose AS person FROM people "
        f"WHERE dataset = '{rule.dataset}'"
    )
    with (
        typed_tables(con, plan, system, query, folder),
        asking(f"linkage/impossible/{rule.id}.sql"),
    ):
        con.execute(
            f"INSERT INTO impossible SELECT '{rule.id}', '{rule.dataset}', _row_l, _row_r "
            f"FROM (\n{query}\n)"
        )
    con.execute("DROP VIEW together")
    count = con.execute("SELECT count(*) FROM impossible WHERE rule = ?", [rule.id])
    return int(count.fetchall()[0][0])
