"""What does a person who opens the package read first?"""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from datafirst.spec import Programme, Recipient, Release, Share, Table


def readme(
    programme: Programme,
    share: Share,
    release: Release,
    recipient: Recipient,
    tables: Sequence[Table],
) -> str:
    """README.txt: what it is, what is here, and how to open it in R, Python and Stata."""
    environment = Environment(  # plain text: there is nothing to escape
        loader=PackageLoader("datafirst.package", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template("README.txt.j2").render(
        programme=programme, share=share, release=release, recipient=recipient, tables=tables
    )
