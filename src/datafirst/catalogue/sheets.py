"""In what order does the catalogue say things?"""

from . import about_linkage, about_share, about_tables
from .sheet import Sheet
from .subject import Subject


def sheets(subject: Subject) -> tuple[Sheet, ...]:
    """Every sheet of the catalogue, the table of contents second."""
    first = about_share.cover(subject)
    rest = (
        about_share.notes(subject),
        about_tables.tables(subject),
        about_tables.variables(subject),
        about_tables.value_lists(subject),
        about_tables.completeness(subject),
        about_linkage.linkage(subject),
        about_linkage.figures(subject),
        about_share.issues(subject),
        about_share.changes(subject),
        about_tables.joins_of(subject),
    )
    listed = tuple((sheet.name, sheet.says) for sheet in rest)
    contents = Sheet(
        "Contents", "Contents", "The sheets of this workbook.", ("Sheet", "What it holds"), listed
    )
    return (first, contents, *rest)
