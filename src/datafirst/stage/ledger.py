"""Ledger: what the shares of a release did with every source row -> one account that adds up."""

from typing import Any

from datafirst.derive import adds_up, rendered, unused
from datafirst.run import Made, once
from datafirst.scratch import Scratch

from .derive import ledger_of
from .release import plan


def ledger(release: str) -> dict[str, Any]:
    """Keeps the release's conservation ledger. Raises ValidationFailed unless it adds up."""
    made = plan(release)
    derived = {s.id: made.done("landing", f"derive-{s.id}") for s in made.shares}
    snapshot = {
        f"{system}.{table}": rows
        for system, record in made.snapshots.items()
        for table, rows in record.counts["rows"].items()
    }
    lines = [line for record in derived.values() for line in ledger_of(record)]
    lines += unused(snapshot, lines)

    def work(scratch: Scratch) -> Made:
        adds_up(lines, snapshot)
        path = scratch / "ledger.csv"
        path.write_text(rendered(lines), encoding="utf-8")
        result = Made(counts={"rows": sum(snapshot.values()), "outcomes": _outcomes(lines)})
        result.add("ledger.csv", path, len(lines))
        return result

    inputs = {"run": made.inputs, "derived": {s: r.digest for s, r in derived.items()}}
    record = once(made.store("landing"), made.place, "ledger", inputs, work, made.settings)
    return {"place": made.place, **record.counts}


def _outcomes(lines: list[Any]) -> dict[str, int]:
    """Rows by outcome, over all shares and tables."""
    total: dict[str, int] = {}
    for line in lines:
        total[line.outcome] = total.get(line.outcome, 0) + line.rows
    return total
