"""How does a person ask from a terminal why two records were joined?"""

from typing import Annotated

import typer

from .terminal import Version, servers, show

app = typer.Typer()

Record = Annotated[str, typer.Argument(help="A record of the release.", metavar="DATASET/ID")]

IDENTIFIABLE = (
    "The page shows identifiable records of people. It stays in the index store: show it to "
    "nobody but those who may read that."
)


@app.command()
def explain(release: Version, left: Record, right: Record) -> None:
    """Show why two records are one person or two: on a page in the index store, never here."""
    from . import stages
    from .stage.explain import Two

    with servers():
        show(stages.explain(release, Two(left, right)))
        typer.echo(IDENTIFIABLE, err=True)


@app.command()
def quality(release: Version) -> None:
    """Report on the linkage of a release: how it was linked, into what, and how right that is."""
    from . import stages

    with servers():
        show(stages.quality(release))
