"""Are kernels compiled where what is compiled cannot be kept?"""

from collections.abc import Callable
from typing import Any

from datafirst.link.compiled import kernel

SOURCE = "def twice(n):\n    return 2 * n\n"


def test_a_kernel_that_has_no_place_to_be_kept_is_compiled_all_the_same() -> None:
    made: dict[str, Callable[..., Any]] = {}
    exec(compile(SOURCE, "<nowhere>", "exec"), made)
    assert kernel(made["twice"])(21) == 42


def test_a_kernel_says_what_it_is() -> None:
    @kernel
    def thrice(n: int) -> int:
        """Three times."""
        return 3 * n

    assert thrice(2) == 6
    assert thrice.__doc__ == "Three times."
