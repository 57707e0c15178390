"""What did each ladder of rules find, rule by rule, and whom?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from datafirst.spec import Ladder

from .charts import Row, bars, number
from .section import Section


def laddered(
    ladders: Sequence[Ladder], found: Mapping[str, Mapping[str, Any]]
) -> Iterator[Section]:
    """The links of each ladder by the rule that made them, and its match rates by group; `found`
    is what climbing counted (stage.ladders)."""
    for ladder in ladders:
        if ladder.id in found:
            yield _rules(ladder, found[ladder.id])
            yield _rates(ladder, found[ladder.id])


def _rules(ladder: Ladder, found: Mapping[str, Any]) -> Section:
    counted = {rule["rule"]: rule for rule in found["rules"]}
    rows = [
        (
            ladder.id,
            f"{place}. {rung.name.replace('_', ' ')}",
            rung.says,
            counted[rung.name]["matched"],
            counted[rung.name]["tied_left"],
            counted[rung.name]["tied_right"],
        )
        for place, rung in enumerate(ladder.rules, start=1)
        if rung.name in counted
    ]
    values: list[Row] = [{"ladder": ladder.id, "rule": row[1], "links": row[3]} for row in rows]
    return Section(
        name=f"Links by rule: {ladder.id}",
        says=f"{ladder.title}: the rules in the order in which they are tried, and how many links "
        "each made among the records that no stricter rule had linked. Records that a rule would "
        "link in several ways are tied: they are set aside, and linked to nobody.",
        header=("Ladder", "Rule", "What agrees", "Links", f"Tied in {ladder.left}",
                f"Tied in {ladder.right}"),
        rows=tuple(rows),
        chart=bars(
            f"Links by rule: {ladder.id}",
            "Links that each rule made, from the strictest down.",
            values,
            of="rule",
            size=number("links", "Links", axis={"grid": False, "tickCount": 5}),
            shown=",d",
        )
        if rows
        else None,
        published=True,
    )  # fmt: skip


def _rates(ladder: Ladder, found: Mapping[str, Any]) -> Section:
    return Section(
        name=f"Match rates: {ladder.id}",
        says=f"Of the people of {ladder.left} who are looked for, how many are found in "
        f"{ladder.right}, by sex, ethnicity and year of birth as {ladder.left} has them.",
        header=("Ladder", "By", "Group", "People", "Found", "Share found"),
        rows=tuple(
            (ladder.id, line["by"], line["category"], line["records"], line["matched"],
             line["rate"])
            for line in found["rates"]
        ),
        published=True,
        shares={"Share found": ("Found", "People")},
    )  # fmt: skip
