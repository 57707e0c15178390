"""A small model with everything that distribution could get wrong, and records of few values."""

from typing import Any

import duckdb

RULES = (
    "l.name = r.name",
    "l.born = r.born AND (l.changed OR r.changed)",
    "substr(l.name, 1, 1) = substr(r.name, 1, 1) AND l.town = r.town",
)
"""A key of one column, one that asks more besides, and one of expressions."""

COLUMNS = ("name", "born", "town", "changed")


def settings(link_type: str, rules: tuple[str, ...] = RULES) -> dict[str, Any]:
    """Splink's settings, with weights that cannot be mistaken for each other."""
    return {
        "link_type": link_type,
        "sql_dialect": "duckdb",
        "probability_two_random_records_match": 0.01,
        "comparisons": [
            _comparison(
                "name",
                [
                    ("name_l = name_r", 0.8, 0.01),
                    ("jaro_winkler_similarity(name_l, name_r) >= 0.8", 0.15, 0.03),
                ],
                "name",
            ),
            _comparison(
                "born",
                [
                    ("born_l = born_r", 0.85, 0.02),
                    ("abs(datediff('day', born_l, born_r)) <= 3", 0.1, 0.07),
                ],
            ),
            _comparison("town", [("town_l = town_r", 0.7, 0.11)], "town"),
        ],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in rules
        ],
    }


def _comparison(
    column: str, levels: list[tuple[str, float, float]], rare: str | None = None
) -> dict[str, Any]:
    first = {"tf_adjustment_column": rare, "tf_adjustment_weight": 1.0} if rare else {}
    return {
        "output_column_name": column,
        "comparison_levels": [
            {"sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL", "is_null_level": True},
            *(
                {"sql_condition": sql, "m_probability": m, "u_probability": u}
                | (first if n == 0 else {})
                for n, (sql, m, u) in enumerate(levels)
            ),
            {"sql_condition": "ELSE", "m_probability": 0.04, "u_probability": 0.79},
        ],
    }


def shares(con: duckdb.DuckDBPyConnection, tables: list[str]) -> dict[str, str]:
    """How frequent names and towns are; of some nothing is known."""
    made = {}
    for column in ("name", "town"):
        each = " UNION ALL ".join(f'SELECT "{column}" FROM "{t}"' for t in tables)
        made[column] = f"share_of_{column}"
        con.execute(
            f'CREATE OR REPLACE TABLE {made[column]} AS SELECT "{column}", '
            f'(count(*) + 1) / 5000.0::DOUBLE AS "tf_{column}" FROM ({each}) '
            f'WHERE "{column}" IS NOT NULL AND "{column}" <> \'E\' GROUP BY 1'
        )
    return made
