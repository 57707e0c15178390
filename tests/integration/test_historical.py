"""Real people from a file, by another specification and no code of its own: a whole release."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from datafirst import stages
from datafirst.deliver import fetch
from datafirst.order import make
from datafirst.package import verify
from datafirst.settings import PROJECT, Settings, settings
from datafirst.store import bucket

DATA = PROJECT.parent / "shared" / "data" / "historical_figures_50k.parquet"
EXAMPLE = PROJECT / "examples" / "historical" / "config"

pytestmark = pytest.mark.skipif(
    not DATA.is_file(), reason=f"{DATA.name} is not in {DATA.parent}: see the README"
)


@pytest.fixture
def recipient(s3: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    config = tmp_path / "config"
    shutil.copytree(EXAMPLE, config)
    system = config / "sources" / "wikidata" / "system.toml"
    system.write_text(system.read_text().replace("../../../../shared/data", str(DATA.parent)))
    [described] = (config / "recipients").glob("*.toml")
    name = f"public-{uuid.uuid4().hex[:12]}"
    lines = described.read_text().splitlines()
    described.write_text(
        "\n".join(f'bucket = "{name}"' if x.startswith("bucket") else x for x in lines)
    )
    monkeypatch.setenv("DATAFIRST_CONFIG", str(config))
    settings.cache_clear()
    bucket(name, settings()).make()
    yield name


@pytest.mark.slow  # tests/unit/link/test_historical.py measures the same without a release
def test_historical_figures_are_released_and_measured(recipient: str, tmp_path: Path) -> None:
    stages.extract("wikidata", "2026-01-01")
    stages.validate("wikidata", "2026-01-01")
    stages.train("historical", "2026-01")
    make("2026-01", stages)
    fetch(bucket(recipient, settings()), "2026-01", "people", tmp_path / "people")
    assert verify(tmp_path / "people").tables["appearance"] == 50_578
    scores = stages.evaluate("2026-01")["people"]["all, standard"]
    assert scores["pairs"]["f1"] > 0.875  # wide blocking by the documentation's own model
    assert scores["b_cubed"]["f1"] > 0.90
