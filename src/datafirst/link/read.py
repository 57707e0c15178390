"""Which fields of linkage records does a model or a ladder read?"""

from collections.abc import Iterable

from datafirst.spec import Ladder, LinkModel, Specification
from datafirst.spec.ladder import TOLD_APART_BY

from .inputs import needed
from .near import read
from .settings import fields_of
from .vetoes import asked


def fields_read(spec: Specification, readers: Iterable[LinkModel | Ladder]) -> list[str]:
    """Every field that one of them compares, or tells its people apart by, once and in order."""
    return sorted(
        {field for reader in readers for field in fields_of(spec, _columns(spec, reader))}
    )


def _columns(spec: Specification, reader: LinkModel | Ladder) -> list[str]:
    if isinstance(reader, LinkModel):
        return [*needed(reader), *asked(spec, reader)]
    return [*read(reader), *TOLD_APART_BY]
