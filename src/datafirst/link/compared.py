"""Which records does a release compare at all? Only between them can there be edges.

Two datasets that no model has both of are never compared: that nothing links their records says
nothing against it. Whoever asks how many of the pairs between two groups of records are edges
counts the pairs that were compared.
"""

from collections.abc import Iterable
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from datafirst.spec import LinkModel

from .compiled import kernel
from .graph import Marks

Datasets = NDArray[np.int8]
"""By record, the number of its dataset."""

Counts = NDArray[np.int32]
"""By dataset, how many records of it a group has."""


class Compared(NamedTuple):
    """The dataset of each record, and by two datasets, whether records of them are compared."""

    dataset: Datasets
    pairs: Marks


def everything(records: int) -> Compared:
    """Records of one dataset that is compared with itself."""
    return Compared(np.zeros(records, np.int8), np.ones((1, 1), np.bool_))


def compared(
    con: duckdb.DuckDBPyConnection, nodes: str, models: Iterable[LinkModel] | None
) -> Compared:
    """What the models that find people compare, of the records of the relation `nodes` (dataset,
    and node, which numbers them from nought). None: every record with every other."""
    if models is None:
        return everything(con.execute(f"SELECT count(*) FROM {nodes}").fetchall()[0][0])
    rows = con.execute(f"SELECT DISTINCT dataset FROM {nodes} ORDER BY ALL").fetchall()
    names = [name for (name,) in rows]
    each = con.execute(
        f"SELECT (list_position(?::VARCHAR[], dataset) - 1)::TINYINT AS at FROM {nodes} "
        "ORDER BY node",
        [names],
    ).fetchnumpy()
    people = (model for model in models if model.produces == "people")
    found = {pair for model in people for pair in model.pairs}
    either = [[(one, other) in found or (other, one) in found for other in names] for one in names]
    shape = (len(names), len(names))
    return Compared(each["at"], np.array(either, np.bool_).reshape(shape))


@kernel
def comparable(one: Counts, other: Counts, pairs: Marks) -> int:
    """How many pairs of a record of each of two groups are compared."""
    count = 0
    for d in range(one.size):
        for e in range(other.size):
            if pairs[d, e]:
                count += int(one[d]) * int(other[e])
    return count
