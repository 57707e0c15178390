"""What has each record in a column? Read once from the tables, and a number from then on.

Records are numbered in the order in which Splink calls one the left and another the right of a
pair: by dataset and id.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .conditions import NotUnderstood
from .sides import columns_read
from .values import FALSE, NULL, TRUE, Coded, Codes, derived, dictionary, narrowed


@dataclass(frozen=True)
class Columns:
    """The columns of tables of records, which may not change meanwhile."""

    con: duckdb.DuckDBPyConnection
    tables: Mapping[str, str]
    """By dataset, in their order."""
    ids: pa.Array
    dataset: NDArray[np.int8]
    """By record, the place of its dataset."""
    order: Codes | None
    """The place of each record in the tables as they are scanned, if another."""
    which: Codes | None = None
    """The records that are asked for, if not all."""
    known: dict[str, Coded] = field(default_factory=dict)
    """Of all records, what has been read so far."""

    def __len__(self) -> int:
        return len(self.dataset)

    def only(self, which: Codes) -> "Columns":
        """Some of the records, which are numbered anew in their order."""
        return replace(
            self,
            ids=self.ids.take(pa.array(which)),
            dataset=self.dataset[which],
            which=which if self.which is None else self.which[which],
        )

    def column(self, sql: str) -> pa.ChunkedArray:
        """An expression over one record, for each of them."""
        return self.told({t: f'SELECT {sql} AS v FROM "{t}"' for t in self.tables.values()})

    def told(self, each: Mapping[str, str]) -> pa.ChunkedArray:
        """The v that a query over all records of a table has of each, in the order of records."""
        whole = self._scanned(each)
        if self.order is not None or self.which is not None:
            order = slice(None) if self.order is None else self.order
            places = np.arange(len(whole), dtype=np.int32)[order]
            whole = whole.take(pa.array(places if self.which is None else places[self.which]))
        return whole

    def coded(self, sql: str) -> Coded:
        """The values of an expression. What is derived from one column is derived once for each of
        its values, not once for each record."""
        own = columns_read(sql)
        of = self._known(own[0]) if len(own) == 1 else None
        if of is None:
            return narrowed(self._read(sql), self.which)
        of = narrowed(of, self.which)
        if sql == f'"{own[0]}"':
            return of
        return derived(of, dictionary(self._of_values(sql, own[0], of.values)))

    def truths(self, sql: str) -> Codes:
        """What is said of each record: FALSE, NULL or TRUE."""
        own = columns_read(sql)
        of = self._known(own[0]) if len(own) == 1 else None
        if of is None:
            return _said(self.column(sql))
        of = narrowed(of, self.which)
        found: Codes = _said(self._of_values(sql, own[0], of.values))[of.codes]
        return found

    def holds(self, each: Mapping[str, str]) -> Codes:
        """The records of which queries over all records of a table say that v is true."""
        return np.flatnonzero(_said(self.told(each)) == TRUE).astype(np.int32)

    def forget(self) -> None:
        """What was read is not needed any more."""
        self.known.clear()

    def _known(self, column: str) -> Coded | None:
        """The values of a column; None of a column of lists, whose values are not told apart here,
        and of one where two values are equal (nought and -0) of which not the same need be
        derived."""
        if column not in self.known:
            kind = self._kind(f'"{column}"')
            if pa.types.is_nested(kind) or pa.types.is_floating(kind):
                return None
            self.known[column] = self._read(f'"{column}"')
        return self.known[column]

    def _read(self, sql: str) -> Coded:
        """Of all records, as codes: they are put in order faster than values are."""
        each = {t: f'SELECT {sql} AS v FROM "{t}"' for t in self.tables.values()}
        found = dictionary(self._scanned(each))
        return found if self.order is None else Coded(found.codes[self.order], found.values)

    def _scanned(self, each: Mapping[str, str]) -> pa.ChunkedArray:
        with _in_order(self.con):
            found = [_asked(self.con, each[table]) for table in self.tables.values()]
        if len({one.type for one in found}) > 1:
            raise NotUnderstood("a column that has two types")
        return pa.chunked_array([chunk for one in found for chunk in one.chunks], found[0].type)

    def _kind(self, sql: str) -> pa.DataType:
        """Of which type an expression over one record is."""
        table = next(iter(self.tables.values()))
        return _asked(self.con, f'SELECT {sql} AS v FROM "{table}" LIMIT 0').type

    def _of_values(self, sql: str, column: str, values: pa.Array) -> pa.ChunkedArray:
        """An expression over one column, for each of its values and, last, for none."""
        told = pa.concat_arrays([values, pa.nulls(1, values.type)])
        place = "code" if column.lower() != "code" else "place"
        table = pa.table({place: pa.array(np.arange(len(told))), column: told})
        self.con.register("values_told", table)
        try:
            return _asked(self.con, f"SELECT {sql} AS v FROM values_told ORDER BY {place}")
        finally:
            self.con.unregister("values_told")


def columns(con: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> Columns:
    """The columns of tables (by dataset, each with a unique_id)."""
    # Splink compares datasets by their names and this between them and the id.
    named = {name: tables[name] for name in sorted(tables, key=lambda name: f"{name}-__-")}
    scanned = Columns(con, named, pa.nulls(0), np.empty(0, np.int8), None)
    ids = scanned.column("unique_id")
    sizes = [con.execute(f'SELECT count(*) FROM "{t}"').fetchall()[0][0] for t in named.values()]
    dataset = np.repeat(np.arange(len(sizes), dtype=np.int8), sizes)
    whole = ids.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], ids.type)
    if _ascending(whole, dataset):
        return replace(scanned, ids=whole, dataset=dataset)
    table = pa.table({"dataset": dataset, "id": whole})
    order = pc.sort_indices(table, [("dataset", "ascending"), ("id", "ascending")])
    places = order.to_numpy().astype(np.int32)
    return replace(scanned, ids=whole.take(order), dataset=dataset, order=places)


def _ascending(ids: pa.Array, dataset: NDArray[np.int8]) -> bool:
    """Whether records stand in the order of their numbers already."""
    if not pa.types.is_integer(ids.type):
        return False
    numbers = ids.to_numpy(zero_copy_only=False)
    # No differences: those of numbers without a sign are never negative.
    return bool(((numbers[1:] > numbers[:-1]) | (dataset[1:] > dataset[:-1])).all())


@contextmanager
def _in_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Columns are read one after the other: each scan must meet records in one order."""
    setting = "preserve_insertion_order"
    [(before,)] = con.execute(f"SELECT current_setting('{setting}')").fetchall()
    con.execute(f"SET {setting} = true")
    try:
        yield
    finally:
        con.execute(f"SET {setting} = {before}")


def _asked(con: duckdb.DuckDBPyConnection, query: str) -> pa.ChunkedArray:
    try:
        return con.sql(query).to_arrow_table().column("v")
    except (
        duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException,
    ) as error:  # fmt: skip
        # SQL asks it of no record that an earlier level has decided; here all are asked.
        raise NotUnderstood("an expression that fails for some record") from error
    except duckdb.BinderException as error:  # Splink has columns more, as source_dataset
        raise NotUnderstood("a column or a function that a record does not have") from error


def _said(column: pa.ChunkedArray) -> Codes:
    if not pa.types.is_boolean(column.type):
        raise NotUnderstood("a condition that is no truth value")
    said = pc.if_else(column, TRUE, FALSE).fill_null(NULL)
    return np.asarray(said.to_numpy(), np.int32)
