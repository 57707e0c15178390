"""Is what was asked for in vain said, and not passed over?"""

import pytest
from typer.testing import CliRunner

from datafirst.cli import app


@pytest.mark.parametrize("asked", [["--write"], ["--strict", "0.9"]])
def test_how_to_choose_is_not_said_where_nothing_is_chosen(asked: list[str]) -> None:
    done = CliRunner().invoke(app, ["evaluate", "2022-02", *asked])
    assert done.exit_code == 2
    assert "--choose" in done.output
