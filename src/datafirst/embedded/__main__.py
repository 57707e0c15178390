"""How does a person start and stop what stands in for production's servers on this machine?"""

import sys
from pathlib import Path

import typer

from datafirst.errors import DataFirstError
from datafirst.settings import settings

from . import airflow, stack

app = typer.Typer(help=__doc__, no_args_is_help=True, rich_markup_mode=None)


@app.command()
def up() -> None:
    """Start PostgreSQL, S3 and Airflow, and wait until they are healthy."""
    typer.echo("Starting PostgreSQL, S3 and Airflow (about 20 seconds) ...")
    stack.up()
    typer.echo(how_to_open(settings().build.resolve()))


@app.command()
def down() -> None:
    """Stop what `up` started. What they hold stays."""
    typer.echo(f"Stopped: {', '.join(stack.down()) or 'nothing ran'}.")


@app.command()
def status() -> None:
    """Which of them run."""
    for name, state in stack.status().items():
        typer.echo(f"{name:24} {state}")


def how_to_open(build: Path) -> str:
    return f"Airflow: {airflow.url()}  user {airflow.USER}  password {airflow.password(build)}"


if __name__ == "__main__":
    try:
        app(standalone_mode=False)
    except DataFirstError as error:
        typer.echo(f"datafirst: {error}", err=True)
        sys.exit(error.exit_code)
