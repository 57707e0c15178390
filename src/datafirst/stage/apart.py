"""Which records found together cannot be one person, or hardly? Asks the release's rules, and
cuts."""

from duckdb import DuckDBPyConnection

from datafirst.derive.asking import asking
from datafirst.link.apart import cut
from datafirst.link.bridged import cut_at_bridges
from datafirst.link.inputs import Records
from datafirst.scratch import Scratch
from datafirst.spec import Impossible

from .landed import typed_tables
from .release import Plan

PAIRS = "(rule VARCHAR, dataset_l VARCHAR, _row_l BIGINT, dataset_r VARCHAR, _row_r BIGINT)"


def taken_apart(
    con: DuckDBPyConnection, plan: Plan, records: Records, folder: Scratch
) -> dict[str, int]:
    """Cuts `people` by every rule whose dataset the release has, or that is about all datasets;
    returns how many pairs of records each forbids, and how many people were cut."""
    con.execute(f"CREATE TABLE impossible {PAIRS}")
    found = {}
    for name in plan.release.impossible:
        rule = plan.spec.linkage.impossible[name]
        if rule.dataset is None:
            found[name] = _between(con, rule, records)
        elif plan.spec.linkage.datasets[rule.dataset].system in plan.snapshots:
            found[name] = _within(con, plan, rule, rule.dataset, folder)
    found["people_cut"] = cut(con, "people", "edges", "impossible")
    con.execute("DROP TABLE impossible")
    return found


def bridged(con: DuckDBPyConnection, plan: Plan) -> dict[str, int]:
    """Cuts `people` who hang together by little; returns how many at each level. LinkageRefused
    where somebody is too many records to be one person."""
    if plan.release.bridges is None:
        return {}
    linkage = plan.spec.linkage
    models = [linkage.models[name] for name in plan.release.models]
    return cut_at_bridges(con, "people", "edges", linkage.bridges[plan.release.bridges], models)


def _within(
    con: DuckDBPyConnection, plan: Plan, rule: Impossible, dataset: str, folder: Scratch
) -> int:
    """Asks a rule about one dataset, which reads the tables of its system."""
    con.execute(
        "CREATE OR REPLACE TEMP VIEW together AS SELECT _row, person_loose AS person FROM people "
        f"WHERE dataset = '{dataset}'"
    )
    system = plan.spec.linkage.datasets[dataset].system
    with typed_tables(con, plan, system, _query(rule), folder):
        return _forbidden(con, rule, f"'{dataset}'", f"'{dataset}'")


def _between(con: DuckDBPyConnection, rule: Impossible, records: Records) -> int:
    """Asks a rule about all datasets, which reads their linkage records."""
    con.execute(
        "CREATE OR REPLACE TEMP VIEW together AS "
        "SELECT dataset, _row, person_loose AS person FROM people"
    )
    each = " UNION ALL BY NAME ".join(f'SELECT * FROM "{table}"' for table in records.values())
    con.execute(f"CREATE OR REPLACE TEMP VIEW records AS {each}")
    count = _forbidden(con, rule, "dataset_l", "dataset_r")
    con.execute("DROP VIEW records")
    return count


def _forbidden(con: DuckDBPyConnection, rule: Impossible, left: str, right: str) -> int:
    with asking(f"linkage/impossible/{rule.id}.sql"):
        con.execute(
            f"INSERT INTO impossible SELECT '{rule.id}', {left}, _row_l, {right}, _row_r "
            f"FROM (\n{_query(rule)}\n)"
        )
    con.execute("DROP VIEW together")
    count = con.execute("SELECT count(*) FROM impossible WHERE rule = ?", [rule.id])
    return int(count.fetchall()[0][0])


def _query(rule: Impossible) -> str:
    return (rule.query or "").strip().rstrip(";")
