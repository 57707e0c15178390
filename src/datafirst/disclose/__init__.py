"""Does anything leak? What would leave is compared with what was declared to leave."""

from .closed import closed
from .identifiers import Source, identifying, scan
from .lost import nothing_lost
from .obeys import obeys

__all__ = ["Source", "closed", "identifying", "nothing_lost", "obeys", "scan"]
