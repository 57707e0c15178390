"""How does a person run clerical review from a terminal?"""

from pathlib import Path
from typing import Annotated

import typer

from .terminal import Version, servers, show

app = typer.Typer()

IDENTIFIABLE = (
    "{files} in {folder} show identifiable records of people. Keep them where the index store may "
    "be read, show them to nobody but the reviewers, and delete them when the review is over."
)


@app.command()
def sample(
    release: Version,
    pairs: Annotated[int, typer.Option(help="How many pairs are to be reviewed.", min=1)],
    seed: Annotated[int, typer.Option(help="The same seed draws the same pairs.")] = 1,
    to: Annotated[
        Path | None, typer.Option(help="Folder for review.html and review.csv.", metavar="FOLDER")
    ] = None,
    in_dispute: Annotated[
        bool, typer.Option("--in-dispute", help="Only what reviewers decided differently.")
    ] = False,
) -> None:
    """Draw pairs of records for clerical review, linked and not, and write them for reviewers."""
    from . import stages

    with servers():
        answer = stages.sample(release, pairs, seed, to, in_dispute)
        show(answer)
        if written := answer.get("written"):
            files = " and ".join(written["files"])
            typer.echo(IDENTIFIABLE.format(files=files, folder=written["folder"]), err=True)


@app.command()
def label(
    release: Version,
    file: Annotated[Path, typer.Argument(help="A CSV of decisions.", metavar="FILE")],
    reviewer: Annotated[str, typer.Option(help="Who decided.")],
    adjudicates: Annotated[
        bool, typer.Option("--adjudicates", help="The reviewer settles what others dispute.")
    ] = False,
) -> None:
    """Take in the decisions of a reviewer or an adjudicator, and say how far the review is."""
    from . import stages
    from .stage.label import Decisions

    with servers():
        show(stages.label(release, Decisions(file, reviewer, adjudicates)))
