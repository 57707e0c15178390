"""How is it handed over? To the recipient's bucket, and then by one pointer to everybody."""

from .handover import deliver, fetch, received
from .publication import current, publish, published

__all__ = ["current", "deliver", "fetch", "publish", "published", "received"]
