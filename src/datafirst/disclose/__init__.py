"""Does anything leak? What would leave is compared with what was declared to leave."""

from .closed import closed
from .identifiers import Source, identifying, scan
from .obeys import obeys

__all__ = ["Source", "closed", "identifying", "obeys", "scan"]
