"""How are objects kept? Written once, by conditional put; read back with their hash checked."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
)

from .errors import StoreError
from .settings import Settings, embedded_endpoint

REFUSED = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "403", "InvalidToken"}
EXISTS = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
ABSENT = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}


@dataclass(frozen=True)
class Pointer:
    """The bytes of an object that may change, and the tag that says which version they are."""

    body: bytes
    etag: str


class Store:
    """One bucket. Keys are paths; no object is ever overwritten but a pointer, by swap()."""

    def __init__(self, bucket: str, client: Any) -> None:
        self.bucket = bucket
        self._client = client

    def put_once(self, key: str, body: bytes | Path) -> str:
        """Writes an object that is not there yet; returns its SHA-256.

        Where it is there already with the same content, nothing happens: a retry after a lost
        answer is not an error. With other content, StoreError.
        """
        sha = sha256(body)
        try:
            self._put(key, body, {"Metadata": {"sha256": sha}, "IfNoneMatch": "*"})
        except _Conflict:
            if hashlib.sha256(self.read(key)).hexdigest() != sha:
                raise StoreError(
                    f"{self.url(key)} is there with other content and is never overwritten"
                ) from None
        return sha

    def swap(self, key: str, body: bytes, expected: Pointer | None) -> bool:
        """Moves a pointer, if nobody has moved it since it was read. Says whether it did."""
        condition = {"IfMatch": expected.etag} if expected else {"IfNoneMatch": "*"}
        try:
            self._put(key, body, condition)
        except _Conflict:
            current = self.pointer(key)
            return current is not None and current.body == body
        return True

    def pointer(self, key: str) -> Pointer | None:
        with self._speaking(key):
            try:
                answer = self._client.get_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if _code(error) in ABSENT:
                    return None
                raise
            return Pointer(answer["Body"].read(), answer["ETag"])

    def read(self, key: str) -> bytes:
        """An object's bytes. StoreError where it is absent."""
        found = self.pointer(key)
        if found is None:
            raise StoreError(f"{self.url(key)} is not there")
        return found.body

    def find(self, key: str) -> bytes | None:
        found = self.pointer(key)
        return found.body if found else None

    def fetch(self, key: str, to: Path, sha: str) -> Path:
        """Brings an object to a file and checks that it is the one that was written."""
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(self.read(key))
        if sha256(to) != sha:
            raise StoreError(f"{self.url(key)} is damaged: its hash is not the one recorded")
        return to

    def keys(self, prefix: str = "") -> Iterator[str]:
        with self._speaking(prefix):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                for item in page.get("Contents", ()):
                    yield item["Key"]

    def delete_pointer(self, key: str) -> None:
        with self._speaking(key):
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def make(self) -> "Store":
        """Makes the bucket where it is missing, and proves that it refuses a second write."""
        with self._speaking(""):
            try:
                self._client.head_bucket(Bucket=self.bucket)
            except ClientError as error:
                if _code(error) not in ABSENT:
                    raise
                region = {"LocationConstraint": self._client.meta.region_name}
                self._client.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=region)
        self.put_once(".conditional-write", b"1")
        try:
            self._put(".conditional-write", b"2", {"IfNoneMatch": "*"})
        except _Conflict:
            return self
        raise StoreError(
            f"{self.url('')} ignores conditional writes, so that two runs could overwrite each "
            "other; use an S3 service that honours If-None-Match"
        )

    def url(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def _put(self, key: str, body: bytes | Path, how: dict[str, Any]) -> None:
        data = body.read_bytes() if isinstance(body, Path) else body
        with self._speaking(key):
            try:
                self._client.put_object(Bucket=self.bucket, Key=key, Body=data, **how)
            except ClientError as error:
                if _code(error) in EXISTS:
                    raise _Conflict from None
                raise

    @contextmanager
    def _speaking(self, key: str) -> Iterator[None]:
        endpoint = self._client.meta.endpoint_url
        try:
            yield
        except (NoCredentialsError, PartialCredentialsError):
            raise StoreError(
                f"no credentials for {endpoint}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ) from None
        except ClientError as error:
            code = _code(error)
            if code in REFUSED:
                raise StoreError(
                    f"{endpoint} refuses these credentials for {self.url(key)} ({code}): check "
                    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and the bucket's policy"
                ) from None
            raise StoreError(f"{endpoint}: {self.url(key)}: {code}") from None
        except EndpointConnectionError:
            raise StoreError(
                f"no S3 service answers at {endpoint}: start it (`make up` for the embedded one) "
                "or correct DATAFIRST_S3_ENDPOINT"
            ) from None
        except BotoCoreError as error:
            raise StoreError(f"{endpoint}: {self.url(key)}: {type(error).__name__}") from None


class _Conflict(Exception):
    """A conditional write found the object there, or changed."""


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def sha256(body: bytes | Path) -> str:
    if isinstance(body, bytes):
        return hashlib.sha256(body).hexdigest()
    with body.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store(name: str, settings: Settings) -> Store:
    """One of the stores of this deployment: landing, index, keys, release, audit."""
    return bucket(f"{settings.bucket_prefix}{name}", settings)


def bucket(name: str, settings: Settings) -> Store:
    """A bucket by its own name: a recipient's."""
    endpoint = settings.s3_endpoint or embedded_endpoint(settings.build)
    if endpoint is None:
        raise StoreError(
            "no S3 service: start the embedded one with `make up`, or set DATAFIRST_S3_ENDPOINT"
        )
    keys = () if settings.s3_endpoint else tuple(EMBEDDED_CREDENTIALS.items())
    told = tuple(os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    return Store(name, _client(endpoint, settings.s3_region, keys, told, os.getpid()))


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
