"""Which secret do pseudonyms come from? A root key that only the operator holds."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from datafirst.errors import SpecificationError

DEMONSTRATION = hashlib.sha256(b"datafirst demonstration root key, known to everybody").digest()
"""Published, so that a demonstration gives everybody the same bytes. It protects nothing."""


def root_key(given: str | None, embedded: bool) -> bytes:
    """The root key from the settings, or the demonstration's on embedded servers.

    Raises SpecificationError, without the key, where there is none or it is not one.
    """
    if given is None:
        if embedded:
            return DEMONSTRATION
        raise SpecificationError(
            "no root key for pseudonyms: set DATAFIRST_ROOT_KEY to 64 hexadecimal characters"
        )
    try:
        key = bytes.fromhex(given)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SpecificationError(
            "DATAFIRST_ROOT_KEY is not a key: it must be 64 hexadecimal characters (32 bytes)"
        )
    return key


def derived(root: bytes, info: bytes) -> bytes:
    """A key for one purpose, by HKDF-SHA256 (RFC 5869): it tells nothing of the root or others."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(root)


def key_id(root: bytes) -> str:
    """A name for a root key that may be written down: it says which key, not what it is."""
    return derived(root, b"key id")[:8].hex()
