"""The real queries: one principal offence, and no word of on which side of a birthday."""

from collections.abc import Iterator

import duckdb
import pytest

from datafirst.settings import PROJECT
from datafirst.spec import Specification, load

from .kept import Kept


@pytest.fixture(scope="module")
def real() -> Specification:
    return load(PROJECT / "config")


@pytest.fixture
def magistrates(real: Specification) -> Iterator[Kept]:
    with duckdb.connect() as con:
        yield Kept(con, real, "magistrates")


@pytest.fixture
def crown(real: Specification) -> Iterator[Kept]:
    with duckdb.connect() as con:
        yield Kept(con, real, "crown")


HEARD = {"last month": "2015-05-31", "that month": "2015-06-10", "next month": "2015-07-01"}


@pytest.mark.parametrize("born", ["1997-06-01", "1997-06-30"])
@pytest.mark.parametrize("recorded", ["Y", "N"])
def test_what_a_magistrates_court_flags_does_not_tell_the_birthday(
    magistrates: Kept, born: str, recorded: str
) -> None:
    for row, day in enumerate(HEARD.values()):
        magistrates.add(
            "hocas_flatfile", _row=row, case_id=str(row), defendant_id="1", defendant_type="P",
            defendant_dob=born, first_hearing_date=day, youth_flag=recorded,
            court_type="Y" if recorded == "Y" else "A",
        )  # fmt: skip
    kind = "Y" if recorded == "Y" else "A"
    told = magistrates.ask(
        "SELECT age_at_first_hearing, youth_flag, court_type "
        "FROM magistrates.defendant_case ORDER BY _row"
    )
    assert told == [(17, "Y", kind), (18, "N", None), (18, "N", kind)]


@pytest.mark.parametrize("born", ["1997-06-01", "1997-06-30"])
@pytest.mark.parametrize("recorded", ["Y", "N"])
def test_what_the_crown_court_flags_does_not_tell_the_birthday(
    crown: Kept, born: str, recorded: str
) -> None:
    crown.add("xhb_defendant", defendant_id=1, is_company="N", date_of_birth=born)
    for row, day in enumerate(HEARD.values()):
        crown.add("xhb_case", case_id=row, received_date=day)
        crown.add("xhb_defendant_on_case", _row=row, defendant_on_case_id=row, case_id=row,
                  defendant_id=1, is_juvenile=recorded)  # fmt: skip
    query = "SELECT age_at_receipt, is_juvenile FROM crown.defendant_case ORDER BY _row"
    assert crown.ask(query) == [(17, "Y"), (18, "N"), (18, "N")]


@pytest.mark.parametrize(("kind", "flag"), [("O", "N"), ("P", None)])
def test_without_an_age_only_an_organisation_is_flagged(
    magistrates: Kept, kind: str, flag: str | None
) -> None:
    magistrates.add("hocas_flatfile", _row=0, case_id="1", defendant_id="1", defendant_type=kind,
                    first_hearing_date="2015-06-10", youth_flag="Y")  # fmt: skip
    assert magistrates.ask("SELECT youth_flag FROM magistrates.defendant_case") == [(flag,)]


@pytest.mark.parametrize(("company", "flag"), [("Y", "N"), ("N", None)])
def test_without_an_age_only_a_company_is_flagged(
    crown: Kept, company: str, flag: str | None
) -> None:
    crown.add("xhb_defendant", defendant_id=1, is_company=company)
    crown.add("xhb_case", case_id=1, received_date="2015-06-10")
    crown.add("xhb_defendant_on_case", _row=0, defendant_on_case_id=1, case_id=1, defendant_id=1,
              is_juvenile="Y")  # fmt: skip
    assert crown.ask("SELECT is_juvenile FROM crown.defendant_case") == [(flag,)]


def test_the_principal_offence_is_the_first_in_rank_at_the_magistrates(magistrates: Kept) -> None:
    magistrates.add("hocas_flatfile", _row=0, case_id="1", defendant_id="1")
    for row, (priority, days) in enumerate([(5, None), (2, 10), (2, 90), (None, None)]):
        magistrates.add("hocas_offence", _row=row, case_id="1", defendant_id="1", offence_seq=row,
                        result_priority=priority, custodial_period_days=days)  # fmt: skip
    ranked = magistrates.ask(
        "SELECT offence_seq FROM magistrates.offence ORDER BY seriousness_rank"
    )
    assert ranked == [(2,), (1,), (0,), (3,)]
    principal = "SELECT principal_offence_seq FROM magistrates.defendant_case"
    assert magistrates.con.execute(principal).fetchall() == [(2,)]


def test_a_disposal_of_the_whole_case_may_be_the_worst_beside_the_principal_offence(
    crown: Kept,
) -> None:
    crown.add("xhb_defendant_on_case", _row=0, defendant_on_case_id=1, case_id=1)
    for number in (1, 2, 3):
        crown.add("xhb_defendant_on_offence", _row=number, defendant_on_offence_id=number,
                  defendant_on_case_id=1)  # fmt: skip
    for code, priority in (("FINE", 9), ("IMP", 2), ("LIFE", 1)):
        crown.add("xhb_ref_disposal", disposal_code=code, result_priority=priority)
    for number, (code, offence) in enumerate([("FINE", 2), ("IMP", 3), ("LIFE", None)]):
        crown.add("xhb_disposal2", disposal2_id=number, disposal_code=code,
                  defendant_on_case_id=1, defendant_on_offence_id=offence)  # fmt: skip
    crown.add("xhb_disposal_line", disposal2_id=1, data="Term_Months = 12")
    ranked = crown.ask(
        "SELECT defendant_on_offence_id, custodial_period_days "
        "FROM crown.offence ORDER BY seriousness_rank"
    )
    assert ranked == [(3, 365), (2, None), (1, None)]
    told = crown.con.execute(
        "SELECT principal_offence_id, disposal_code, whole_case_disposal_flag, disposals_count, "
        "longest_custody_days FROM crown.defendant_case"
    ).fetchall()
    assert told == [(3, "LIFE", "Y", 3, 365)]
