"""What happened? Source tables become the tables of a share, and every row is accounted for."""

from .kept import keep
from .ledger import Entry, adds_up, entries, rendered, unused
from .proofs import prove
from .share import Inputs, derive
from .typed import Landed, typed

__all__ = [
    "Entry",
    "Inputs",
    "Landed",
    "adds_up",
    "derive",
    "entries",
    "keep",
    "prove",
    "rendered",
    "typed",
    "unused",
]
