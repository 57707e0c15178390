"""What does a catalogue say about its tables, variables, codes, gaps and joins?"""

from collections.abc import Iterator

from datafirst.spec import Table, Treatment, Type, Variable

from .publishable import NOT_APPLICABLE, Cell, band, count, percentage
from .sheet import Sheet
from .subject import Subject, kind

FORMATS = {
    Type.DATE: "YYYY-MM-DD",
    Type.BOOLEAN: "true or false",
    Type.INTEGER: "whole number",
    Type.NUMBER: "decimal number",
    Type.STRING: "text",
}
TREATMENTS = {
    Treatment.KEEP: "As recorded",
    Treatment.PSEUDONYMISE: "Replaced by a pseudonym",
    Treatment.YEAR: "Year only",
    Treatment.YEAR_MONTH: "Year and month only",
    Treatment.OUTWARD_CODE: "First half of the postcode only",
}


def tables(subject: Subject) -> Sheet:
    columns = ("Table", "Title", "Description", "One row is", "Key", "Rows [note 1]", "Variables",
               "Formats", "Files")  # fmt: skip
    rows = tuple(
        (t.name, t.title, t.description, t.grain, ", ".join(t.key),
         count(subject.figures[t.name].rows), len(t.variables),
         ", ".join(subject.recipient.formats), f"data/{t.name}/")
        for t in subject.tables
    )  # fmt: skip
    return Sheet("Tables", "Tables", "What each table holds.", columns, rows)


def variables(subject: Subject) -> Sheet:
    columns = ("Order", "Table", "Variable", "Description", "Kind", "Type", "Format", "Unit",
               "Code list", "Range [note 3]", "Missing % [note 2]", "Part of key", "Source",
               "Derivation", "Quality", "Coverage", "Treatment")  # fmt: skip
    rows = tuple(
        (order, t.name, *_variable(subject, t, v))
        for t in subject.tables
        for order, v in enumerate(t, start=1)
    )
    return Sheet(
        "Variables", "Variables", "Every variable of every table, in file order.", columns, rows
    )


def _variable(subject: Subject, table: Table, v: Variable) -> tuple[Cell, ...]:
    figures = subject.figures[table.name]
    said: tuple[Cell | None, ...] = (
        v.name, v.description, kind(v), v.type.value, format_of(v), v.unit,
        code_list(table, v), figures.ranges.get(v.name),
        percentage(figures.missing[v.name], figures.rows),
        "Yes" if v.name in table.key else "No",
        v.source, v.derivation, v.quality, v.coverage, treatment(v),
    )  # fmt: skip
    return tuple(NOT_APPLICABLE if cell is None else cell for cell in said)


def treatment(variable: Variable) -> str:
    """What was done to it before it left."""
    done = variable.release or Treatment.KEEP
    return "Derived" if done is Treatment.KEEP and variable.source is None else TREATMENTS[done]


def format_of(variable: Variable) -> str:
    """How its values are written."""
    if variable.release is Treatment.PSEUDONYMISE:
        return "18 consonants"
    if variable.pattern:
        return f"text matching {variable.pattern}"
    return "code" if variable.codes else FORMATS[variable.type]


def code_list(table: Table, variable: Variable) -> str | None:
    """The name of its list of codes: shared by the variables that use the same list."""
    if not variable.codes:
        return None
    return variable.codes_list or f"{table.name}.{variable.name}"


def value_lists(subject: Subject) -> Sheet:
    columns = ("Code list", "Table", "Variable", "Code", "Meaning", "Rows [note 4]")
    rows = tuple(
        (code_list(t, v) or "", t.name, v.name, code, label,
         band(subject.figures[t.name].codes[v.name][code]))
        for t in subject.tables
        for v in t
        for code, label in (v.codes or {}).items()
    )  # fmt: skip
    none: tuple[Cell, ...] = ("No variable is coded", *(NOT_APPLICABLE,) * 5)
    return Sheet("Value lists", "Value lists", "What each code means.", columns, rows or (none,))


def completeness(subject: Subject) -> Sheet:
    columns = ("Table", "Variable", "Year", "Year of", "Rows [note 1]", "Complete % [note 2]")
    return Sheet(
        "Completeness by year",
        "Completeness by year",
        "The percentage of rows in which each variable is filled in.",
        columns,
        tuple(_completeness(subject)),
    )


def _completeness(subject: Subject) -> Iterator[tuple[Cell, ...]]:
    for table in subject.tables:
        figures = subject.figures[table.name]
        undated = "No date" if figures.dated_by else "All rows"
        for v in table:
            for year, filled in figures.years.items():
                yield (
                    table.name,
                    v.name,
                    undated if year is None else year,
                    figures.dated_by or NOT_APPLICABLE,
                    count(filled[""]),
                    percentage(filled[v.name], filled[""]),
                )
        if not figures.years:
            yield table.name, "All variables", "All rows", NOT_APPLICABLE, 0, NOT_APPLICABLE


def joins_of(subject: Subject) -> Sheet:
    columns = ("From table", "From variables", "To table", "To variables", "Cardinality",
               "Rows that find theirs, % [note 2]", "Meaning")  # fmt: skip
    rows = tuple(_joins(subject))
    none: tuple[Cell, ...] = ("No joins", *(NOT_APPLICABLE,) * 6)
    return Sheet("Joins", "Joins", "How tables fit together.", columns, rows or (none,))


def _joins(subject: Subject) -> Iterator[tuple[Cell, ...]]:
    for table in subject.tables:
        for join in table.joins:
            found = subject.joined.get((table.name, join))
            yield (
                table.name,
                ", ".join(join.on),
                join.table if not found else join.table.split(".")[1],
                ", ".join(join.target),
                found.cardinality if found else "Another share: not measured",
                percentage(found.matched, found.rows) if found else NOT_APPLICABLE,
                join.says or NOT_APPLICABLE,
            )
