"""How are results shown in a terminal?"""

from typing import Any

from rich.table import Table

NOTHING = "–"
"""For a share of nothing: of no link none is right and none is wrong."""


def accuracy(answer: dict[str, Any]) -> Table:
    """A table of linkage quality against the truth."""
    shown = Table(title=f"Linkage against the truth, release {answer['release']}", expand=False)
    for heading in ("", "precision", "recall", "F1", "B-cubed F1", "whole people", "largest"):
        shown.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    for name, people in answer["people"].items():
        shown.add_row(
            f"people, {name}",
            *_scores(people["pairs"]),
            decimal(people["b_cubed"]["f1"]),
            percent(people["exact_clusters"]),
            str(people["largest_cluster"]),
        )
    for name, pairs in answer["between"].items():
        shown.add_row(f"between {name}", *_scores(pairs), "", "", "")
    for name, journeys in answer["journeys"].items():
        shown.add_row(f"journeys, {name}", *_scores(journeys), "", "", "")
    return shown


def bands(answer: dict[str, Any]) -> list[Table]:
    """How many of a record's links are right, by its band of confidence, where there is a truth:
    of all data sets together, and of each."""
    found = {(line["dataset"], line["band"]): line for line in answer.get("bands", ())}
    if not found:
        return []
    named = sorted({band for _, band in found})
    shown = Table(
        title=f"Links of records by band of confidence, release {answer['release']}: the share "
        "that is right (records)",
        expand=False,
    )
    shown.add_column("")
    for band in named:
        shown.add_column(band, justify="right", no_wrap=True)
    for dataset in sorted({dataset for dataset, _ in found}):
        cells = (found.get((dataset, band)) for band in named)
        told = (f"{c['precision']:.4f} ({c['records']:,})" if c else NOTHING for c in cells)
        shown.add_row(dataset or "all", *told)
    return [shown]


def cases(answer: dict[str, Any]) -> list[Table]:
    """Journeys by kind of Crown Court case, and by how many cases led to how many."""
    found = answer.get("cases")
    if not found:
        return []
    kinds = Table(title=f"Journeys against the truth, release {answer['release']}", expand=False)
    headings = ("", "planted", "found", "right", "precision", "recall", "best link right")
    for heading in headings:
        kinds.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    for name, kind in found["kinds"].items():
        counts = (f"{kind[count]:,}" for count in ("planted", "found", "right"))
        shares = (decimal(kind[score]) for score in ("precision", "recall", "best_precision"))
        kinds.add_row(name, *counts, *shares)
    for name, shape in found["shapes"].items():
        planted, right = shape["planted"], shape["found"]
        recall = f"{right / planted:.4f}"
        kinds.add_row(f"{name} case", f"{planted:,}", "", f"{right:,}", "", recall, "")
    return [kinds]


def ladders(answer: dict[str, Any], in_full: bool = True) -> list[Table]:
    """For each ladder, what every rule matched and how right it was, and whom it matched; where
    not all is wanted, whom the first ladder matched."""
    found = answer.get("ladders", {})
    shown = []
    for number, name in enumerate(found):
        shown.append(_rules(name, found[name]))
        if in_full or number == 0:
            shown.append(_rates(name, found[name]))
    return shown


def _rules(name: str, found: dict[str, Any]) -> Table:
    truth = found["truth"]
    shown = Table(
        title=f"Ladder {name}: precision {decimal(truth['precision'])}, recall "
        f"{decimal(truth['recall'])}, F1 {decimal(truth['f1'])}; "
        f"{percent(truth['agree_on_all_five'])} of true pairs agree on all five",
        expand=False,
    )
    headings = ("rule", "pairs", "matched", "rate", "tied left", "tied right", "precision")
    for heading in headings:
        shown.add_column(heading, justify="left" if heading == "rule" else "right", no_wrap=True)
    whole = next(line for line in found["rates"] if line["by"] == "all")
    for rule in found["rules"]:
        right = truth["precision_by_rule"].get(rule["rule"])
        shown.add_row(
            rule["rule"],
            f"{rule['candidates']:,}",
            f"{rule['matched']:,}",
            f"{whole['by_rule'][rule['rule']] / whole['records']:.1%}",
            f"{rule['tied_left']:,}",
            f"{rule['tied_right']:,}",
            "" if rule["rule"] not in truth["precision_by_rule"] else decimal(right),
        )
    return shown


def _rates(name: str, found: dict[str, Any]) -> Table:
    shown = Table(title=f"Ladder {name}: whom it matched", expand=False)
    for heading in ("by", "category", "records", "matched", "rate", "mostly by rule"):
        left = heading in ("by", "category", "mostly by rule")
        shown.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for line in found["rates"]:
        rule, most = max(line["by_rule"].items(), key=lambda item: item[1])
        shown.add_row(
            line["by"],
            line["category"],
            f"{line['records']:,}",
            f"{line['matched']:,}",
            f"{line['rate']:.1%}",
            f"{rule} ({most / line['records']:.1%})" if most else "",
        )
    return shown


def costs(release: str, spent: list[dict[str, Any]]) -> Table:
    """Seconds and memory by stage, summed over what it was mapped over."""
    shown = Table(title=f"Release {release}, stage by stage", expand=False)
    for heading in ("stage", "tasks", "rows", "seconds", "with Airflow", "peak MB"):
        shown.add_column(heading, justify="left" if heading == "stage" else "right")
    for stage in dict.fromkeys(cost["stage"] for cost in spent):
        each = [cost for cost in spent if cost["stage"] == stage]
        rows = sum(cost["rows"] or 0 for cost in each)
        shown.add_row(
            stage,
            str(len(each)),
            f"{rows:,}" if rows else "",
            f"{sum(cost['seconds'] for cost in each):.1f}",
            f"{sum(cost['task_seconds'] or 0 for cost in each):.1f}",
            f"{max(cost['peak_mb'] or 0 for cost in each):,}",
        )
    return shown


def _scores(pairs: dict[str, float | None]) -> tuple[str, ...]:
    return tuple(decimal(pairs[score]) for score in ("precision", "recall", "f1"))


def decimal(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.4f}"


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.1%}"
