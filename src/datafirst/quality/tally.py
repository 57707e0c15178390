"""What did review find, stratum by stratum? Counts of the sampled pairs of one group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import duckdb
import numpy as np
import numpy.typing as npt

from .intervals import DRAWS, Floats, Share, Strata, heaviest, share

Undecided = Literal["left out", "for", "against"]
"""What is taken of pairs of which nobody could tell, or which are still open: nothing, or that
they all speak for the linkage, or all against it."""

Kind = tuple[bool, bool | None]
"""Whether a pair is linked, and whether it was decided a match; None: not decided."""
KINDS: tuple[Kind, ...] = tuple((linked, match) for linked in (True, False)
                                for match in (True, False, None))  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """The strata of the sample, whichever group their pairs are of."""

    names: tuple[str, ...]
    pairs: Floats
    sampled: Floats
    decided: Floats
    reach: Mapping[bool, npt.NDArray[np.bool_]]
    """In which strata linked pairs, and others, were drawn."""

    def strata(self, undecided: Undecided) -> Strata:
        return Strata(self.pairs, self.decided if undecided == "left out" else self.sampled)

    @property
    def silent(self) -> int:
        """Strata in which nothing is decided: the estimates are not about their pairs."""
        return int(((self.sampled > 0) & (self.decided == 0)).sum())


@dataclass(frozen=True)
class Tally:
    """The sampled pairs of one group."""

    name: str
    drawn: Drawn
    counts: Mapping[Kind, Floats]
    known: Mapping[bool, Floats] | None = None
    """How many pairs of the group each stratum has, linked and not, where that is known."""

    @property
    def decided(self) -> int:
        return sum(int(n.sum()) for (_, match), n in self.counts.items() if match is not None)

    @property
    def undecided(self) -> int:
        return sum(int(n.sum()) for (_, match), n in self.counts.items() if match is None)

    def precision(self, undecided: Undecided = "left out", draws: int = DRAWS) -> Share | None:
        """The share of linked pairs that are matches."""
        return self._share(undecided, (True, False), (True, None), draws)

    def recall(self, undecided: Undecided = "left out", draws: int = DRAWS) -> Share | None:
        """The share of matches that are linked. An undecided link cannot speak against it."""
        return self._share(undecided, (False, True), (False, None), draws)

    def _share(
        self, undecided: Undecided, against: Kind, doubtful: Kind, draws: int
    ) -> Share | None:
        good, bad = self.counts[True, True], self.counts[against]
        if undecided == "for":
            good = good + self.counts[True, None]
        elif undecided == "against":
            bad = bad + self.counts[doubtful]
        strata = self.drawn.strata(undecided)
        name = f"{self.name}/{'precision' if against[0] else 'recall'}"
        one_for, one_against = (heaviest(strata, self._left(x)) for x in (True, against[0]))
        return share(strata, good, bad, one_for, one_against, name, draws)

    def _left(self, linked: bool) -> Floats:
        """How many pairs of the group each stratum may have that were not drawn. Where it is not
        known: any number, where one was drawn, or anywhere, where none was."""
        own: Floats = np.add.reduce([n for (x, _), n in self.counts.items() if x is linked])
        if self.known is not None:
            return np.maximum(self.known[linked] - own, 0.0)
        here = own > 0 if own.any() else self.drawn.reach[linked]
        return np.where(here, np.inf, 0.0)


STRATA = """
SELECT stratum, max(stratum_pairs), count(*), count(decision), bool_or(together),
       bool_or(NOT together) FROM {reviewed} GROUP BY stratum ORDER BY stratum"""

COUNTS = """
SELECT category, stratum, linked, decision, count(*)
FROM (SELECT {category} AS category, stratum, {linked} AS linked, decision FROM {reviewed})
WHERE category IS NOT NULL GROUP BY ALL ORDER BY ALL"""


def drawn(con: duckdb.DuckDBPyConnection, reviewed: str) -> Drawn:
    """The strata of a relation of reviewed pairs: the columns of sample.COLUMNS and `decision`
    (true, false, or null where nothing is decided)."""
    rows = con.execute(STRATA.format(reviewed=reviewed)).fetchall()
    names, pairs, sampled, decided, linked, other = zip(*rows, strict=True) if rows else [()] * 6
    return Drawn(
        tuple(names),
        np.array(pairs, np.float64),
        np.array(sampled, np.float64),
        np.array(decided, np.float64),
        {True: np.array(linked, np.bool_), False: np.array(other, np.bool_)},
    )


def counted(
    con: duckdb.DuckDBPyConnection,
    reviewed: str,
    of: Drawn,
    by: str,
    category: str,
    linked: str = "together",
    known: str | None = None,
) -> Iterator[tuple[str, Tally]]:
    """The pairs of each category (an SQL expression; its null is left out), in order.

    `known` is the relation that known.known() made, where linked is together.
    """
    place = {name: i for i, name in enumerate(of.names)}
    query = COUNTS.format(category=category, linked=linked, reviewed=reviewed)
    found: dict[str, dict[Kind, Floats]] = {}
    for name, stratum, is_linked, decision, n in con.execute(query).fetchall():
        empty = {kind: np.zeros(len(place)) for kind in KINDS}
        found.setdefault(str(name), empty)[is_linked, decision][place[stratum]] += n
    there = _known(con, known, by, place) if known else {}
    for name, counts in found.items():
        yield name, Tally(f"{by}/{name}", of, counts, there.get(name))


def _known(
    con: duckdb.DuckDBPyConnection, known: str, by: str, place: Mapping[str, int]
) -> dict[str, Mapping[bool, Floats]]:
    query = f"SELECT category, stratum, together, pairs FROM {known} WHERE kind = '{by}'"
    found: dict[str, Mapping[bool, Floats]] = {}
    for name, stratum, is_linked, pairs in con.execute(query).fetchall():
        empty = {linked: np.zeros(len(place)) for linked in (True, False)}
        found.setdefault(str(name), empty)[is_linked][place[stratum]] += pairs
    return found
