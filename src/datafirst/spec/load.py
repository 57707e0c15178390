"""What does the config folder say? Reads it whole, reporting every fault at once."""

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from datafirst.errors import SpecificationError

from .agree import disagreements
from .alike import alike
from .inherit import inherit
from .locate import Located, fault, located
from .model import Specification

KINDS = {
    "programme.toml": ("programme",),
    "policy.toml": ("policy",),
    "sources/*/system.toml": ("systems", 1),
    "sources/*/*.toml": ("systems", 1, "tables", 2),
    "shares/*/share.toml": ("shares", 1),
    "shares/*/*.toml": ("shares", 1, "tables", 2),
    "linkage/fields.toml": ("linkage", "fields"),
    "linkage/datasets/*.toml": ("linkage", "datasets", 2),
    "linkage/models/*.toml": ("linkage", "models", 2),
    "linkage/vetoes.toml": ("linkage", "vetoes"),
    "linkage/regions.toml": ("linkage", "regions"),
    "linkage/naming.toml": ("linkage", "naming"),
    "linkage/impossible/*.toml": ("linkage", "impossible", 2),
    "linkage/bridges/*.toml": ("linkage", "bridges", 2),
    "linkage/drift.toml": ("linkage", "drift"),
    "linkage/ladders/*.toml": ("linkage", "ladders", 2),
    "releases/*.toml": ("releases", 1),
    "recipients/*.toml": ("recipients", 1),
}
"""Which files there are, and where each stands in the specification. A number is a part of
the path: the path is the identity. An earlier pattern wins."""


def load(config: Path) -> Specification:
    """The specification in a folder.

    Raises SpecificationError with every fault found, each with file, line and remedy.
    """
    if not (config / "programme.toml").is_file():
        raise SpecificationError(
            f"{config}: no specification here (no programme.toml); name its folder with --config"
        )
    faults: list[str] = []
    files: dict[tuple[str, ...], Located] = {}
    for place, path in _files(config):
        try:
            files[place] = located(path, config)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{path.relative_to(config.parent)}: not valid TOML: {error}")
    codes = _codes(config, faults)
    contents = _assemble(files, _queries(config, faults), codes, faults)
    contents["digest"] = digest(config)
    try:
        spec = Specification.model_validate(contents)
    except ValidationError as error:
        faults += [fault(files, e) for e in error.errors()]
    else:
        faults += [fault(files, e) for e in disagreements(spec)]
    if faults:
        raise SpecificationError("\n".join(dict.fromkeys(faults)))
    return spec


def digest(config: Path) -> str:
    """SHA-256 over the names and bytes of every file that load() reads."""
    total = hashlib.sha256()
    for path in sorted(p for p in config.rglob("*") if p.suffix in (".toml", ".sql", ".csv")):
        name = path.relative_to(config).as_posix()
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _files(config: Path) -> Iterator[tuple[tuple[str, ...], Path]]:
    seen: set[Path] = set()
    for pattern, place in KINDS.items():
        for path in sorted(set(config.glob(pattern)) - seen):
            seen.add(path)
            parts = path.relative_to(config).with_suffix("").parts
            yield tuple(parts[p] if isinstance(p, int) else p for p in place), path


QUERIES = ("shares/*/*.sql", "linkage/datasets/*.sql", "linkage/impossible/*.sql")
"""Where queries stand: beside the tables of a share, or beside the one thing that they are for."""


def _queries(config: Path, faults: list[str]) -> dict[tuple[str, ...], str]:
    """By where they stand: ("shares", share, table) or ("linkage", kind, name)."""
    return {
        path.relative_to(config).with_suffix("").parts: _text(path, config, faults)
        for pattern in QUERIES
        for path in sorted(config.glob(pattern))
    }


def _text(path: Path, config: Path, faults: list[str]) -> str:
    """What a file says; nothing, and a fault, where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        faults.append(f"{path.relative_to(config.parent)}:{line}: not UTF-8; save it as UTF-8")
        return ""


def _codes(config: Path, faults: list[str]) -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    for path in sorted(config.glob("codes/*.csv")):
        unread: list[str] = []
        text = _text(path, config, unread)
        where = path.relative_to(config.parent).as_posix()
        # A list with a fault is there all the same: it is not also told to be absent.
        lists[path.stem] = {} if unread else _code_list(text, where, faults)
        faults += unread
    return lists


def _code_list(text: str, where: str, faults: list[str]) -> dict[str, str]:
    codes: dict[str, str] = {}
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if reader.fieldnames != ["code", "label", "description", "valid_from", "valid_to"]:
        faults.append(f"{where}:1: header must be code,label,description,valid_from,valid_to")
        return codes
    for row in reader:
        if row["code"] in codes:
            faults.append(f"{where}:{reader.line_num}: code stands twice")
        codes[row["code"]] = row["label"]
    return codes


def _assemble(
    files: dict[tuple[str, ...], Located],
    queries: dict[tuple[str, ...], str],
    codes: dict[str, dict[str, str]],
    faults: list[str],
) -> dict[str, Any]:
    contents: dict[str, Any] = {"linkage": {}}
    for place, file in sorted(files.items()):
        inner = contents
        for step in place[:-1]:
            inner = inner.setdefault(step, {})
        inner[place[-1]] = {**inner.get(place[-1], {}), **file.content, **_identity(place)}
    for (kind, group, name), query in queries.items():
        owner = contents.get(kind, {}).get(group, {})
        if kind == "shares":
            owner.setdefault("queries", {})[name] = query
        elif name in owner:
            owner[name]["query"] = query
        else:
            faults.append(f"config/{kind}/{group}/{name}.sql: no {name}.toml beside it")
    faults += inherit(contents, codes, files)
    faults += alike(contents["linkage"].get("models", {}), files)
    return contents


def _identity(place: tuple[str, ...]) -> dict[str, str]:
    match place:
        case ("systems" | "shares", group, "tables", table):
            return {"id": f"{group}.{table}"}
        case ("systems" | "shares" | "recipients", group):
            return {"id": group}
        case ("linkage", "datasets" | "models" | "ladders" | "impossible" | "bridges", name):
            return {"id": name}
        case ("releases", version):
            return {"version": version}
    return {}
