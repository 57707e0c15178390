"""How does a person run the stages from a terminal?"""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.logging import RichHandler

from . import errors
from .errors import DataFirstError
from .settings import settings

STOPPED = 130
"""What shells give for Ctrl-C."""
EXIT_CODES = f"Exit codes: 0 done; 2 wrong usage; {STOPPED} stopped; " + "; ".join(
    f"{kind.exit_code} {(kind.__doc__ or '').split('.')[0].lower()}"
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DataFirstError) and kind is not DataFirstError
)

app = typer.Typer(
    name="datafirst",
    help="Makes de-identified, linked research data shares from justice systems.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
spec_app = typer.Typer(help="The specification: check it, and what is generated from it.")
app.add_typer(spec_app, name="spec")

System = Annotated[str, typer.Argument(help="A system of config/sources.", metavar="SYSTEM")]
Version = Annotated[str, typer.Argument(help="A release of config/releases.", metavar="RELEASE")]
Snapshot = Annotated[str | None, typer.Option(help="Date of the snapshot; default: today.")]
Write = Annotated[bool, typer.Option("--write", help="Write it anew instead of comparing.")]


@app.callback()
def main(
    config: Annotated[
        Path | None, typer.Option(help="Another programme's specification.", metavar="DIR")
    ] = None,
) -> None:
    if config is not None:
        os.environ["DATAFIRST_CONFIG"] = str(config.resolve())
        settings.cache_clear()
    handler = RichHandler(console=Console(stderr=True), show_path=False, show_level=False)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler])
    logging.getLogger("datafirst").setLevel(logging.INFO)


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


def latest() -> str:
    """The newest release that is not retired."""
    from .spec import load

    current = [
        r.version for r in load(settings().config).releases.values() if r.status == "current"
    ]
    if not current:
        raise errors.SpecificationError("config/releases has no current release: name one")
    return max(current)


def show(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, indent=2, default=str))


@spec_app.command("check")
def spec_check() -> None:
    """Read the whole specification, bind its SQL, and report every fault at once."""
    from .rehearse import faults
    from .spec import load

    with told():
        spec = load(settings().config)
        if found := faults(spec):
            raise errors.SpecificationError("\n".join(found))
        tables = sum(len(s.tables) for s in spec.systems.values())
        tables += sum(len(s.tables) for s in spec.shares.values())
        typer.echo(
            f"{settings().config}: {len(spec.systems)} systems, {len(spec.shares)} shares, "
            f"{tables} tables, {len(spec.linkage.models)} linkage models, "
            f"{len(spec.releases)} releases: no faults"
        )


def generated(kind: str) -> None:
    """Adds the command that compares or writes one kind of generated file."""
    from .generated import GENERATED, stale
    from .generated import write as write_anew

    @spec_app.command(
        kind, help=f"{(GENERATED[kind].__doc__ or '').strip()} Stale files are named."
    )
    def command(write: Write = False) -> None:
        from .spec import load

        with told():
            spec = load(settings().config)
            if write:
                for path in write_anew(spec, kind):
                    typer.echo(path)
            elif old := stale(spec, kind):
                raise errors.SpecificationError(
                    f"stale: {', '.join(path.name for path in old)}: "
                    f"run `datafirst spec {kind} --write`"
                )


for each in ("schema", "ledger", "methodology"):
    generated(each)


@app.command()
def synthesise(
    people: Annotated[int, typer.Option(help="How many people to invent.", min=1)],
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
) -> None:
    """Invent one population, its histories in every system, and the truth about them."""
    from . import stages

    with servers():
        show(stages.synthesise(people, seed))


@app.command()
def extract(system: System, snapshot: Snapshot = None) -> None:
    """Copy a system's tables as they are at one moment into a dated snapshot."""
    from . import stages

    with servers():
        show(stages.extract(system, snapshot or date.today().isoformat()))


@app.command()
def validate(system: System, snapshot: Snapshot = None) -> None:
    """Check a snapshot against the specification; quarantine the rows that break it."""
    from . import stages

    with servers():
        show(stages.validate(system, snapshot or date.today().isoformat()))


@app.command()
def train(
    model: Annotated[str, typer.Argument(help="A model of config/linkage/models.")],
    release: Annotated[str, typer.Option(help="The release whose snapshots it learns from.")],
) -> None:
    """Estimate a linkage model's parameters and keep them under the model's version."""
    from . import stages

    with servers():
        show(stages.train(model, release))


@app.command()
def link(release: Version) -> None:
    """Decide which records of a release belong to one person, and which cases are one journey."""
    from . import stages

    with servers():
        show(stages.link(release))


@app.command()
def release(release: Version) -> None:
    """Make a whole release, from validated snapshots to the recipients' buckets."""
    from . import stages
    from .order import make

    with servers():
        show(make(release, stages))


@app.command()
def evaluate(
    release: Annotated[
        str | None, typer.Argument(help="A release; default: the latest.", metavar="[RELEASE]")
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="Folder with records/ and journeys/ of the truth.")
    ] = None,
) -> None:
    """Measure a release's linkage against the truth: precision, recall, F1, cluster scores."""
    from . import stages
    from .report import accuracy

    with servers():
        answer = stages.evaluate(release or latest(), truth)
        Console(width=110).print(accuracy(answer))


@app.command()
def verify(
    package: Annotated[Path, typer.Argument(help="The folder of a delivered package.")],
) -> None:
    """Check a package as its recipient would: files, hashes, rows, columns, keys, joins."""
    from duckdb import IOException, OutOfMemoryException

    from .package.verify import verify as check
    from .scratch import scratch

    with told(), scratch(settings()) as folder, folder.connect() as con:
        try:
            show(asdict(check(package, con)))
        except (OutOfMemoryException, IOException):
            raise errors.StoreError(
                f"{package} was not checked: it does not fit into {settings().memory} of memory "
                f"and what is free in {settings().scratch_folder}, or a file cannot be read; "
                "raise DATAFIRST_MEMORY or free space, and check it again"
            ) from None


if __name__ == "__main__":
    app()
