"""Sources that come as files are held to the same specification."""

from pathlib import Path

import polars as pl
import pytest

from datafirst.errors import SourceError
from datafirst.extract.file import Files
from datafirst.extract.snapshot import take
from datafirst.spec import System

CASE = {
    "id": "court.case",
    "title": "Cases",
    "description": "Cases.",
    "grain": "One row per case.",
    "key": ["number"],
    "variables": {
        name: {
            "name": name,
            "role": "research",
            "type": kind,
            "description": "A.",
            "missing_up_to": 1.0,
        }
        for name, kind in {"number": "integer", "word": "string", "heard": "date"}.items()
    },
}
COURT = System.model_validate(
    {
        "id": "court",
        "title": "Court records",
        "description": "Records.",
        "owner": "The archive",
        "extracted": "once",
        "connection": {"kind": "file", "path": "."},
        "tables": {"case": CASE},
    }
)
ROWS = pl.DataFrame(
    {
        "number": [2, 1, 3],
        "word": ["007", None, ""],
        "heard": pl.Series(["2020-01-31", None, "2021-12-01"]).str.to_date(),
    }
)


def landed(folder: Path) -> pl.DataFrame:
    [table] = take(COURT, Files(COURT, folder), folder / "landed")
    return pl.concat([pl.read_parquet(path) for path, _ in table.parts])


def test_a_parquet_file_lands_in_its_own_order(tmp_path: Path) -> None:
    ROWS.with_columns(pl.col("word").cast(pl.Categorical), other=1).write_parquet(
        tmp_path / "case.parquet"
    )
    assert landed(tmp_path).drop("_row").equals(ROWS)
    assert landed(tmp_path)["_row"].to_list() == [0, 1, 2]


def test_a_csv_file_keeps_leading_zeros_and_tells_missing_from_empty(tmp_path: Path) -> None:
    (tmp_path / "case.csv").write_text(
        'heard,word,number,other\n2020-01-31,007,2,x\n,,1,x\n2021-12-01,"",3,x\n'
    )
    assert landed(tmp_path).drop("_row").equals(ROWS)


def test_an_absent_file_is_named_with_who_has_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"case\.parquet .*obtain it from The archive"):
        landed(tmp_path)


def test_a_column_of_another_type_is_named(tmp_path: Path) -> None:
    ROWS.with_columns(pl.col("number").cast(pl.String)).write_parquet(tmp_path / "case.parquet")
    with pytest.raises(SourceError, match=r"court\.case\.number: expected bigint, found"):
        landed(tmp_path)


@pytest.mark.parametrize("content", ["number,word,heard\nSECRET,x,2020-01-01\n", ""])
def test_a_file_that_cannot_be_read_is_named_without_its_values(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "case.csv").write_text(content)
    with pytest.raises(SourceError, match=r"court\.case: .*case\.csv cannot be read") as refusal:
        landed(tmp_path)
    assert "SECRET" not in str(refusal.value)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    ROWS.clear().write_parquet(tmp_path / "case.parquet")
    with pytest.raises(SourceError, match=r"court\.case: the source holds no rows"):
        landed(tmp_path)
