"""Which release is meant where nobody names one?"""

from .deliver import published
from .errors import SpecificationError
from .settings import settings
from .spec import load
from .store import store


def latest() -> str:
    """The newest release that has been published here, or else the newest that is current."""
    known = load(settings().config).releases
    made = [version for version in known if published(store("release", settings()), version)]
    current = [version for version, release in known.items() if release.status == "current"]
    if not (made or current):
        raise SpecificationError("config/releases has no current release: name one")
    return max(made or current)
