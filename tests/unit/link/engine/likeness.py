"""Pairs of texts, and what DuckDB says of how alike they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from numpy.typing import NDArray

from datafirst.link.engine.places import AROUND, BEHIND
from datafirst.link.engine.similarity import room

Pair = tuple[str, str]

LETTERS = ("ab", "abc", "abcdefgh", "0123456789-", "aéèñ", "日語a", "e\u0301a", "A😀B😁", "Łódźo")
LENGTHS = (0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 31, 32, 33, 63, 64, 65, 66, 128, 130, 250)
NAMES = (
    *(
        "martha",
        "marhta",
        "dwayne",
        "duane",
        "dixon",
        "dicksonx",
        "jones",
        "johnson",
        "siân",
        "sian",
    ),
    *("o'neill", "oneil", "smith-jones", "abroms", "abrams", "1980-02-29", "SW1A 1AA"),
)

ONE_QUERY = """
SELECT jaro_similarity(l, r) AS jaro, jaro_winkler_similarity(l, r) AS jaro_winkler,
       levenshtein(l, r) AS levenshtein, damerau_levenshtein(l, r) AS damerau_levenshtein
FROM asked ORDER BY place
"""

texts = st.text(alphabet=st.sampled_from("abcé日😀\u0301"), max_size=90) | st.text(max_size=12)
several = st.lists(st.tuples(texts, texts), min_size=1, max_size=40)


def mistyped(text: str, chance: Random) -> str:
    """A text with up to four mistakes."""
    now = list(text)
    for _ in range(chance.randrange(5)):
        at, how = chance.randrange(len(now) + 1), chance.randrange(4)
        if how == 0:
            now.insert(at, chance.choice("abé1"))
        elif how == 1:
            del now[at : at + 1]
        elif how == 2:
            now[at : at + 1] = chance.choice("abé1")
        else:
            now[at : at + 2] = reversed(now[at : at + 2])
    return "".join(now)


def pairs(seed: int, count: int) -> list[Pair]:
    """Names and nonsense of every length, each with a mistyped copy or another one."""
    chance = Random(seed)

    def text() -> str:
        if chance.random() < 0.3:
            return chance.choice(NAMES)
        letters = chance.choice(LETTERS)
        return "".join(chance.choice(letters) for _ in range(chance.choice(LENGTHS)))

    found = []
    for _ in range(count):
        one = text()
        found.append((one, mistyped(one, chance) if chance.random() < 0.6 else text()))
    return found


def said(asked: Sequence[Pair]) -> dict[str, list[Any]]:
    """What DuckDB says of each pair."""
    left, right = zip(*asked, strict=True)
    with duckdb.connect() as con:
        con.register("asked", pa.table({"place": range(len(asked)), "l": left, "r": right}))
        told = con.sql(ONE_QUERY).to_arrow_table()
    return {name: told.column(name).to_pylist() for name in told.column_names}


@dataclass(frozen=True)
class Side:
    """Texts in one array, and where each begins."""

    text: NDArray[np.uint8]
    begin: NDArray[np.int64]

    def __getitem__(self, k: int) -> tuple[NDArray[np.uint8], int, int]:
        return self.text, int(self.begin[k]), int(self.begin[k + 1])


def side(values: Sequence[str]) -> Side:
    """The values one after the other, with room about them."""
    raw = [value.encode() for value in values]
    begin = np.cumsum([AROUND, *(len(value) for value in raw)])
    text = np.frombuffer(b"a" * AROUND + b"".join(raw) + b"a" * BEHIND, np.uint8)
    return Side(text, begin.astype(np.int64))


def asked_of(asked: Sequence[Pair]) -> list[tuple[Any, ...]]:
    """The pairs as kernels are asked of them: amid other texts, in two arrays, and each text with
    nothing else about it."""
    left, right = zip(*asked, strict=True)
    amid = side(left), side(right)
    found = [(*amid[0][k], *amid[1][k]) for k in range(len(asked))]
    return found + [(*side([one])[0], *side([other])[0]) for one, other in asked]


def scratch(asked: Sequence[Pair], kind: Any) -> Any:
    """As much as the longest text needs and no more: what follows is marked."""
    longest = max(len(text.encode()) for pair in asked for text in pair)
    return np.full(room(longest) + 4096, 77, kind)[: room(longest)]


def untouched(work: Any) -> bool:
    """Has nothing been written beyond?"""
    return bool((work.base[work.size :] == 77).all())
