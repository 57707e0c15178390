"""What is released: the whole programme, or two tables and a source that agrees with them."""

import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from datafirst.settings import PROJECT, Settings, settings
from datafirst.store import Store, bucket

SAMPLED = "u_max_pairs = 500_000"
"""Of random pairs: most of the time that training takes goes into them."""

Deploy = Callable[[Path, pytest.MonkeyPatch], Settings]

PROGRAMME = """
id = "example"
title = "Example"
contact = "example@example.org"
licence = "Nobody may use this."
"""

POLICY = """
direct_identifier = ["drop"]
internal_id = ["pseudonymise", "drop"]
linkage = ["drop"]
research = ["keep"]
truth = ["drop"]
"""

SYSTEM = """
title = "Court"
description = "A court."
owner = "The court"
extracted = "once"
[connection]
"""

CASE = """
title = "Cases"
description = "Cases of a court."
grain = "One row per case."
key = ["case_id"]
quarantine_up_to = 0.5
[variables.case_id]
description = "Number of the case."
role = "internal_id"
type = "integer"
identifies = "case"
[variables.name]
description = "Name."
role = "direct_identifier"
type = "string"
missing_up_to = 1.0
[variables.born]
description = "Date of birth, day first."
role = "linkage"
type = "date"
format = "%d/%m/%Y"
missing_up_to = 1.0
[variables.received]
description = "Date of receipt."
role = "research"
type = "date"
missing_up_to = 1.0
[variables.fine]
description = "Fine."
role = "research"
type = "number"
missing_up_to = 1.0
[[rules]]
says = "Nobody is received before they are born."
holds = "received >= born"
"""

HEARING = """
title = "Hearings"
description = "Hearings of cases."
grain = "One row per hearing of a case."
key = ["case_id", "hearing"]
[variables.case_id]
description = "Number of the case."
role = "internal_id"
type = "integer"
identifies = "case"
[variables.hearing]
description = "Number of the hearing."
role = "research"
type = "integer"
minimum = 1
[variables.outcome]
description = "Outcome."
role = "research"
type = "string"
codes = {A = "Adjourned", C = "Concluded"}
[[joins]]
on = ["case_id"]
table = "court.case"
"""

TABLES = """
DROP SCHEMA IF EXISTS court CASCADE;
CREATE SCHEMA court;
CREATE TABLE court."case" (
    case_id bigint, name text, born text, received date, fine double precision
);
CREATE TABLE court.hearing (case_id integer, hearing smallint, outcome varchar(1), clerk text);
INSERT INTO court."case"
SELECT i, CASE i % 3 WHEN 0 THEN '' WHEN 1 THEN 'Zoë' END, '01/02/1980', '2020-01-01', i / 7.0
FROM generate_series(100, 1, -1) i;
INSERT INTO court.hearing
SELECT i, j, CASE j WHEN 2 THEN 'C' ELSE 'A' END, 'x'
FROM generate_series(1, 100) i, generate_series(1, 2) j;
"""


@pytest.fixture(scope="module")
def recipient(
    deploy: Deploy, postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The project's own specification, but for smaller samples when models are trained, in stores
    of the module's own and one database of sources that stays: the bucket of its recipient, empty.
    """
    folder = tmp_path_factory.mktemp("programme")
    config = Path(shutil.copytree(PROJECT / "config", folder / "config"))
    name = f"srs-{uuid.uuid4().hex[:12]}"
    described = config / "recipients" / "srs.toml"
    described.write_text(described.read_text().replace("srs-delivery", name))
    for model in (config / "linkage" / "models").iterdir():
        model.write_text(re.sub(r"(?m)^u_max_pairs = .*", SAMPLED, model.read_text()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATAFIRST_CONFIG", str(config))
        for source in (config / "sources").iterdir():
            patch.setenv(f"DATAFIRST_SOURCE_{source.name.upper()}_DSN", postgres)
        made = deploy(folder / "build", patch)
        yield bucket(name, made).make()
    settings.cache_clear()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a specification of one system, `court`."""
    folder = tmp_path / "config"
    files = {
        "programme.toml": PROGRAMME,
        "policy.toml": POLICY,
        "sources/court/system.toml": SYSTEM + 'kind = "postgresql"\nschema_name = "court"\n',
        "sources/court/case.toml": CASE,
        "sources/court/hearing.toml": HEARING,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setenv("DATAFIRST_CONFIG", str(folder))
    settings.cache_clear()
    return folder


@pytest.fixture
def sql(database: str) -> Iterator[Callable[..., list[tuple[object, ...]]]]:
    """Runs statements in the test's database, each at once visible to others."""
    connection = psycopg2.connect(database)
    connection.autocommit = True

    def run(statement: str, *parameters: object) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    yield run
    connection.close()


@pytest.fixture
def court(
    s3: Settings,
    config: Path,
    database: str,
    sql: Callable[..., list[tuple[object, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Settings of a deployment whose source `court` agrees with its specification."""
    sql(TABLES)
    monkeypatch.setenv("DATAFIRST_SOURCE_COURT_DSN", database)
    settings.cache_clear()
    return settings()
