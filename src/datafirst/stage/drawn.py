"""Which samples were drawn of a release, and what did reviewers decide about their pairs?"""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from datafirst.derive.typed import files
from datafirst.errors import RunRefused
from datafirst.quality.settled import settled
from datafirst.run import Record, bring, recorded
from datafirst.scratch import Scratch
from datafirst.store import Store

SAMPLES = "samples"
STAGE = "sample"
KNOWN = "known"
"""How many pairs of each group the strata of a sample have (quality.known)."""
PAIR = ("dataset_l", "record_id_l", "dataset_r", "record_id_r")

DECISIONS = """
CREATE OR REPLACE TABLE "{into}" AS
WITH either AS (SELECT pair_id, dataset_l, record_id_l, dataset_r, record_id_r FROM "{sample}"
                UNION SELECT pair_id, dataset_r, record_id_r, dataset_l, record_id_l
                FROM "{sample}")
SELECT row_number() OVER (ORDER BY file, line) AS event, pair_id, clerical_match_score, reviewer,
       decided, reason, adjudicates
FROM ({labels}) AS d JOIN either ON dataset_l = source_dataset_l AND record_id_l = unique_id_l
     AND dataset_r = source_dataset_r AND record_id_r = unique_id_r
ORDER BY event"""

NONE = (
    "SELECT 0 AS file, 0::BIGINT AS line, '' AS source_dataset_l, '' AS unique_id_l, "
    "'' AS source_dataset_r, '' AS unique_id_r, 0.0::DOUBLE AS clerical_match_score, "
    "'' AS reviewer, '' AS decided, '' AS reason, false AS adjudicates WHERE false"
)
"""The decisions of a release about which nothing has been decided."""


@dataclass(frozen=True)
class Drawn:
    """A sample of a release."""

    release: str
    place: str

    @property
    def id(self) -> str:
        return self.place.rpartition("/")[2]

    def record(self, store: Store) -> Record:
        """What drawing it did. RunRefused where it is not there."""
        record = recorded(store, self.place, STAGE)
        if record is None:
            raise RunRefused(
                f"release {self.release} has no sample {self.id}: "
                f"run `datafirst sample {self.release} --pairs 2000`"
            )
        return record

    def bring(
        self, con: DuckDBPyConnection, store: Store, folder: Scratch, into: str = "sample"
    ) -> None:
        """Makes the table `into` of its pairs (quality.sample.COLUMNS)."""
        paths = bring(store, self.record(store).of("sample"), folder / "drawn" / self.id)
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS FROM {files(paths)}')

    def bring_known(
        self, con: DuckDBPyConnection, store: Store, folder: Scratch, into: str = "sample_known"
    ) -> None:
        """Makes the table `into` of how many pairs of each group there were to draw from."""
        paths = bring(store, self.record(store).of(KNOWN), folder / KNOWN / self.id)
        con.execute(f'CREATE OR REPLACE TABLE "{into}" AS FROM {files(paths)}')


def samples(store: Store, release: str) -> list[Drawn]:
    """Every sample of a release, whichever run it was drawn from, in order of their places.

    A change of the code makes another run, and does not undo what people decided.
    """
    keys = (key.removesuffix(f"/{STAGE}.json") for key in store.keys(f"runs/{release}/"))
    places = sorted(key for key in keys if key.split("/")[3:4] == [SAMPLES] and key.count("/") == 4)
    return [Drawn(release, place) for place in places]


def labels_place(release: str) -> str:
    """Where decisions are kept: with the release and not with a run, for the same reason."""
    return f"labels/{release}"


def labels(store: Store, release: str) -> list[Record]:
    """What was decided, file by file, in the order in which the files were taken in."""
    place = labels_place(release)
    names = sorted(
        key.removeprefix(f"{place}/").removesuffix(".json")
        for key in store.keys(f"{place}/label-")
        if key.endswith(".json") and key.count("/") == place.count("/") + 1
    )
    found = (recorded(store, place, name) for name in names)
    return [record for record in found if record is not None]


def decided(
    con: DuckDBPyConnection,
    store: Store,
    release: str,
    folder: Scratch,
    sample: str = "sample",
    into: str = "decisions",
) -> None:
    """Makes the table `into` of all decisions about a sample's pairs, oldest first: event,
    pair_id, clerical_match_score, reviewer, decided, reason, adjudicates."""
    each = [NONE]
    for i, record in enumerate(labels(store, release)):
        paths = bring(store, record.of("decisions"), folder / "labels" / str(i))
        each.append(f"SELECT {i} AS file, * FROM {files(paths)}")
    query = DECISIONS.format(into=into, sample=sample, labels=" UNION ALL BY NAME ".join(each))
    con.execute(query)


def reviewed(con: DuckDBPyConnection, store: Store, drawn: Drawn, folder: Scratch) -> None:
    """Makes the tables `sample`, `decisions` and `settled` of a sample."""
    drawn.bring(con, store, folder)
    decided(con, store, drawn.release, folder)
    settled(con)
