"""What may a name, a version, a sentence of the specification look like?"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
"""32 characters, because Stata and SAS cut longer variable names."""
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]
"""63 characters, because PostgreSQL cuts longer ones: a table is a file to Stata and SAS."""
Version = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-[a-z0-9]+)*$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"(?s)^[A-Z0-9].*[.]$")]
Proportion = Annotated[float, Field(ge=0.0, le=1.0)]
"""A proportion of rows, from 0 to 1."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
