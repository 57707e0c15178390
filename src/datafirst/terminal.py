"""How are answers and errors told at a terminal? One sentence, and an exit code by kind."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from .errors import DataFirstError

Version = Annotated[str, typer.Argument(help="A release of config/releases.", metavar="RELEASE")]
STOPPED = 130
"""What shells give for Ctrl-C."""


@contextmanager
def told() -> Iterator[None]:
    """Shows an error as a sentence, and ends with its kind's exit code."""
    try:
        yield
    except DataFirstError as error:
        typer.echo(f"datafirst: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo(
            "datafirst: stopped; nothing half made is visible. Run it again to go on", err=True
        )
        sys.exit(STOPPED)


@contextmanager
def servers() -> Iterator[None]:
    """The embedded servers for the length of a command, unless others are named or running."""
    from .embedded import stack

    with told(), stack.servers():
        yield


def show(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, indent=2, default=str))
