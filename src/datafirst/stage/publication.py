"""Which run of a release was published, and what did its stages do?"""

from dataclasses import dataclass

from datafirst.deliver import published
from datafirst.errors import StoreError
from datafirst.run import Record, recorded
from datafirst.settings import Settings
from datafirst.store import store


def run_place(version: str, run: str) -> str:
    """Where a run's artefacts are, in each store."""
    return f"runs/{version}/{run}"


@dataclass(frozen=True)
class Publication:
    """The run of a release that counts, and where what it made is."""

    version: str
    run: str
    recipients: dict[str, list[str]]
    """By share, who received it."""
    settings: Settings

    def record(self, store_name: str, stage: str, *under: str) -> Record:
        """What a stage of the run did. StoreError where its record is gone."""
        place = "/".join((run_place(self.version, self.run), *under))
        kept = store(store_name, self.settings)
        record = recorded(kept, place, stage)
        if record is None:
            raise StoreError(
                f"{kept.url(place)}/{stage}.json is not there, though it was published"
            )
        return record

    def read(self, record: Record, name: str) -> bytes:
        """A file of a package."""
        [key] = [a.key for a in record.artefacts if a.name == name]
        return store("release", self.settings).read(key)


def publication(version: str, settings: Settings) -> Publication | None:
    """The run of a release that was published, if one was."""
    told = published(store("release", settings), version)
    if told is None:
        return None
    recipients = {share: sorted(sent) for share, sent in sorted(told["packages"].items())}
    return Publication(version, told["run"], recipients, settings)
