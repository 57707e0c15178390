"""What is wrong with some rows? Faults planted on purpose, for validation to find.

Each is rare (its table's share stays well under quarantine_up_to) and is drawn by row, so it does
not depend on anything else. Dirt that standardisation copes with is in sql/identity.sql instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A value that breaks a rule, put into a column of some rows."""

    table: str
    column: str
    breaks: str
    """The kind of rule that it breaks."""
    share: float
    value: str
    """An SQL expression over the row."""


FAULTS = (
    Fault("libra.hocas_flatfile", "court_code", "codes", 0.0004, "'9999'"),
    Fault("libra.hocas_flatfile", "defendant_sex", "codes", 0.0003, "'U'"),
    Fault("libra.hocas_flatfile", "initiation_type", "required", 0.0003, "NULL"),
    Fault("libra.hocas_flatfile", "case_reference", "pattern", 0.0003, "'SEE FILE'"),
    Fault("libra.hocas_flatfile", "hearings_count", "maximum", 0.0003, "999"),
    Fault("libra.hocas_flatfile", "defendant_dob", "format", 0.0004, "'31/02/1985'"),
    Fault("libra.hocas_flatfile", "defendant_dob", "format", 0.0002, "'UNKNOWN'"),
    Fault("libra.hocas_flatfile", "final_hearing_date", "rule", 0.0003, "first_hearing_date - 30"),
    Fault("libra.hocas_offence", "offence_code", "codes", 0.0004, "'XX99999'"),
    Fault("libra.hocas_offence", "ho_class", "pattern", 0.0003, "'N/A'"),
    Fault("libra.hocas_offence", "offence_group", "required", 0.0002, "NULL"),
    Fault("libra.hocas_offence", "custodial_period_days", "minimum", 0.0002, "-1"),
    Fault("libra.hocas_offence", "offence_end_date", "rule", 0.0003, "offence_start_date - 10"),
    Fault("xhibit.xhb_case", "case_type", "required", 0.0008, "NULL"),
    Fault("xhibit.xhb_case", "received_date", "minimum", 0.0008, "DATE '1900-01-01'"),
    Fault("xhibit.xhb_case", "case_number", "pattern", 0.0008, "'T/TBC'"),
    Fault("xhibit.xhb_defendant", "gender", "maximum", 0.001, "9"),
    Fault("xhibit.xhb_defendant_on_case", "defendant_number", "minimum", 0.0008, "0"),
    Fault("xhibit.xhb_defendant_on_case", "pnc_id", "pattern", 0.001, "'2010/0000000Z'"),
    Fault("xhibit.xhb_offence", "offence_code", "codes", 0.0008, "'XX99999'"),
    Fault("xhibit.xhb_plea", "plea_code", "codes", 0.0008, "'XX'"),
    Fault("xhibit.xhb_disposal2", "disposal_code", "codes", 0.0006, "'ZZZZ'"),
    Fault("xhibit.xhb_disposal_line", "line_number", "minimum", 0.0004, "0"),
    Fault("xhibit.xhb_hearing", "hearing_end_date", "rule", 0.0006, "hearing_start_date - 5"),
)

SENT_AGAIN = {
    "libra.hocas_flatfile": 0.0005,
    "libra.hocas_offence": 0.0003,
    "xhibit.xhb_defendant_on_case": 0.001,
    "xhibit.xhb_disposal2": 0.0006,
}
"""The share of rows that arrive twice, so that the table's key does not hold."""


def faulty(table: str, rows: str) -> str:
    """The query for a table's rows with its faults, and with some rows sent again."""
    values = ", ".join(f"{value} AS {column}" for column, value in _columns(table))
    replaced = f"SELECT * REPLACE ({values}) FROM ({rows})" if values else f"FROM ({rows})"
    if not (share := SENT_AGAIN.get(table)):
        return replaced
    return f"""WITH sent AS ({replaced})
        FROM sent UNION ALL FROM sent WHERE u('sent again', row_key) < {share}"""


def _columns(table: str) -> Iterator[tuple[str, str]]:
    columns = dict.fromkeys(fault.column for fault in FAULTS if fault.table == table)
    for column in columns:
        cases, upto = "", 0.0
        for fault in FAULTS:
            if (fault.table, fault.column) == (table, column):
                upto += fault.share
                # What is missing stays missing: a placeholder where nothing was is another fault.
                cases += (
                    f" WHEN u('fault {column}', row_key) < {upto} AND {column} IS NOT NULL"
                    f" THEN {fault.value}"
                )
        yield column, f"CASE{cases} ELSE {column} END"
