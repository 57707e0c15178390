"""Is a source still what the specification says it is?"""

from collections.abc import Iterator, Mapping

from datafirst.spec import Table, Type

from .columns import postgresql_type, stored

Columns = Mapping[str, str]
"""What a source says about a table: column name -> type."""

READ_WITHOUT_LOSS = {
    Type.STRING: {"text", "character varying", "character", "string", "large_string"},
    Type.INTEGER: {"bigint", "integer", "smallint", "int8", "int16", "int32", "int64"},
    Type.NUMBER: {"double precision", "real", "numeric", "float", "double"},
    Type.BOOLEAN: {"boolean", "bool"},
    Type.DATE: {"date", "date32[day]"},
}
"""Types of PostgreSQL and of Parquet files that a variable may have in its source.

A numeric is read as double precision: exact for amounts up to 15 digits.
"""


def differences(table: Table, found: Columns | None) -> Iterator[str]:
    """Each way in which a source's table is not the one that is specified."""
    if found is None:
        yield (
            f"{table.id}: the source has no such table, or does not let this account read it; "
            "restore it, grant SELECT, or take its file out of the specification"
        )
        return
    for variable in table:
        place = f"{table.id}.{variable.name}"
        actual = found.get(variable.name)
        if actual is None:
            yield (
                f"{place}: the source has no such column; restore it or take it out of "
                f"config/sources/{table.group}/{table.name}.toml"
            )
        elif actual not in READ_WITHOUT_LOSS[stored(variable)]:
            yield (
                f"{place}: expected {postgresql_type(variable)}, found {actual}; restore the type "
                f"or change it in config/sources/{table.group}/{table.name}.toml"
            )


def unspecified(table: Table, found: Columns) -> int:
    """How many columns the source has that nobody described: they are not read."""
    return len(set(found) - set(table.variables))
