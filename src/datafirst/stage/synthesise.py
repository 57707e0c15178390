"""Synthesise: a number of people and a seed -> the sources' databases, and the truth apart."""

from collections.abc import Iterable
from typing import Any

from datafirst.extract.source import address
from datafirst.settings import settings
from datafirst.synthetic.generate import tables
from datafirst.synthetic.load import load

from .release import specification
from .snapshot import system_named


def synthesise(people: int, seed: int, systems: Iterable[str] | None = None) -> dict[str, Any]:
    """Invents one population, fills the sources' databases with it and keeps the truth.

    What the tables held before is replaced; other systems than those asked for stay as they were.
    """
    spec = specification()
    names = spec.systems if systems is None else systems
    asked = [system_named(spec, name) for name in names]
    dsns = {
        system.id: address(system.id) for system in asked if system.connection.kind == "postgresql"
    }
    truth = settings().truth_folder
    # Whoever fills the sources otherwise than the demonstration makes it fill them again.
    (settings().build / "embedded" / "synthesised.json").unlink(missing_ok=True)
    invented = tables(spec, people, seed, systems=[system.id for system in asked])
    rows = load(invented, dsns, truth, spec)
    return {"place": str(truth), "rows": sum(rows.values()), "rows_of": rows}
