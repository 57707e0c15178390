"""Synthesise: a number of people and a seed -> the sources' databases, and the truth apart."""

from typing import Any

from datafirst.extract.source import address
from datafirst.settings import settings
from datafirst.synthetic.generate import tables
from datafirst.synthetic.load import load

from .release import specification


def synthesise(people: int, seed: int) -> dict[str, Any]:
    """Invents one population, fills the sources' databases with it and keeps the truth.

    What the tables held before is replaced.
    """
    spec = specification()
    dsns = {
        system.id: address(system.id)
        for system in spec.systems.values()
        if system.connection.kind == "postgresql"
    }
    truth = settings().truth_folder
    # Whoever fills the sources otherwise than the demonstration makes it fill them again.
    (settings().build / "embedded" / "synthesised.json").unlink(missing_ok=True)
    rows = load(tables(spec, people, seed), dsns, truth, spec)
    return {"place": str(truth), "rows": sum(rows.values()), "rows_of": rows}
