"""Estimated: what reviewers decided about a release's sample -> how right its links are."""

from dataclasses import asdict
from typing import Any

from duckdb import DuckDBPyConnection

from datafirst.quality.choose import Review
from datafirst.quality.estimate import estimates
from datafirst.quality.settled import agreement, reviewers
from datafirst.scratch import Scratch

from .drawn import Drawn, reviewed, samples
from .release import Plan


def estimated(con: DuckDBPyConnection, made: Plan, folder: Scratch) -> dict[str, Any] | None:
    """What the reviewed sample says of the release; None where nothing of it was decided.

    `of_this_run` is false where the sample is of another run: then the links that reviewers saw
    are those of an earlier linkage.
    """
    drawn = most_reviewed(con, made, folder)
    if drawn is None:
        return None
    drawn.bring_known(con, made.store("index"), folder, into="sample_known")
    return {
        **asdict(review_of(con, made, drawn)),
        "agreement": asdict(agreement(con)),
        "of_this_run": of_this_run(made, drawn),
        **asdict(estimates(con, known="sample_known")),
    }


def most_reviewed(con: DuckDBPyConnection, made: Plan, folder: Scratch) -> Drawn | None:
    """The sample most of which was decided, with its tables sample, decisions and settled. One
    of another run is about the links that that run made: this run's come first."""
    index, best, most = made.store("index"), None, (False, 0)
    for drawn in samples(index, made.release.version):
        reviewed(con, index, drawn, folder)
        [(decided,)] = con.execute("SELECT count(DISTINCT pair_id) FROM decisions").fetchall()
        rank = (of_this_run(made, drawn), int(decided))
        if decided and (best is None or rank > most):
            best, most = drawn, rank
    if best is not None:
        reviewed(con, index, best, folder)
    return best


def of_this_run(made: Plan, drawn: Drawn) -> bool:
    return drawn.place.startswith(f"{made.place}/")


def review_of(con: DuckDBPyConnection, made: Plan, drawn: Drawn) -> Review:
    record = drawn.record(made.store("index"))
    return Review(
        release=drawn.release,
        run=drawn.place.split("/")[2],
        sample=drawn.id,
        seed=record.inputs["seed"],
        reviewers=len({each.reviewer for each in reviewers(con)}),
        kappa=agreement(con).kappa,
    )
