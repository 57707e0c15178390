"""How are people taken apart who hang together by little, and who is too large to be one person?"""

from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa

from datafirst.errors import LinkageRefused
from datafirst.spec import Bridges, LinkModel
from datafirst.spec.linkage import LEVELS

from .cluster import COLUMNS, TOGETHER, between, numbered
from .compared import Compared, compared
from .corrected import corrected
from .graph import Marks, Nodes, components
from .groups import groups

FLAG = "bridge"
"""What the records of people who were cut are flagged with."""


def cut_at_bridges(
    con: duckdb.DuckDBPyConnection,
    people: str,
    edges: str,
    rule: Bridges,
    models: Iterable[LinkModel] | None = None,
) -> dict[str, int]:
    """Takes apart, at every level, the people of the table `people` that the rule does not allow.

    Their records are flagged in its column `flag`, which is added. Pairs of records that none of
    the models compares say nothing; without models all count as compared. Returns how many people
    were cut at each level. LinkageRefused where somebody is left with more records than the rule
    allows.
    """
    con.execute(f'ALTER TABLE "{people}" ADD COLUMN IF NOT EXISTS flag VARCHAR')
    numbered(con, _affected(people, rule), "bridged_nodes")
    try:
        found, cut = _taken_apart(con, edges, rule, compared(con, "bridged_nodes", models))
        if any(cut.values()):
            corrected(con, people, "bridged_nodes", found)
    finally:
        con.execute("DROP TABLE bridged_nodes")
    bounded(con, people, edges, rule)
    return cut


def _taken_apart(
    con: duckdb.DuckDBPyConnection, edges: str, rule: Bridges, within: Compared
) -> tuple[pa.Table, dict[str, int]]:
    """The new people of bridged_nodes, as corrected() wants them, and how many were cut."""
    (nodes,) = con.execute("SELECT count(*) FROM bridged_nodes").fetchall()[0]
    a, b, strong, weight, own = between(
        con, edges, "bridged_nodes", TOGETHER, "match_weight", "dataset_l = dataset_r"
    )
    before = components(nodes, a, b, strong)
    after = groups(nodes, a, b, strong, weight, rule.few, rule.share, rule.certain, within)
    cut = np.array([_cut(*both) for both in zip(before, after, strict=True)])
    standard = LEVELS.index("standard")
    kept = np.where(own & (after[standard][a] == after[standard][b]), strong, np.int8(0))
    alone = components(nodes, a, b, kept)[standard]
    named = dict(zip(COLUMNS, [*after, alone], strict=True))
    flag = pa.array([FLAG]).take(pa.array(np.zeros(nodes, np.int8), mask=~cut.any(axis=0)))
    counts = [int(np.unique(was[one]).size) for was, one in zip(before, cut, strict=True)]
    found = pa.table({"node": np.arange(nodes), "flag": flag, **named})
    return found, dict(zip(LEVELS, counts, strict=True))


def bounded(con: duckdb.DuckDBPyConnection, people: str, edges: str, rule: Bridges) -> None:
    """Refuses people of more records than the rule allows."""
    large = (
        f'SELECT person_loose AS person, count(*) AS records FROM "{people}" '
        f"GROUP BY person_loose HAVING count(*) > {rule.records_up_to}"
    )
    many, most = con.execute(f"SELECT count(*), max(records) FROM ({large})").fetchall()[0]
    if not many:
        return
    held = con.execute(
        f"SELECT model, count(*) FROM {edges} "
        f'JOIN "{people}" AS p ON p.dataset = dataset_l AND p._row = _row_l '
        f"JOIN ({large}) ON person = p.person_loose WHERE strength > 0 GROUP BY model ORDER BY ALL"
    ).fetchall()
    by = ", ".join(f"{model} ({edges_of:,})" for model, edges_of in held)
    raise LinkageRefused(
        f"linkage/bridges/{rule.id}.toml: {many:,} people have more than {rule.records_up_to:,} "
        f"records, the largest {most:,}; edges there by model: {by}. Look for a value that many "
        "share and let standardising count it as missing, raise the model's thresholds or give it "
        "a veto; or raise records_up_to, if somebody has so many"
    )


def _affected(people: str, rule: Bridges) -> str:
    """Records of people who are large enough to be two groups that can say no."""
    return (
        f"SELECT dataset, _row, record_id, person_strict, person_standard, person_loose "
        f'FROM "{people}" SEMI JOIN (SELECT person_loose FROM "{people}" GROUP BY person_loose '
        f"HAVING count(*) > {2 * rule.few + 1}) USING (person_loose)"
    )


def _cut(before: Nodes, after: Nodes) -> Marks:
    """Which records are of a group that is now several."""
    broken = np.zeros(before.size, np.bool_)
    broken[before[before != after]] = True
    return broken[before]
