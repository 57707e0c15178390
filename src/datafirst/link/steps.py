"""By which small steps is a value standardised? One named SQL expression each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from datafirst.deidentify.ages import without_placeholders
from datafirst.spec import FieldKind


@dataclass(frozen=True)
class Step:
    """One thing that is done to a value. `{x}` stands for the value, and stands once:
    steps nest, so an expression that repeats it would double with every step."""

    name: str
    sql: str
    counts: Literal["", "changed", "emptied"] = ""
    """Which values are told as faults that were mended: those that it changes, or only those of
    which it leaves nothing. Of mere form, none."""


CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""Check letters of PNC and CRO numbers: the number of year and serial, modulo 23."""

LAST_YEAR_OF_THIS_CENTURY = 50
"""Two-digit years up to this one are 20yy. Fixed, so that a result does not depend on the day
it is made; the Police National Computer began in 1974, so it serves until 2050."""

_ESCAPES = Step(
    "written-out and real line breaks are spaces",
    r"regexp_replace({x}, '\\[nrt]|\s', ' ', 'g')",
    "changed",
)
_PLAIN = Step("capitals without accents", "strip_accents(upper({x}))")
_EMPTY = Step("nothing left is null", "nullif({x}, '')")

NAME = (
    _ESCAPES,
    _PLAIN,
    Step(
        "letters that are not accented letters",
        "translate({x}, 'ØŁĐÐĦı', 'OLDDHI')",
    ),
    Step("AE", "replace({x}, 'Æ', 'AE')"),
    Step("OE", "replace({x}, 'Œ', 'OE')"),
    Step("SS", "replace(replace({x}, 'ß', 'SS'), 'ẞ', 'SS')"),
    Step("TH", "replace({x}, 'Þ', 'TH')"),
    Step(
        "marks of migration and of duplicates",
        r"regexp_replace({x}, '^ *(?:(?:MIG_ERROR|NO_SHOW|DUPLICATE)_ *)+', '')",
        "changed",
    ),
    Step(
        "apostrophes, quotes and digits vanish",
        "regexp_replace({x}, '[''’‘`´ʹʻʼʿ′\"“”0-9]', '', 'g')",
        "changed",
    ),
    Step(
        "hyphens and everything else are spaces",
        "regexp_replace({x}, '[^A-Z]+', ' ', 'g')",
        "changed",
    ),
    Step("single letters are dropped", r"regexp_replace({x}, '\b[A-Z]\b', '', 'g')", "changed"),
    Step("one space between words", "trim(regexp_replace({x}, ' +', ' ', 'g'))"),
    Step("MC belongs to what follows", r"regexp_replace({x}, '\bMC ', 'MC', 'g')", "changed"),
    Step(
        "words that say there is no name",
        "regexp_replace({x}, '^(NOT (ENTERED|KNOWN|GIVEN|RECORDED)|UNKNOWN)$', '')",
        "changed",
    ),
    _EMPTY,
)

DATE = (
    Step("as a date", "try_cast({x} AS DATE)"),
    Step(
        "years that people are born and tried in",
        "list_filter([{x}], lambda d: d BETWEEN DATE '1000-01-01' AND DATE '2199-12-31')[1]",
        "emptied",
    ),
    Step("placeholders", without_placeholders("{x}"), "emptied"),
)

DATES = (
    *(
        Step(
            f"{step.name}, each",
            f"list_transform({{x}}, lambda one: {step.sql.format(x='one')})",
            step.counts,
        )
        for step in DATE
    ),
    Step(
        "each date once and in order; none is null",
        "nullif(list_sort(list_distinct(list_filter({x}, lambda one: one IS NOT NULL))), [])",
    ),
)

_COMPACT = Step("letters and digits only", "regexp_replace({x}, '[^A-Z0-9]+', '', 'g')")

