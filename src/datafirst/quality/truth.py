"""How right are the people and the journeys that were found, where the truth is known?

Pairwise measures, and B-cubed (Bagga and Baldwin 1998), from counts of how the clusters and the
true people cut each other: no pair is made, so a million records take a second.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from datafirst.link.inputs import Records
from datafirst.link.settings import rule
from datafirst.link.standardise import literal
from datafirst.spec import LinkModel

from .share import share

MEASURES = """
WITH sized AS (SELECT *, sum(n) OVER (PARTITION BY found) AS f,
                      sum(n) OVER (PARTITION BY really) AS r FROM cells),
totals AS (SELECT sum(n) AS records, count(DISTINCT really) AS people,
                  count(DISTINCT found) AS clusters,
                  sum(n * (n - 1)) AS together, sum(n * (f - 1)) AS together_found,
                  sum(n * (r - 1)) AS together_really,
                  sum(n * n / f) AS bp, sum(n * n / r) AS br,
                  count(*) FILTER (WHERE n = f AND n = r) AS whole, max(f) AS largest
           FROM sized)
SELECT records, people, clusters, together, together_found, together_really, bp, br, whole,
       largest FROM totals"""
"""Of cells: how many records (n) one cluster (found) and one true person (really) share."""


BETWEEN = """
WITH cells AS (SELECT person_standard AS found, person_id AS really,
                      count(*) FILTER (dataset = $left)::DOUBLE AS l,
                      count(*) FILTER (dataset = $right)::DOUBLE AS r
               FROM {people} JOIN {truth} USING (dataset, record_id)
               WHERE dataset IN ($left, $right) GROUP BY ALL)
SELECT (SELECT sum(l * r) FROM cells),
       (SELECT sum(l * r) FROM (SELECT sum(l) AS l, sum(r) AS r FROM cells GROUP BY found)),
       (SELECT sum(l * r) FROM (SELECT sum(l) AS l, sum(r) AS r FROM cells GROUP BY really))"""
"""Pairs of a record of each of two datasets: of one person rightly, as found, in truth."""


@dataclass(frozen=True)
class Agreement:
    """How far two sets of pairs agree."""

    precision: float | None
    """None where nothing was found."""
    recall: float | None
    """None where there is nothing to be found."""

    @property
    def f1(self) -> float | None:
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class PeopleQuality:
    """How people that were found agree with people as they are."""

    records: int
    people: int
    """True people."""
    clusters: int
    pairs: Agreement
    b_cubed: Agreement
    exact_clusters: float | None
    """The share of true people who were found whole and alone."""
    largest_cluster: int


def people_quality(
    con: duckdb.DuckDBPyConnection, people: str, truth: str, person: str = "person_standard"
) -> PeopleQuality:
    """Compare a relation of people with the truth (dataset, record_id, person_id).

    `person` is the column that says who is who: person_strict, person_standard, person_loose,
    or dataset_person (then records of different datasets are different people in the truth too).
    """
    who = "t.dataset || '/' || person_id" if person == "dataset_person" else "person_id"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE cells AS SELECT {person} AS found, {who} AS really, "
        f"count(*)::DOUBLE AS n FROM {people} JOIN {truth} t USING (dataset, record_id) "
        "GROUP BY ALL"
    )
    row = con.execute(MEASURES).fetchall()[0]
    con.execute("DROP TABLE cells")
    records, entities, clusters, together, found, really, bp, br, whole, largest = (
        float(x or 0) for x in row
    )
    return PeopleQuality(
        records=round(records),
        people=round(entities),
        clusters=round(clusters),
        pairs=Agreement(share(together, found), share(together, really)),
        b_cubed=Agreement(share(bp, records), share(br, records)),
        exact_clusters=share(whole, entities),
        largest_cluster=round(largest),
    )


def between(
    con: duckdb.DuckDBPyConnection, people: str, truth: str, left: str, right: str
) -> Agreement:
    """How right the links between the records of two datasets are, at the standard threshold."""
    query = BETWEEN.format(people=people, truth=truth)
    row = con.execute(query, {"left": left, "right": right}).fetchall()[0]
    together, found, really = (float(x or 0) for x in row)
    return Agreement(share(together, found), share(together, really))


def journeys_quality(
    con: duckdb.DuckDBPyConnection, journeys: str, truth: str, best: bool = False
) -> Agreement:
    """Compare journeys with the truth (left_record_id, right_record_id); `best` only, or all."""
    query = (
        f"WITH found AS (SELECT left_record_id, right_record_id FROM {journeys} "
        f"WHERE best OR NOT {best}), really AS (SELECT DISTINCT left_record_id, right_record_id "
        f"FROM {truth}) SELECT (SELECT count(*) FROM found JOIN really USING (left_record_id, "
        "right_record_id)), (SELECT count(*) FROM found), (SELECT count(*) FROM really)"
    )
    right, found, really = con.execute(query).fetchall()[0]
    return Agreement(share(right, found), share(right, really))


def blocking_recall(
    con: duckdb.DuckDBPyConnection, models: Iterable[LinkModel], records: Records, truth: str
) -> float | None:
    """The share of true pairs that any model compares at all: what scoring cannot mend.

    Two records are compared where any way in which one is written meets a rule with any of the
    other. Here pairs are made, but only those of one true person.
    """
    each = " UNION ALL BY NAME ".join(f"SELECT * FROM {table}" for table in records.values())
    compared = " OR ".join(f"({_compared(model)})" for model in models)
    query = (
        f"WITH r AS (SELECT * FROM ({each}) JOIN {truth} USING (dataset, record_id)) "
        f"SELECT count(*) FILTER (met), count(*) FROM (SELECT bool_or({compared}) AS met FROM r l "
        "JOIN r ON l.person_id = r.person_id AND (l.dataset, l._row) < (r.dataset, r._row) "
        "GROUP BY l.dataset, l._row, r.dataset, r._row)"
    )
    compared_pairs, pairs = con.execute(query).fetchall()[0]
    return share(compared_pairs, pairs)


def _compared(model: LinkModel) -> str:
    of = ", ".join(literal(dataset) for dataset in model.datasets)
    apart = "=" if len(model.datasets) == 1 else "<>"
    rules = " OR ".join(f"({rule(columns)})" for columns in model.block_on)
    return (
        f"l.dataset IN ({of}) AND r.dataset IN ({of}) AND l.dataset {apart} r.dataset AND ({rules})"
    )
