"""How right are the people and the journeys that were found, where the truth is known?

Pairwise measures, and B-cubed (Bagga and Baldwin 1998), from counts of how the clusters and the
true people cut each other: no pair is ever made, so a million records take a second.
"""

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Agreement:
    """How far two sets of pairs agree."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
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
    exact_clusters: float
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
    query = """
        WITH sized AS (SELECT n, sum(n) OVER (PARTITION BY found) AS f,
                              sum(n) OVER (PARTITION BY really) AS r FROM cells),
        totals AS (SELECT sum(n) AS records, sum(n / r) AS people, sum(n / f) AS clusters,
                          sum(n * (n - 1)) AS together, sum(n * (f - 1)) AS found,
                          sum(n * (r - 1)) AS really, sum(n * n / f) AS bp, sum(n * n / r) AS br,
                          count(*) FILTER (WHERE n = f AND n = r) AS whole, max(f) AS largest
                   FROM sized)
        SELECT records, people, clusters, together, found, really, bp, br, whole, largest
        FROM totals"""
    row = con.execute(query).fetchall()[0]
    con.execute("DROP TABLE cells")
    records, entities, clusters, together, found, really, bp, br, whole, largest = (
        float(x or 0) for x in row
    )
    return PeopleQuality(
        records=round(records),
        people=round(entities),
        clusters=round(clusters),
        pairs=Agreement(_share(together, found), _share(together, really)),
        b_cubed=Agreement(_share(bp, records), _share(br, records)),
        exact_clusters=_share(whole, entities),
        largest_cluster=round(largest),
    )


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
    return Agreement(_share(right, found), _share(right, really))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
