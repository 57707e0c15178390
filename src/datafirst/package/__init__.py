"""How is it put together, and is it still whole? Parts, manifest, verification."""

from .assemble import assemble
from .manifest import Manifest, manifest
from .verify import Report, verify

__all__ = ["Manifest", "Report", "assemble", "manifest", "verify"]