POSTCODE = (
    _PLAIN,
    _COMPACT,
    Step("no fixed abode", "regexp_replace({x}, '^NF1(1NF|1FA)$', '')", "emptied"),
    Step(
        "one space before the inward code, or no postcode",
        r"regexp_replace(nullif(regexp_extract({x}, "
        r"'^(?:[A-Z][A-HJ-Y]?\d[A-Z\d]?\d[A-Z]{{2}}|GIR0AA)$'), ''), '^(.+)(...)$', '\1 \2')",
        "emptied",
    ),
)

_NUMBERED = Step(
    "letters, digits and slashes only", "regexp_replace(upper({x}), '[^A-Z0-9/]+', '', 'g')"
)


def _checked(name: str, number: str) -> Step:
    """Keep the value only where its check letter is that of `number` (of the value `p`)."""
    letter = f"substr('{CHECK_LETTERS}', ({number}::BIGINT % 23 + 1)::INTEGER, 1)"
    return Step(name, f"list_filter([{{x}}], lambda p: right(p, 1) = {letter})[1]", "emptied")


PNC = (
    _NUMBERED,
    Step(
        "a slash after the year",
        r"regexp_replace({x}, '^(\d{{2}}|\d{{4}})(\d{{7}}[A-Z])$', '\1/\2')",
    ),
    Step(
        "seven digits of serial",
        r"regexp_replace(regexp_replace({x}, '/(\d{{1,7}}[A-Z])$', '/000000\1'), "
        r"'/0*(\d{{7}}[A-Z])$', '/\1')",
    ),
    Step(
        "four digits of year",
        "list_transform([{x}], lambda p: CASE WHEN p[3] <> '/' THEN p WHEN "
        f"p[1:2] <= '{LAST_YEAR_OF_THIS_CENTURY}' THEN '20' || p ELSE '19' || p END)[1]",
    ),
    Step(
        "or no number",
        r"nullif(regexp_extract({x}, '^(?:19|20)\d{{2}}/\d{{7}}[A-Z]$'), '')",
        "emptied",
    ),
    Step(
        "serials are not nought", r"nullif(regexp_replace({x}, '^.*/0{{7}}.$', ''), '')", "emptied"
    ),
    _checked("the check letter holds", "(p[3:4] || p[6:12])"),
)

CRO = (
    _NUMBERED,
    Step(
        "six digits of serial",
        r"regexp_replace(regexp_replace({x}, '^(SF\d{{2}}/)?(\d{{1,6}})(/\d{{2}})?([A-Z])$', "
        r"'\100000\2\3\4'), '^(SF\d{{2}}/)?0*(\d{{6}})(/\d{{2}})?([A-Z])$', '\1\2\3\4')",
    ),
    Step(
        "or no number",
        r"nullif(regexp_extract({x}, '^(?:\d{{6}}/\d{{2}}|SF\d{{2}}/\d{{6}})[A-Z]$'), '')",
        "emptied",
    ),
    Step(
        "serials are not nought",
        r"nullif(regexp_replace({x}, '^(0{{6}}/.*|.*/0{{6}}.)$', ''), '')",
        "emptied",
    ),
    _checked(
        "the check letter holds",
        "CASE WHEN p[1:2] = 'SF' THEN p[3:4] || p[6:11] ELSE p[8:9] || p[1:6] END",
    ),
)

CODE = (Step("capitals, no space around", "nullif(trim(upper({x})), '')"),)
TEXT = (_PLAIN, _COMPACT, _EMPTY)

STEPS: dict[FieldKind, Sequence[Step]] = {
    FieldKind.NAME: NAME,
    FieldKind.DATE_OF_BIRTH: DATE,
    FieldKind.DATE: DATE,
    FieldKind.DATES: DATES,
    FieldKind.POSTCODE: POSTCODE,
    FieldKind.PNC: PNC,
    FieldKind.CRO: CRO,
    FieldKind.CODE: CODE,
    FieldKind.TEXT: TEXT,
}
"""What is done to each kind of field, in this order."""
