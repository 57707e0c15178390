"""What is left out, and why

Every row of every source table is delivered, or left out for a stated reason; the conservation
ledger adds up for each snapshot, or the release stops.
"""

import duckdb
import pytest

from datafirst.derive.ledger import described
from datafirst.errors import ValidationFailed
from datafirst.spec import Specification


@pytest.mark.parametrize(
    ("share", "table", "reason"),
    [
        ("magistrates", "libra.hocas_flatfile", "single_justice_procedure"),
        ("magistrates", "libra.hocas_flatfile", "not_completed"),
        ("magistrates", "libra.hocas_flatfile", "outside_coverage"),
        ("crown", "xhibit.xhb_defendant_on_case", "obsolete"),
        ("crown", "xhibit.xhb_defendant_on_case", "outside_coverage"),
    ],
)
def test_reasons(spec: Specification, share: str, table: str, reason: str) -> None:
    """Cases under the Single Justice Procedure, cases still open, cases outside the coverage and
    obsolete rows are left out."""
    assert (table, reason) in {(e.table, e.reason) for e in spec.shares[share].exclusions}


@pytest.mark.parametrize(
    ("share", "table", "reason"),
    [
        ("probation", "delius.delius_offender", "soft_deleted"),
        ("probation", "delius.delius_event", "soft_deleted"),
        ("probation", "delius.delius_event", "offender_deleted"),
        ("family", "familyman.fm_events", "entered_by_mistake"),
        ("family", "familyman.fm_roles", "deleted"),
        ("family", "familyman.fm_hearings", "vacated"),
        ("family", "familyman.fm_events", "deprivation_of_liberty"),
        ("civil", "caseman.cm_case", "created_in_error"),
        ("civil", "caseman.cm_party", "entered_in_error"),
        ("oasys", "oasys.oasys_set", "deleted"),
        ("oasys", "oasys.oasys_set", "void"),
        ("prison", "nomis.offender_sentences", "entered_by_mistake"),
        ("prison", "nomis.offender_charges", "struck_out"),
    ],
)
def test_what_was_taken_back(spec: Specification, share: str, table: str, reason: str) -> None:
    """What a system's own staff took back is left out: rows marked deleted, void or entered by
    mistake, hearings that were vacated. So are cases on the deprivation of liberty."""
    assert (table, reason) in {(e.table, e.reason) for e in spec.shares[share].exclusions}


def test_every_exclusion_is_explained(spec: Specification) -> None:
    """Every exclusion has a reason code and a sentence for the catalogue."""
    for share in spec.shares.values():
        reasons = [(e.table, e.reason) for e in share.exclusions]
        assert len(reasons) == len(set(reasons))
        assert all(e.says for e in share.exclusions)


def test_every_source_table_is_accounted_for(spec: Specification) -> None:
    """Every table of a share's systems is accounted for, also one that gives nothing."""
    for share in spec.shares.values():
        accounted = {a.table for a in share.accounts}
        systems = {table.split(".")[0] for table in accounted}
        tables = {f"{s}.{name}" for s in systems for name in spec.systems[s].tables}
        assert tables == accounted, share.id


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("[0, 1], [2]", None),
        ("[0], [1]", "loses 1 kept rows"),
        ("[0, 1], [1, 2]", "repeats 1"),
        ("[0, 1, 2], [3]", "gives 1 that were not kept"),
        ("[0, 1, 2], []", "1 rows are made of no row of a source table"),
    ],
)
def test_rows_that_are_merged_are_each_accounted_for(
    con: duckdb.DuckDBPyConnection, spec: Specification, rows: str, fault: str | None
) -> None:
    """Where several source rows make one delivered row, as bookings make a custodial journey, each
    of them is in one, and in one only."""
    prison = spec.shares["prison"]
    assert [a.table for a in prison.accounts if a.merged_into] == ["nomis.offender_bookings"]
    con.execute(
        "CREATE TABLE fate_offender_bookings AS SELECT n AS _row, NULL AS outcome FROM range(3) "
        "t(n); CREATE SCHEMA prison; CREATE TABLE prison.custodial_journey AS "
        f"SELECT unnest([{rows}]::BIGINT[][]) AS _rows"
    )
    if fault is None:
        return described(con, prison)
    with pytest.raises(ValidationFailed, match=fault):
        described(con, prison)
