"""Where does this deployment keep its things? Buckets, endpoint, memory, keys: by environment."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from .errors import SpecificationError

PROJECT = Path(__file__).parents[2]


class Settings(BaseSettings):
    """Every setting is an environment variable `DATAFIRST_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="DATAFIRST_", frozen=True)

    config: Path = PROJECT / "config"
    build: Path = PROJECT / "build"
    """What is made on this machine: scratch, embedded servers, the demo."""
    s3_endpoint: str | None = None
    """Unset: the embedded server. Credentials are boto3's own (AWS_ACCESS_KEY_ID, ...)."""
    s3_region: str = "eu-west-2"
    bucket_prefix: str = "datafirst-"
    """The stores are the buckets <prefix>landing, <prefix>index, <prefix>keys, ..."""
    memory: str = "4GB"
    """What DuckDB may use before it spills to scratch."""
    threads: int = 2
    engine: Literal["compiled", "splink", "spark"] = "compiled"
    """What compares pairs of records. All give the same weights."""
    spark_master: str = "local[*]"
    """Where Spark is, if that is the engine. Its workers must see the scratch folder."""
    scratch: Path | None = None
    """Private to a run and destroyed after it; identifiable. Default: build/scratch."""
    lease_seconds: float = 60.0
    """How long after its last sign of life a run counts as dead and may be taken up again."""
    root_key: SecretStr | None = None
    """32 bytes in hexadecimal, from which every pseudonym key is derived."""
    truth: Path | None = None
    """Where the planted truth of synthetic data is. Default: build/demo/truth."""

    @property
    def scratch_folder(self) -> Path:
        return self.scratch or self.build / "scratch"

    @property
    def truth_folder(self) -> Path:
        return self.truth or self.build / "demo" / "truth"

    @property
    def embedded(self) -> bool:
        return self.s3_endpoint is None or self.s3_endpoint == embedded_endpoint(self.build)


def embedded_endpoint(build: Path) -> str | None:
    """The address of the embedded object server, if it has been started in this folder."""
    address = build / "embedded" / "s3.url"
    return address.read_text().strip() if address.exists() else None


def source_dsn_variable(system: str) -> str:
    """The variable that holds a source's PostgreSQL address."""
    return f"DATAFIRST_SOURCE_{system.upper()}_DSN"


@lru_cache
def settings() -> Settings:
    """The settings of this process."""
    try:
        return Settings()
    except ValueError as error:
        raise SpecificationError(f"environment: {error}") from None
