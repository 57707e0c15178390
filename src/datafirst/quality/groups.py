"""Of which group is a record? The groups by which linkage error is told, one row for each record.

Groups are read from the records themselves, as their person is mainly written. They steer the
sample and stand beside its estimates; no model compares them and no share has them.
"""

from collections.abc import Iterator, Mapping

import duckdb

from datafirst.deidentify.ages import AGE_AT
from datafirst.link.standardise import literal
from datafirst.spec import Specification
from datafirst.spec.groups import FIELDS

COLUMNS = (*FIELDS, "postcode_area")

GROUPS = ("sex", "ethnicity", "age", "area", "year", "naming")
NOT_KNOWN, NOT_TOLD, DOUBLE_BARRELLED, ELSEWHERE = (
    "not known",
    "not told by the name",
    "double-barrelled",
    "elsewhere",
)

SEX = "CASE sex WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' END"
ETHNICITY = (
    "CASE left(ethnicity, 1) WHEN 'W' THEN 'White' WHEN 'M' THEN 'Mixed' WHEN 'A' THEN 'Asian' "
    "WHEN 'B' THEN 'Black' WHEN 'O' THEN 'Other' END"
)
"""The five broad groups of the 16+1 classification: the first letter of its codes (Chinese, whose
old code begins with another, has been recoded; fields.toml). The "+1" is not known."""
AGE = (
    "CASE WHEN years < 18 THEN 'under 18' WHEN years < 25 THEN '18 to 24' "
    "WHEN years < 40 THEN '25 to 39' WHEN years < 60 THEN '40 to 59' "
    "WHEN years >= 60 THEN '60 and over' END"
)
YEAR = (
    "CASE WHEN year(recorded_on) < 2000 THEN 'before 2000' ELSE "
    "format('{0} to {1}', year(recorded_on) // 5 * 5, year(recorded_on) // 5 * 5 + 4) END"
)
"""Years in fives: few enough that a sample says something of each."""

PARTICLES = (
    "AL|AP|BEN|BIN|BINT|DA|DAL|DE|DEL|DELLA|DEN|DER|DI|DO|DOS|DU|EL|IBN|LA|LE|LO|MAC|MC|O|SAN|SANTA|"
    "ST|TEN|TER|UL|UR|VAN|VON|ZU"
)
PLAIN = rf"trim(regexp_replace(surname, '\b(?:{PARTICLES}) ', '', 'g'))"
"""A surname without the particles that stand before it."""


def groups(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    records: Mapping[str, str],
    into: str = "grouped",
) -> None:
    """Make the table `into`: dataset, _row and GROUPS, for every record in order.

    `records` are linkage records (link.records) with the FIELDS, as far as there are any.
    """
    con.execute(AGE_AT)
    con.execute(f"CREATE OR REPLACE TEMP TABLE naming_lists AS {_lists(spec)}")
    each = " UNION ALL ".join(_read(con, relation) for relation in records.values())
    columns = ", ".join(f"coalesce({sql}, '{NOT_KNOWN}') AS {n}" for n, sql in _told(spec))
    con.execute(
        f'CREATE OR REPLACE TABLE "{into}" AS WITH records AS ({each or NOBODY}), '
        f"plain AS (SELECT *, nullif({PLAIN}, '') AS plain, "
        "age_at(date_of_birth, recorded_on) AS years FROM records), "
        f"named AS ({_named(spec)}) "
        f"SELECT dataset, _row, {columns} FROM named ORDER BY dataset, _row"
    )
    con.execute("DROP TABLE naming_lists")


NOBODY = "SELECT '' AS dataset, 0::BIGINT AS _row, " + ", ".join(
    f"NULL::{'DATE' if name in ('date_of_birth', 'recorded_on') else 'VARCHAR'} AS {name}"
    for name in COLUMNS
)
NOBODY += " WHERE false"


def _read(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """The records as their person is mainly written; a column that they lack is null."""
    described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    there = {str(row[0]) for row in described}
    columns = ", ".join(name for name in ("dataset", "_row", *COLUMNS) if name in there)
    main = f"SELECT {columns} FROM {relation} WHERE variant = 0"
    return f"(SELECT * FROM ({NOBODY}) UNION ALL BY NAME {main})"


def _told(spec: Specification) -> Iterator[tuple[str, str]]:
    """Each group and how it is read."""
    yield "sex", SEX
    yield "ethnicity", ETHNICITY
    yield "age", AGE
    yield "area", _area(spec)
    yield "year", f"CASE WHEN recorded_on IS NOT NULL THEN {YEAR} END"
    yield "naming", "naming"


def _area(spec: Specification) -> str:
    cases = " ".join(
        f"WHEN postcode_area IN ({', '.join(map(literal, areas))}) THEN {literal(region)}"
        for region, areas in spec.linkage.regions.items()
    )
    return f"CASE WHEN postcode_area IS NULL THEN NULL {cases} ELSE '{ELSEWHERE}' END"


def _lists(spec: Specification) -> str:
    """part, name, tradition, tells: which tradition lists which name."""
    rows = [
        f"({literal(part)}, {literal(name)}, {literal(each.title)}, {each.forenames_tell})"
        for each in spec.linkage.naming.values()
        for part in ("surnames", "forenames")
        for name in sorted(set(getattr(each, part)))
    ]
    values = ", ".join(rows) or "('', '', '', false)"
    return (
        "SELECT part, name, list(tradition ORDER BY tradition) AS of, "
        "list(tradition ORDER BY tradition) FILTER (NOT tells) AS otherwise "
        f"FROM (VALUES {values}) AS listed (part, name, tradition, tells) GROUP BY ALL"
    )


def _named(spec: Specification) -> str:
    """Records with the tradition of their name: config/linkage/naming.toml states the rule."""
    ends = " ".join(
        f"WHEN regexp_matches(plain, '.(?:{'|'.join(each.surname_ends)})$') "
        f"THEN {literal(each.title)}"
        for each in spec.linkage.naming.values()
        if each.surname_ends
    )
    ended = f"CASE {ends} END" if ends else "NULL"
    return (
        "SELECT r.*, CASE WHEN plain IS NULL THEN NULL "
        f"WHEN contains(plain, ' ') THEN '{DOUBLE_BARRELLED}' "
        "WHEN len(s.of) = 1 THEN s.of[1] "
        "WHEN len(list_intersect(s.of, f.of)) = 1 THEN list_intersect(s.of, f.of)[1] "
        f"WHEN s.of IS NOT NULL THEN coalesce(s.otherwise[1], '{NOT_TOLD}') "
        f"ELSE coalesce({ended}, CASE WHEN len(f.of) = 1 THEN f.of[1] END, '{NOT_TOLD}') "
        "END AS naming FROM plain AS r "
        "LEFT JOIN naming_lists AS s ON s.part = 'surnames' AND s.name = plain "
        "LEFT JOIN naming_lists AS f ON f.part = 'forenames' AND f.name = forename1"
    )
