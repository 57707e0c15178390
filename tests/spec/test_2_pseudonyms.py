"""Pseudonyms

HMAC-SHA-256 under keys derived by HKDF from one root key, written as 18 consonants.
"""

import re

import duckdb

from datafirst.deidentify import PATTERN, Scope
from datafirst.deidentify.pseudonyms import pseudonym, pseudonymise

ROOT = bytes(range(32))
SRS = Scope("data_first", "srs", "2022")


def word(scope: Scope, kind: str, value: str = "000000000001") -> str:
    return pseudonym(scope.key(ROOT, kind), kind, value)


def test_the_same_thing_has_the_same_pseudonym() -> None:
    """The same case, defendant or record has the same pseudonym in every table, share and release
    of an epoch.

    Estimated people are the same in releases of which one continues the other, but for those whom
    the table id_change tells of.
    """
    assert word(SRS, "person") == word(Scope("data_first", "srs", "2022"), "person")


def test_recipients_cannot_join_their_copies() -> None:
    """Two recipients' copies cannot be joined: each has keys of its own."""
    assert word(SRS, "person") != word(Scope("data_first", "sail", "2022"), "person")


def test_kinds_of_thing_do_not_mix() -> None:
    """A case and a defendant with the same number have different pseudonyms."""
    assert word(SRS, "magistrates_case") != word(SRS, "magistrates_defendant")


def test_a_new_epoch_gives_new_pseudonyms() -> None:
    """Raising the key epoch replaces every pseudonym."""
    assert word(SRS, "person") != word(Scope("data_first", "srs", "2023"), "person")


def test_a_pseudonym_looks_like_no_operational_number() -> None:
    """A pseudonym holds no digit and no vowel: it is no number in use, and no word."""
    assert re.fullmatch(PATTERN, word(SRS, "person"))
    assert not set("0123456789AEIOU") & set(PATTERN.split("{")[0].strip("[]"))


def test_missing_stays_missing(con: duckdb.DuckDBPyConnection) -> None:
    """What is missing has no pseudonym."""
    con.execute("CREATE TABLE t AS SELECT unnest(['a', NULL, 'a']) AS id")
    assert pseudonymise(con, SRS.key(ROOT, "person"), "person", [("t", "id")]) == 1
