"""What may leave? Identifiable tables become tables that may be released."""

from .keys import key_id, root_key
from .ledger import ledger
from .pseudonyms import PATTERN, Scope, pseudonymise
from .release import kinds, release
from .treatments import CHANGES

__all__ = [
    "CHANGES",
    "PATTERN",
    "Scope",
    "key_id",
    "kinds",
    "ledger",
    "pseudonymise",
    "release",
    "root_key",
]
