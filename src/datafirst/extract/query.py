"""What is asked of a PostgreSQL source?"""

from datafirst.spec import Table, Type

from .columns import postgresql_type, stored

BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
"""Every table of a system is read in one such transaction: they all show the same moment."""

COLUMNS = """
SELECT table_name::text, column_name::text, data_type::text
FROM information_schema.columns
WHERE table_schema = $1
ORDER BY table_name, ordinal_position
"""


def select(table: Table, schema_name: str) -> str:
    """The rows of a table, explicitly typed, in a total order that no locale changes.

    The order makes the same source give the same bytes. It costs PostgreSQL a sort on its
    disk where no index serves; the columns after the key are compared only where rows share
    a key, which is a fault that validation reports.
    """
    columns = ",\n  ".join(f'"{v.name}"::{postgresql_type(v)} AS "{v.name}"' for v in table)
    names = dict.fromkeys((*table.key, *table.variables))
    order = ", ".join(_ordinal(table, name) for name in names)
    return f'SELECT\n  {columns}\nFROM "{schema_name}"."{table.name}"\nORDER BY {order}'


def _ordinal(table: Table, name: str) -> str:
    text = stored(table.variables[name]) is Type.STRING
    return f'"{name}"::text COLLATE "C"' if text else f'"{name}"'
