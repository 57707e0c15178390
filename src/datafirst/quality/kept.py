"""How are the report's sections kept? As JSON that reads back as the same sections."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from .section import Section


def written(sections: Iterable[Section], **about: Any) -> str:
    """The JSON text of sections, under `sections`, beside what they are about."""
    content = {**about, "sections": [asdict(section) for section in sections]}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def read(text: str | bytes) -> tuple[Section, ...]:
    """The sections of a text that written() made."""
    return tuple(
        Section(
            **{
                **each,
                "header": tuple(each["header"]),
                "rows": tuple(tuple(row) for row in each["rows"]),
                "shares": {name: (part, whole) for name, (part, whole) in each["shares"].items()},
            }
        )
        for each in json.loads(text)["sections"]
    )
