"""Do the invented tables keep to the specification, but for the faults planted in them?"""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from datafirst.spec import Specification, Table, Type
from datafirst.synthetic.faults import faults, sent_again
from datafirst.synthetic.generate import REFERENCES, tables

Ask = Callable[[str], list[Any]]
ARROW = {
    Type.STRING: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
}


def every(spec: Specification) -> list[Table]:
    return [table for system in spec.systems.values() for table in system.tables.values()]


def test_columns_are_those_of_the_specification(
    spec: Specification, population: dict[str, pa.Table]
) -> None:
    wanted = {table.id for table in every(spec)}
    assert set(population) == wanted | {"truth.records", "truth.journeys"}
    for name in wanted:
        table = spec.source_table(name)
        columns = [(v.name, pa.string() if v.format else ARROW[v.type]) for v in table]
        assert population[name].schema.equals(pa.schema(columns)), name


def test_the_same_people_and_seed_give_the_same_rows_whatever_the_chunk(
    invented: Callable[[int, int, int], dict[str, pa.Table]],
) -> None:
    once, again = invented(1501, 7, 5000), invented(1501, 7, 800)
    other = invented(1501, 8, 5000)
    for name, table in once.items():
        order = [(column, "ascending") for column in table.column_names]
        assert table.sort_by(order).equals(again[name].sort_by(order)), name
        if not name.startswith(REFERENCES):
            assert not table.equals(other[name]), name


def test_ordinary_dirt_stays_within_what_the_specification_allows(
    spec: Specification, ask: Ask
) -> None:
    for table in every(spec):
        shares = ", ".join(f'avg(("{v.name}" IS NULL)::INTEGER)' for v in table)
        missing = ask(f"SELECT {shares} FROM {table.name}")
        for variable, share in zip(table, missing, strict=True):
            assert share <= max(variable.missing_up_to, 0.002), f"{table.id}.{variable.name}"


def test_only_planted_rows_break_rules(spec: Specification, ask: Ask) -> None:
    for table in every(spec):
        conditions = [_breaks(variable) for variable in table] + [
            f"NOT ({r.holds})" for r in table.rules
        ]
        any_of = " OR ".join(c for c in conditions if c) or "false"
        (share,) = ask(f"SELECT avg(coalesce({any_of}, false)::INTEGER) FROM {table.name}")
        planted = sum(f.share for f in faults() if f.table == table.id)
        assert share <= planted * 2.5, table.id
        assert planted + sent_again().get(table.id, 0) * 2 < max(
            table.quarantine_up_to / 2, 1e-9
        ), table.id


def _breaks(variable: Any) -> str:
    column, broken = f'"{variable.name}"', []
    if variable.missing_up_to == 0:
        broken.append(f"{column} IS NULL")
    if variable.codes:
        broken.append(f"{column} NOT IN ({', '.join(repr(code) for code in variable.codes)})")
    if variable.pattern:
        broken.append(f"NOT regexp_full_match({column}, '{variable.pattern}')")
    if variable.format:
        broken.append(
            f"{column} IS NOT NULL AND try_strptime({column}, '{variable.format}') IS NULL"
        )
    for bound, sign in ((variable.minimum, "<"), (variable.maximum, ">")):
        if bound is not None:
            broken.append(
                f"{column} {sign} " + (f"DATE '{bound}'" if variable.type == "date" else str(bound))
            )
    return " OR ".join(broken)


@pytest.mark.parametrize("fault", faults(), ids=lambda f: f"{f.table}.{f.column}-{f.breaks}")
def test_fault_is_planted(ask: Ask, fault: Any) -> None:
    table = fault.table.split(".")[1]
    (found,) = ask(
        f"SELECT count(*) FROM {table} WHERE {fault.column} IS NOT DISTINCT FROM {fault.value}"
    )
    assert found


@pytest.mark.parametrize("name", sent_again())
def test_some_rows_are_sent_again(spec: Specification, ask: Ask, name: str) -> None:
    table = spec.source_table(name)
    all_rows, keys, different = ask(f"""
        SELECT count(*), count(DISTINCT ({", ".join(table.key)})), count(DISTINCT t)
        FROM {table.name} AS t""")
    assert all_rows > keys == different


def test_other_keys_hold(spec: Specification, ask: Ask) -> None:
    for table in every(spec):
        if table.id not in sent_again() and table.id != "xhibit.xhb_disposal_line":
            (twice,) = ask(
                f"SELECT count(*) - count(DISTINCT ({', '.join(table.key)})) FROM {table.name}"
            )
            assert twice == 0, table.id


def test_joins_hold_but_for_planted_codes(spec: Specification, ask: Ask) -> None:
    for table in every(spec):
        for join in table.joins:
            on = " AND ".join(f"o.{b} = t.{a}" for a, b in zip(join.on, join.target, strict=True))
            known = " AND ".join(f"t.{a} IS NOT NULL" for a in join.on)
            other = join.table.split(".")[1]
            (lost,) = ask(f"""
                SELECT avg((NOT EXISTS (FROM {other} AS o WHERE {on}))::INTEGER)
                FROM {table.name} AS t WHERE {known}""")
            assert lost <= join.unmatched_up_to / 2, (table.id, join.table)


def test_other_systems_are_not_invented_and_change_nothing(
    spec: Specification, invented: Callable[[int, int, int], dict[str, pa.Table]]
) -> None:
    whole = invented(600, 3, 600)
    asked: dict[str, list[pa.Table]] = {}
    for name, part in tables(spec, 600, 3, 600, systems=["xhibit", "libra"]):
        asked.setdefault(name, []).append(part)
    assert {name.split(".")[0] for name in asked} == {"libra", "xhibit", "truth"}
    found = {name: pa.concat_tables(parts) for name, parts in asked.items()}
    datasets = pc.is_in(whole["truth.records"]["dataset"], pa.array(["magistrates", "crown"]))
    whole["truth.records"] = whole["truth.records"].filter(datasets)
    assert {name: whole[name] for name in found} == found


def test_what_a_system_builds_on_is_invented_with_it(spec: Specification) -> None:
    names = {name.split(".")[0] for name, _ in tables(spec, 400, 3, systems=["delius"])}
    assert names == {"delius", "truth"}
