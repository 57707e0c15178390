"""As what types does a table arrive?"""

import pyarrow as pa

from datafirst.spec import Table, Type, Variable

ROW = "_row"
"""The ordinal of a row in its table's snapshot."""

ARRIVES_AS = {
    Type.STRING: ("text", pa.string()),
    Type.INTEGER: ("bigint", pa.int64()),
    Type.NUMBER: ("double precision", pa.float64()),
    Type.BOOLEAN: ("boolean", pa.bool_()),
    Type.DATE: ("date", pa.date32()),
}
"""PostgreSQL's type that a column is read as, and the type it has in the snapshot."""


def stored(variable: Variable) -> Type:
    """The type a variable has in its source: a date with a format is text."""
    return Type.STRING if variable.format else variable.type


def postgresql_type(variable: Variable) -> str:
    return ARRIVES_AS[stored(variable)][0]


def arrow_schema(table: Table) -> pa.Schema:
    """The columns of a table in the specification's order."""
    return pa.schema([(v.name, ARRIVES_AS[stored(v)][1]) for v in table])
