"""How does a person measure a release's linkage, and choose its thresholds, from a terminal?"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from .errors import LinkageRefused, SpecificationError
from .terminal import servers, show

app = typer.Typer()

MEASURE = "precision="


@app.command()
def evaluate(
    release: Annotated[
        str | None, typer.Argument(help="A release; default: the latest.", metavar="[RELEASE]")
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="Folder with records/ and journeys/ of the truth.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for a program.")] = False,
    choose: Annotated[
        str | None,
        typer.Option(
            help="Choose thresholds by what reviewers decided, for this precision: precision=0.99.",
            metavar="precision=P",
        ),
    ] = None,
    strict: Annotated[
        float | None,
        typer.Option(help="With --choose: precision of the strict threshold. Default: errs half."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="With --choose: write them into the models' files.")
    ] = False,
) -> None:
    """Measure a release's linkage by the truth and by what reviewers decided."""
    from . import stages
    from .latest import latest

    if choose is None and (write or strict is not None):
        raise typer.BadParameter("--strict and --write say how to --choose, which is not asked for")
    with servers():
        named = release or latest()
        if choose is not None:
            _chosen(stages.choose(named, _precision(choose), strict, write), as_json)
        elif as_json:
            show(stages.evaluate(named, truth))
        else:
            _measured(stages.evaluate(named, truth))


def _precision(asked: str) -> float:
    try:
        precision = float(asked.removeprefix(MEASURE)) if asked.startswith(MEASURE) else 0.0
    except ValueError:
        precision = 0.0
    if not 0 < precision < 1:
        raise SpecificationError(f"--choose takes {MEASURE}0.99, with a share between 0 and 1")
    return precision


def _chosen(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show(answer)
    else:
        for model, text in answer["models"].items():
            typer.echo(f"# linkage/models/{model}.toml\n{text}")
    if answer["refused"]:
        raise LinkageRefused("\n".join(answer["refused"].values()))


def _measured(answer: dict[str, Any]) -> None:
    from .report import accuracy, bands, cases, ladders
    from .report_estimates import by_group

    parts = [*bands(answer), *cases(answer), *by_group(answer), *ladders(answer)]
    first = [accuracy(answer)] if answer["people"] else []
    Console(width=140).print(*first, *parts)
