"""What does a catalogue say about the share as a whole: cover, notes, issues, changes?"""

from datafirst.spec import Share

from .publishable import FEW, NOT_APPLICABLE, PERCENTAGES_FROM, SHORTHAND
from .sheet import Sheet
from .subject import Subject


def cover(subject: Subject) -> Sheet:
    share, release, programme = subject.share, subject.release, subject.programme
    window = release.coverage.get(share.id)
    rows = (
        ("Title", share.title),
        ("Description", share.description),
        ("Population", share.population),
        ("Left out", _left_out(share)),
        ("Coverage", f"{window.start} to {window.end}" if window else "As the shares it describes"),
        ("Release", release.version),
        ("Release date", str(release.date)),
        ("Sources as at", "; ".join(f"{title}, {day}" for title, day in subject.sources.items())),
        ("Supplied to", subject.recipient.title),
        ("Data owner", share.owner),
        ("Contact", programme.contact),
        ("Licence", programme.licence),
        ("How to cite", citation(subject)),
    )
    says = f"{programme.title}: what the data are and how to read them."
    return Sheet("Cover", subject.title, says, ("Item", "Detail"), rows)


def _left_out(share: Share) -> str:
    """Each reason once, though several tables may leave rows out for it."""
    return " ".join(dict.fromkeys(e.says for e in share.exclusions)) or "Nothing."


def citation(subject: Subject) -> str:
    release, share = subject.release, subject.share
    return (
        f"{share.owner} ({release.date.year}). {subject.programme.title}: {share.title}, "
        f"release {release.version} [data set]. Supplied to {subject.recipient.title}."
    )


NOTES = (
    f"Row counts are rounded to the nearest {FEW}.",
    f"Percentages are of rounded counts, and are suppressed below {PERCENTAGES_FROM} rows.",
    f"Ranges leave out the {FEW - 1} lowest and the {FEW - 1} highest values. Dates are given to "
    "the month, and a number that few rows hold is rounded outward.",
    f"Bands of rows that hold the code. Codes of fewer than {FEW} rows, or of none, look alike.",
    "Pseudonyms are 18 consonants. The same one means the same thing in every table and share of "
    "this programme supplied to this recipient, and nothing anywhere else.",
    "Ages are worked out from the month of birth, never from the day.",
)


def notes(_: Subject) -> Sheet:
    numbered = tuple((f"note {n}", text) for n, text in enumerate(NOTES, start=1))
    shorthand = tuple(SHORTHAND.items())
    says = "What the notes and the shorthand in this catalogue mean."
    return Sheet("Notes", "Notes", says, ("Note", "Meaning"), numbered + shorthand)


def issues(subject: Subject) -> Sheet:
    rows = tuple((n, says) for n, says in enumerate(subject.share.known_issues, start=1))
    says = "What to mind when using the data."
    return Sheet(
        "Known issues", "Known issues", says, ("Number", "Issue"),
        rows or ((NOT_APPLICABLE, "None is known."),),
    )  # fmt: skip


def changes(subject: Subject) -> Sheet:
    rows = tuple(sorted(subject.share.method_changes.items(), reverse=True))
    says = "What changed in method or definition, and from which release."
    return Sheet(
        "Changes", "Changes", says, ("Release", "Change"),
        rows or ((subject.release.version, "No change of method is recorded."),),
    )  # fmt: skip
