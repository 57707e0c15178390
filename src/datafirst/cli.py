"""How does a person run the stages from a terminal?"""

import logging
import os
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler

from . import cli_evaluate, cli_explain, cli_review, errors
from .errors import DataFirstError
from .settings import settings
from .terminal import STOPPED, Version, servers, show, told

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
app.add_typer(cli_review.app)
app.add_typer(cli_evaluate.app)
app.add_typer(cli_explain.app)

System = Annotated[str, typer.Argument(help="A system of config/sources.", metavar="SYSTEM")]
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


for each in ("schema", "ledger", "methodology", "plan"):
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
def prepare(release: Version) -> None:
    """Take and validate the snapshots that a release needs, and train its models."""
    from . import stages
    from .order import prepare as order
    from .stage.release import release_named, specification

    with servers():
        show(order(release_named(specification(), release), stages))


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
def diff(
    old: Annotated[str, typer.Argument(help="A release of config/releases.", metavar="OLD")],
    new: Annotated[str, typer.Argument(help="Another release.", metavar="NEW")],
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for a program.")] = False,
) -> None:
    """Say what changed from one release to another: tables, variables, codes, rows, people; why."""
    from . import stages
    from .compare.shown import shown

    with servers():
        answer = stages.diff(old, new)
        if as_json:
            show(answer)
        else:
            console = Console(width=None if sys.stdout.isatty() else 110)
            for part in shown(answer):
                console.print(part, end="\n\n")


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
