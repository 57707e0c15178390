"""How are objects kept? Written once, by conditional put; read back with their hash checked."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
)

from .errors import StoreError
from .service import client
from .settings import Settings

REFUSED = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "403", "InvalidToken"}
EXISTS = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
ABSENT = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}
PROBE = ".conditional-write"
NO_ETAG = '"00000000000000000000000000000000"'
_proved: set[tuple[str, str, int]] = set()
"""Endpoint, bucket and process: proving it before every stage would cost three requests."""


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

    def remove(self, key: str) -> None:
        with self._speaking(key):
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def exists(self) -> bool:
        """Whether there is such a bucket."""
        with self._speaking(""):
            try:
                self._client.head_bucket(Bucket=self.bucket)
            except ClientError as error:
                if _code(error) in ABSENT:
                    return False
                raise
        return True

    def make(self) -> "Store":
        """Makes the bucket where it is missing, and proves that it honours conditions."""
        if not self.exists():
            region = {"LocationConstraint": self._client.meta.region_name}
            with self._speaking(""):
                self._client.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=region)
            _proved.discard(self._identity)
        if self._identity not in _proved:
            self.put_once(PROBE, b"1")
            self.prove(PROBE, b"1")
        return self

    def prove(self, key: str, body: bytes) -> None:
        """Proves, once for a bucket and process, that a write whose condition fails is refused.

        Asks it of an object that is there, with the bytes that it has: nothing is lost where a
        service does not know conditions. Raises StoreError there.
        """
        if self._identity in _proved:
            return
        for header, condition in (("If-None-Match", "*"), ("If-Match", NO_ETAG)):
            try:
                self._put(key, body, {header.replace("-", ""): condition})
            except _Conflict:
                continue
            raise StoreError(
                f"{self.url('')} ignores conditional writes, so that two runs could overwrite "
                f"each other; use an S3 service that honours {header}"
            )
        _proved.add(self._identity)

    @property
    def _identity(self) -> tuple[str, str, int]:
        return self._client.meta.endpoint_url, self.bucket, os.getpid()

    def url(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def _put(self, key: str, body: bytes | Path, how: dict[str, Any]) -> None:
        data = body.read_bytes() if isinstance(body, Path) else body
        with self._speaking(key):
            try:
                self._client.put_object(Bucket=self.bucket, Key=key, Body=data, **how)
            except ClientError as error:
                gone = "IfMatch" in how and _code(error) == "NoSuchKey"
                if gone or _code(error) in EXISTS:
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
    """A conditional write found the object there, changed or gone."""


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
    return Store(name, client(settings))
