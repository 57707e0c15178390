"""A pseudonym is HMAC-SHA256 under a key of its own scope, in letters that mean nothing."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.deidentify import PATTERN, Scope, key_id, pseudonymise, pseudonyms, root_key
from datafirst.deidentify.keys import DEMONSTRATION, derived
from datafirst.deidentify.pseudonyms import ALPHABET, HALF, pseudonym
from datafirst.errors import DisclosureRefused, SpecificationError

KEY = bytes(range(32))
SCOPE = Scope("programme", "srs", "2022")


def words(
    values: Sequence[str | int | None], key: bytes = KEY, kind: str = "case"
) -> dict[str, str]:
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t (c {'BIGINT' if isinstance(values[0], int) else 'VARCHAR'})")
        con.execute("INSERT INTO t SELECT unnest(?)", [list(values)])
        pseudonymise(con, key, kind, [("t", "c")])
        return dict(con.execute(f'FROM pseudonyms."{kind}"').fetchall())


def letters(digest: bytes) -> str:
    """The encoding once more, in other words."""
    found = ""
    for word in (int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")):
        found += "".join(ALPHABET[word // 20**place % 20] for place in range(HALF))
    return found


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.text(max_size=200), min_size=1, max_size=20, unique=True),
    st.binary(min_size=32, max_size=32),
)
def test_the_database_computes_hmac_sha256(values: list[str], key: bytes) -> None:
    values = [v for v in values if "\0" not in v] or ["x"]
    made = words(values, key)
    assert set(made) == set(values)
    for value in values:
        mac = HMAC(key, hashes.SHA256())
        mac.update(b"case\x1f" + value.encode())
        assert made[value] == letters(mac.finalize()) == pseudonym(key, "case", value)


@pytest.mark.parametrize(
    ("key", "message", "digest"),
    [  # RFC 4231, test cases 1 and 2
        (
            "0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe".hex(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_hmac_is_that_of_rfc_4231(
    monkeypatch: pytest.MonkeyPatch, key: str, message: bytes, digest: str
) -> None:
    monkeypatch.setattr(pseudonyms, "SEPARATOR", b"")
    half = len(message) // 2
    kind, value = message[:half].decode(), message[half:].decode()
    assert words([value], bytes.fromhex(key), kind) == {value: letters(bytes.fromhex(digest))}


def test_keys_are_derived_by_rfc_5869() -> None:
    # Test case 3: no salt and no info; its first 32 bytes.
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert derived(b"\x0b" * 22, b"").hex() == expected


def test_a_published_vector() -> None:
    """It changes only with the scheme itself: then every recipient's pseudonyms change."""
    key = SCOPE.key(DEMONSTRATION, "person")
    assert pseudonym(key, "person", "1") == "BLZBBFQGLQKHPRZRXR"


@given(st.text())
def test_it_is_eighteen_consonants(value: str) -> None:
    assert re.fullmatch(PATTERN, pseudonym(KEY, "case", value))
    assert not set(ALPHABET) & set("AEIOUY0123456789")


def test_every_part_of_the_scope_changes_every_pseudonym() -> None:
    changed = [
        SCOPE,
        replace(SCOPE, programme="other"),
        replace(SCOPE, recipient="sail"),
        replace(SCOPE, key_epoch="2023"),
        replace(SCOPE, project="p1"),
    ]
    keys = [s.key(KEY, "case") for s in changed] + [SCOPE.key(KEY, "person")]
    keys.append(SCOPE.key(bytes(32), "case"))
    assert len({pseudonym(key, "case", "1") for key in keys}) == len(keys)


def test_numbers_and_text_of_one_thing_are_the_same_thing() -> None:
    assert words([7])["7"] == words(["7"])["7"]


def test_nothing_has_no_pseudonym() -> None:
    assert set(words(["a", None])) == {"a"}


def test_two_values_that_share_one_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "ALPHABET", "B")
    with pytest.raises(DisclosureRefused, match="1 of 2 values share one"):
        words(["a", "b"])


def test_a_database_that_hashes_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "BLOCK", 32)
    with pytest.raises(DisclosureRefused, match="RFC 2104"):
        words(["a"], bytes(32 * [7]))
    monkeypatch.undo()
    assert words(["a"])["a"] == letters(hmac.digest(KEY, b"case\x1fa", hashlib.sha256))


def test_the_key_is_in_no_statement_and_no_table() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE t AS SELECT 'a' AS c")
        pseudonymise(con, KEY, "case", [("t", "c")])
        (sql,) = con.execute("SELECT string_agg(sql) FROM duckdb_tables()").fetchone() or ("",)
    assert KEY.hex() not in sql.lower()
    assert "\\x01\\x02" not in sql


class TestTheRootKey:
    def test_is_the_setting(self) -> None:
        assert root_key("ab" * 32, embedded=True) == bytes.fromhex("ab" * 32)

    def test_is_published_for_a_demonstration_only(self) -> None:
        assert root_key(None, embedded=True) == DEMONSTRATION
        with pytest.raises(SpecificationError, match="DATAFIRST_ROOT_KEY"):
            root_key(None, embedded=False)

    @pytest.mark.parametrize("given", ["", "ab" * 31, "zz" * 32])
    def test_must_be_one(self, given: str) -> None:
        with pytest.raises(SpecificationError, match="64 hexadecimal") as error:
            root_key(given, embedded=True)
        assert not given or given not in str(error.value)

    def test_has_a_name_that_tells_nothing_of_it(self) -> None:
        assert key_id(KEY) != key_id(DEMONSTRATION)
        assert key_id(KEY) not in KEY.hex()
