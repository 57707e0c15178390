"""A bucket or two for each test: no more, since making them is what takes time."""

import uuid

import pytest

from datafirst.settings import Settings
from datafirst.store import Store, bucket


@pytest.fixture
def settings(s3_endpoint, build, monkeypatch) -> Settings:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return Settings(s3_endpoint=s3_endpoint, build=build)


@pytest.fixture
def recipient(settings) -> Store:
    """The recipient's bucket."""
    return bucket(f"safe-room-{uuid.uuid4().hex[:12]}", settings).make()


@pytest.fixture
def releases(settings) -> Store:
    """The release store."""
    return bucket(f"release-{uuid.uuid4().hex[:12]}", settings).make()
