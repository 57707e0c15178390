"""What would the databases hold? Invents the people and writes them down as each court would.

Yields Arrow tables, a chunk of people at a time, so that memory does not grow with their number.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from datafirst.spec.model import Specification

from . import lists

SQL = Path(__file__).parent / "sql"
MOST_PEOPLE = 1 << 24
"""The numbers that systems give to their rows leave 24 bits for the person."""
