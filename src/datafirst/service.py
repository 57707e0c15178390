"""Which S3 service is it, and who are we to it?"""

import os
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

from .errors import StoreError
from .settings import Settings, embedded_endpoint


def client(settings: Settings) -> Any:
    """A client of this deployment's service. StoreError where there is none."""
    endpoint = settings.s3_endpoint or embedded_endpoint(settings.build)
    if endpoint is None:
        raise StoreError(
            "no S3 service: start the embedded one with `make up`, or set DATAFIRST_S3_ENDPOINT"
        )
    keys = () if settings.s3_endpoint else tuple(EMBEDDED_CREDENTIALS.items())
    told = tuple(os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    return _client(endpoint, settings.s3_region, keys, told, os.getpid())


@lru_cache(maxsize=8)
def _client(
    endpoint: str,
    region: str,
    keys: tuple[tuple[str, str], ...],
    told: tuple[str | None, ...],
    process: int,
) -> Any:
    """One client for each service, credentials and process: making one takes 0.3 s."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        config=Config(
            retries={"max_attempts": 3, "mode": "standard"},
            connect_timeout=5,
            read_timeout=120,
            s3={"addressing_style": "path"},
        ),
        **dict(keys),
    )


EMBEDDED_CREDENTIALS = {"aws_access_key_id": "embedded", "aws_secret_access_key": "embedded"}
"""The embedded server listens on loopback only and asks for none."""
