"""What is left out, and why

Every row of every source table is delivered, or left out for a stated reason; the conservation
ledger adds up for each snapshot, or the release stops.
"""

import pytest

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
