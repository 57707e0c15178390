"""What stands in place of an identifier? A keyed, meaningless word, the same for the same thing.

HMAC-SHA256 under a key of its own for each recipient, family of data, epoch and kind of thing,
so that no two recipients' copies join and nobody without the key can tell or test what a word
stands for. 18 consonants (78 bits): without digits it is no operational number and no spreadsheet
makes a number of it; without vowels it is no word.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from duckdb import DuckDBPyConnection

from datafirst.errors import DisclosureRefused

from .keys import derived

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
HALF = 9
"""Letters from each of the first two 64-bit words of the HMAC."""
LENGTH = 2 * HALF
PATTERN = f"[{ALPHABET}]{{{LENGTH}}}"
SEPARATOR = b"\x1f"
BLOCK = 64
"""Bytes in a block of SHA-256, to which RFC 2104 pads the key."""
SAMPLE = 100


@dataclass(frozen=True)
class Scope:
    """Where pseudonyms are the same: within one of these."""

    programme: str
    recipient: str
    key_epoch: str
    project: str = "standard"
    """The standard release, from which every project's data at a recipient are cut."""

    def key(self, root: bytes, kind: str) -> bytes:
        """The key for one kind of thing."""
        info = {**asdict(self), "family": self.programme, "field_type": kind}
        return derived(root, json.dumps(info, sort_keys=True, separators=(",", ":")).encode())


def pseudonym(key: bytes, kind: str, value: str) -> str:
    """The pseudonym of one value: what the SQL below must agree with."""
    digest = hmac.digest(key, kind.encode() + SEPARATOR + value.encode(), hashlib.sha256)
    letters = ""
    for word in (digest[:8], digest[8:16]):
        number = int.from_bytes(word, "big")
        for _ in range(HALF):
            number, letter = divmod(number, len(ALPHABET))
            letters += ALPHABET[letter]
    return letters


def pseudonymise(
    con: DuckDBPyConnection, key: bytes, kind: str, columns: Sequence[tuple[str, str]]
) -> int:
    """Makes the relation pseudonyms.<kind> (value, pseudonym); returns its rows.

    Its values are those in the given (relation, column) pairs but NULL. Raises DisclosureRefused
    where two values share a pseudonym, or the database computes another than HMAC-SHA256.
    """
    con.execute("CREATE SCHEMA IF NOT EXISTS pseudonyms")
    inner = bytes(b ^ 0x36 for b in key.ljust(BLOCK, b"\0")) + kind.encode() + SEPARATOR
    outer = bytes(b ^ 0x5C for b in key.ljust(BLOCK, b"\0"))
    # Keys travel as parameters: the text of a statement may be kept, or quoted by an error.
    con.execute(
        f'CREATE TABLE pseudonyms."{kind}" AS {_query(_values(columns))}',
        {"inner": inner, "outer": outer},
    )
    _agrees(con, key, kind)
    row = con.execute(
        f'SELECT count(*), count(DISTINCT pseudonym) FROM pseudonyms."{kind}"'
    ).fetchone()
    assert row is not None
    values, distinct = row
    if values != distinct:
        raise DisclosureRefused(
            f"pseudonyms of {kind}: {values - distinct:,} of {values:,} values share one with "
            "another; give the release a new key_epoch"
        )
    return int(values)


def _values(columns: Iterable[tuple[str, str]]) -> str:
    each = " UNION ALL ".join(
        f'SELECT CAST("{column}" AS VARCHAR) AS value FROM {relation}'
        for relation, column in columns
    )
    return f"SELECT DISTINCT value FROM ({each}) WHERE value IS NOT NULL"


def _query(values: str) -> str:
    """RFC 2104 and the letters in SQL: several times as fast as a row at a time in Python."""
    base = len(ALPHABET)
    letters = " || ".join(
        f"substr('{ALPHABET}', ({word} // {base**place} % {base})::INTEGER + 1, 1)"
        for word in ("first", "second")
        for place in range(HALF)
    )
    return f"""
WITH hashed AS (
    SELECT value,
           sha256($outer::BLOB || unhex(sha256($inner::BLOB || encode(value)))) AS digest
    FROM ({values})
),
words AS (
    SELECT value,
           ('0x' || substr(digest, 1, 16))::UBIGINT AS first,
           ('0x' || substr(digest, 17, 16))::UBIGINT AS second
    FROM hashed
)
SELECT value, {letters} AS pseudonym FROM words
"""


def _agrees(con: DuckDBPyConnection, key: bytes, kind: str) -> None:
    sample = con.execute(
        f'SELECT value, pseudonym FROM pseudonyms."{kind}" LIMIT {SAMPLE}'
    ).fetchall()
    if any(pseudonym(key, kind, value) != made for value, made in sample):
        raise DisclosureRefused(
            f"pseudonyms of {kind}: the database's HMAC-SHA256 is not that of RFC 2104; this "
            "version of DuckDB cannot be used"
        )
