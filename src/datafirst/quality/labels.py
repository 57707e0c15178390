"""What did reviewers decide? Reads their decisions, in Splink's label format, and refuses faults.

A message says in which lines a fault is and never what stands there: a name may stand in any cell.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from datafirst.errors import ValidationFailed

PAIR = ("source_dataset_l", "unique_id_l", "source_dataset_r", "unique_id_r")
SCORE = "clerical_match_score"
SAID = (SCORE, "reviewer", "decided", "reason")
"""What a reviewer adds to a pair. The reviewer, the time and the reason may have no column."""
SCORES = {"1": 1.0, "0": 0.0, "0.5": 0.5, "": 0.5}
"""Match, no match, cannot tell."""
LINES = 10
"""Lines that a message names of one fault."""

Key = tuple[str, str, str, str]
"""Dataset and record of the left and of the right."""


@dataclass(frozen=True)
class Decision:
    """What one reviewer thinks of one pair."""

    pair_id: int
    line: int
    key: Key
    score: float
    reviewer: str
    decided: str
    reason: str


@dataclass
class Faults:
    """In which lines something is wrong, by what it is."""

    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, what: str, line: int) -> None:
        self.lines.setdefault(what, []).append(line)

    def __str__(self) -> str:
        return "; ".join(
            f"{what} (line{'s' if len(n) > 1 else ''} {', '.join(map(str, n[:LINES]))}"
            f"{f' and {len(n) - LINES:,} more' if len(n) > LINES else ''})"
            for what, n in self.lines.items()
        )


def decisions(
    text: str,
    reviewer: str,
    pairs: Mapping[Key, int],
    disputed: Mapping[int, frozenset[str]] | None = None,
) -> tuple[list[Decision], int]:
    """The decisions of a CSV, and how many of its pairs have not been decided yet.

    `pairs` are the pair_id of the sample's pairs, either way round. `disputed` is given where the
    reviewer adjudicates: who decided the pairs that are in dispute. A line in which nothing was
    said is not decided; one that has a reviewer, time or reason and no score says "cannot tell".
    ValidationFailed with every fault and its lines.
    """
    faults, found, seen, undecided = Faults(), [], set(), 0
    for line, row in _rows(text):
        if not any(row.get(column) for column in SAID):
            undecided += 1
            continue
        decision = _decision(line, row, reviewer, pairs, faults)
        if decision is None:
            continue
        if decision.pair_id in seen:
            faults.add("the same pair a second time", line)
        seen.add(decision.pair_id)
        if disputed is not None:
            _may_adjudicate(decision, disputed, faults)
        found.append(decision)
    if faults.lines:
        raise ValidationFailed(f"nothing was kept: {faults}")
    return found, undecided


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), restval="", strict=True)
    try:
        missing = [column for column in (*PAIR, SCORE) if column not in (reader.fieldnames or ())]
        if missing:
            raise ValidationFailed(
                f"nothing was kept: the file has no column {', '.join(missing)}; its first line "
                f"names its columns, among them {', '.join((*PAIR, SCORE))}"
            )
        for row in reader:
            # More cells than columns stand under None.
            cells = {name: (cell or "").strip() for name, cell in row.items() if name}
            yield reader.line_num, {**cells, **({"": "more"} if None in row else {})}
    except csv.Error:
        raise ValidationFailed(
            f"nothing was kept: line {reader.reader.line_num} is not CSV: commas between cells, "
            "double quotes round those that hold a comma"
        ) from None


def _decision(
    line: int, row: Mapping[str, str], reviewer: str, pairs: Mapping[Key, int], faults: Faults
) -> Decision | None:
    key = (row[PAIR[0]], row[PAIR[1]], row[PAIR[2]], row[PAIR[3]])
    pair, score = pairs.get(key), _score(row[SCORE])
    who = row.get("reviewer", reviewer)
    if "" in row:
        faults.add("more cells than columns", line)
    if pair is None:
        faults.add("a pair that is not in the sample", line)
    if score is None:
        faults.add("a score that is not 1, 0 or 0.5", line)
    if not who:
        faults.add("no reviewer", line)
    elif who != reviewer:
        faults.add("another reviewer than --reviewer names", line)
    if pair is None or score is None:
        return None
    return Decision(pair, line, key, score, who, row.get("decided", ""), row.get("reason", ""))


def _score(text: str) -> float | None:
    try:
        return SCORES.get(f"{float(text):g}" if text else "")
    except ValueError:
        return None


def _may_adjudicate(
    decision: Decision, disputed: Mapping[int, frozenset[str]], faults: Faults
) -> None:
    """An adjudicator is a third person, and there is something to adjudicate."""
    if decision.pair_id not in disputed:
        faults.add("a pair that is not in dispute", decision.line)
    elif decision.reviewer in disputed[decision.pair_id]:
        faults.add("a pair that this reviewer decided: another must adjudicate", decision.line)
