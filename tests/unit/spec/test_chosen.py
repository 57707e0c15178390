"""Chosen thresholds stand in the model's file as they were meant, and nothing else has moved."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datafirst.errors import SpecificationError
from datafirst.spec import Thresholds
from datafirst.spec.chosen import rewritten
from datafirst.spec.evidence import Evidence, Found, OfGroup, Within

MODELS = sorted((Path(__file__).parents[3] / "config/linkage/models").glob("*.toml"))

shares = st.lists(st.floats(0, 1).map(lambda x: round(x, 5)), min_size=3, max_size=3).map(sorted)
within = shares.map(lambda s: Within(low=s[0], value=s[1], high=s[2]))
found = st.builds(Found, precision=within, recall=within)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
sentences = texts.map(lambda text: f"Because {text.strip()}.")
groups = st.builds(
    OfGroup, by=texts, category=texts, decided=st.integers(0, 9), precision=st.none() | within,
    recall=st.none() | within,
)  # fmt: skip
evidence = st.builds(
    Evidence, release=st.just("2022-02"), run=texts, sample=texts, pairs=st.integers(1, 9),
    decided=st.integers(0, 9), seed=st.integers(0, 9), reviewers=st.integers(1, 9),
    kappa=st.none() | st.floats(-1, 1), strict=found, standard=found, loose=found,
    links=st.none() | found, groups=st.lists(groups, max_size=3).map(tuple),
)  # fmt: skip
weights = st.lists(st.floats(-50, 50).map(lambda x: round(x, 1)), min_size=3, max_size=3).map(
    sorted
)
thresholds = st.tuples(weights, sentences, st.none() | evidence).map(
    lambda t: Thresholds(
        loose=t[0][0], standard=t[0][1], strict=t[0][2], because=t[1], evidence=t[2]
    )
)


def read(text: str) -> Thresholds:
    return Thresholds.model_validate(tomllib.loads(text)["thresholds"])


def elsewhere(text: str) -> dict[str, object]:
    return {key: value for key, value in tomllib.loads(text).items() if key != "thresholds"}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
@given(thresholds, thresholds)
@settings(max_examples=10, deadline=None)
def test_what_is_written_is_what_was_meant(
    path: Path, chosen: Thresholds, later: Thresholds
) -> None:
    text = path.read_text()
    once = rewritten(text, chosen, path.name)
    assert read(once) == chosen
    assert elsewhere(once) == elsewhere(text)
    # Chosen again, nothing of the first choice is left, and nothing else has moved.
    assert rewritten(once, later, path.name) == rewritten(text, later, path.name)


PLAIN = Thresholds(strict=9, standard=8, loose=7, because="So.")
FILE = """# A model.
title = "T"

# Chosen by hand.
[thresholds]
strict = 1.0  # high
# Not so high.
standard = 1.0
loose = 1.0
because = "[So]."

# How it learns.
[training]
seed = 1
"""


def test_other_lines_and_comments_stay() -> None:
    text = rewritten(FILE, PLAIN, "m.toml")
    assert text.startswith(
        '# A model.\ntitle = "T"\n\n# Chosen by hand.\n[thresholds]\nstrict = 9.0'
    )
    assert text.endswith('because = "So."\n\n# How it learns.\n[training]\nseed = 1\n')
    assert "Not so high" not in text


@pytest.mark.parametrize(
    "text",
    [
        "thresholds = {strict = 1.0, standard = 1.0, loose = 1.0, because = 'So.'}\n",
        'thresholds.strict = 1.0\n',
        '[thresholds]\nbecause = """\n[So].\n"""\n',
    ],
    ids=["inline", "dotted", "a bracket in a text"],
)  # fmt: skip
def test_what_cannot_be_replaced_is_refused(text: str) -> None:
    with pytest.raises(SpecificationError, match=r"m\.toml: its thresholds cannot be replaced"):
        rewritten(text, PLAIN, "m.toml")
