"""What can go wrong, and which exit code says so?

Messages name what, where and the remedy. They never hold a value from the data.
"""


class DataFirstError(Exception):
    """Anything that datafirst refuses or cannot do. Shown to people without a traceback."""

    exit_code = 1


class UnforeseenFailure(DataFirstError):
    """Something failed that nobody foresaw. Its own message is withheld: it may hold values."""


class SpecificationError(DataFirstError):
    """The specification is wrong, or asks for something it does not describe."""

    exit_code = 10


class SourceError(DataFirstError):
    """A source cannot be read as it is described, or its snapshot is not there."""

    exit_code = 11


class ValidationFailed(DataFirstError):
    """More rows break a rule than the specification tolerates."""

    exit_code = 12


class LinkageRefused(DataFirstError):
    """A model cannot be trained or used without risking wrong links."""

    exit_code = 13


class DisclosureRefused(DataFirstError):
    """What would leave is not what was declared to leave."""

    exit_code = 14


class DeliveryRefused(DataFirstError):
    """A package cannot be delivered, or is not what its manifest says."""

    exit_code = 15


class StoreError(DataFirstError):
    """Objects cannot be read or written: endpoint, credentials, disk, or a damaged object."""

    exit_code = 16


class RunRefused(DataFirstError):
    """The same work is being done elsewhere, or what it needs has not been done."""

    exit_code = 17


NOT_RETRIED = (
    SpecificationError,
    ValidationFailed,
    LinkageRefused,
    DisclosureRefused,
    DeliveryRefused,
)
"""A second try changes nothing: these need a person."""
