"""How are results shown in a terminal?"""

from typing import Any

from rich.table import Table


def accuracy(answer: dict[str, Any]) -> Table:
    """A table of linkage quality against the truth."""
    shown = Table(title=f"Linkage against the truth, release {answer['release']}", expand=False)
    for heading in ("", "precision", "recall", "F1", "B-cubed F1", "whole people", "largest"):
        shown.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    for name, people in answer["people"].items():
        shown.add_row(
            f"people, {name}",
            *_scores(people["pairs"]),
            f"{people['b_cubed']['f1']:.4f}",
            f"{people['exact_clusters']:.1%}",
            str(people["largest_cluster"]),
        )
    for name, journeys in answer["journeys"].items():
        shown.add_row(f"journeys, {name}", *_scores(journeys), "", "", "")
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


def _scores(pairs: dict[str, float]) -> tuple[str, ...]:
    return tuple(f"{pairs[score]:.4f}" for score in ("precision", "recall", "f1"))
