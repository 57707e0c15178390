"""Objects are written once, read back with their hash, and their errors name the remedy."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from datafirst.errors import StoreError
from datafirst.settings import Settings
from datafirst.store import Store, bucket, sha256, store


def test_an_object_is_never_overwritten(s3: Settings) -> None:
    landing = store("landing", s3)
    landing.put_once("a", b"first")
    with pytest.raises(StoreError, match="never overwritten"):
        landing.put_once("a", b"second")
    assert landing.read("a") == b"first"


def test_writing_the_same_again_is_no_error(s3: Settings) -> None:
    landing = store("landing", s3)
    assert landing.put_once("a", b"same") == landing.put_once("a", b"same") == sha256(b"same")


def test_a_damaged_object_is_not_accepted(s3: Settings, tmp_path: Path) -> None:
    landing = store("landing", s3)
    landing.put_once("a", b"as written")
    with pytest.raises(StoreError, match="damaged"):
        landing.fetch("a", tmp_path / "a", sha256(b"as recorded"))


def test_of_two_who_move_a_pointer_one_wins(s3: Settings) -> None:
    release = store("release", s3)
    assert release.swap("current", b"1", None)
    seen = release.pointer("current")
    assert release.swap("current", b"2", seen)
    assert not release.swap("current", b"3", seen)
    assert release.read("current") == b"2"


def test_a_pointer_moved_by_a_lost_answer_counts_as_moved(s3: Settings) -> None:
    release = store("release", s3)
    assert release.swap("current", b"1", None)
    assert release.swap("current", b"1", None)


def test_an_absent_object_is_named(s3: Settings) -> None:
    with pytest.raises(StoreError, match=r"s3://.*landing/nothing is not there"):
        store("landing", s3).read("nothing")


def test_an_unreachable_service_is_named_with_the_remedy(s3: Settings) -> None:
    nowhere = s3.model_copy(update={"s3_endpoint": "http://127.0.0.1:9"})
    with pytest.raises(StoreError, match=r"no S3 service answers at http://127.0.0.1:9.*make up"):
        store("landing", nowhere).read("a")


class Refusing(http.server.BaseHTTPRequestHandler):
    """A service that knows nobody."""

    def do_GET(self) -> None:
        body = b"<Error><Code>InvalidAccessKeyId</Code><Message>no</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


class Forgetful(Refusing):
    """A service that ignores conditions: every write succeeds."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("ETag", '"x"')
        self.send_header("Content-Length", "0")
        self.end_headers()


class HalfForgetful(Forgetful):
    """A service that knows If-None-Match, and ignores If-Match."""

    def do_PUT(self) -> None:
        if self.headers.get("If-None-Match") is None:
            super().do_PUT()
            return
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")

    def do_GET(self) -> None:
        self._answer(200, b"1")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("ETag", '"x"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(params=[Refusing, Forgetful])
def odd_service(request: pytest.FixtureRequest, s3: Settings) -> Iterator[Settings]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield s3.model_copy(update={"s3_endpoint": f"http://127.0.0.1:{server.server_port}"})
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("odd_service", [Refusing], indirect=True)
def test_refused_credentials_are_named_with_the_remedy(odd_service: Settings) -> None:
    with pytest.raises(StoreError, match=r"refuses these credentials.*AWS_ACCESS_KEY_ID"):
        bucket("any", odd_service).read("a")


@pytest.mark.parametrize(
    ("odd_service", "ignored"),
    [(Forgetful, "If-None-Match"), (HalfForgetful, "If-Match")],
    indirect=["odd_service"],
)
def test_a_service_that_ignores_conditions_is_refused(odd_service: Settings, ignored: str) -> None:
    with pytest.raises(StoreError, match=f"ignores conditional writes.*honours {ignored}$"):
        bucket("any", odd_service).make()


def test_a_bucket_is_proved_once(s3: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[str] = []
    put = Store._put

    def counted(self: Store, key: str, *rest: Any) -> None:
        writes.append(key)
        put(self, key, *rest)

    monkeypatch.setattr(Store, "_put", counted)
    store("landing", s3).make()
    first = len(writes)
    store("landing", s3).make()
    store("index", s3).make()
    assert (first, len(writes)) == (3, 6)


def test_a_bucket_is_made_where_it_is_missing(s3: Settings) -> None:
    made = bucket(f"{s3.bucket_prefix}more", s3)
    assert not made.exists()
    made.make().put_once("a", b"1")
    assert made.exists()


def test_a_pointer_that_has_gone_is_not_moved(s3: Settings) -> None:
    release = store("release", s3)
    release.swap("current", b"1", None)
    seen = release.pointer("current")
    release.remove("current")
    assert not release.swap("current", b"2", seen)


def test_without_any_service_the_remedy_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="make up"):
        store("landing", Settings(build=tmp_path, s3_endpoint=None))
