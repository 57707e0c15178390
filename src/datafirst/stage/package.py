"""What does a recipient receive of a share? Parts, catalogue and manifest, checked as a whole."""

from pathlib import Path
from typing import Any

from datafirst.package import assemble, verify
from datafirst.package.files import listing
from datafirst.run import Made, bring, once
from datafirst.scratch import Scratch

from .release import plan
from .released import delivery, opened, released_tables


def package(release: str, share: str, recipient: str) -> dict[str, Any]:
    """Puts a share's package together for a recipient, and checks it as the recipient would.

    Raises DeliveryRefused where it does not hold what it says.
    """
    made = plan(release)
    of, to = delivery(made, share, recipient)
    place = made.share_place(share, recipient)
    source = made.done("release", "deidentify", place)
    described = made.done("release", "catalogue", place)

    def work(folder: Scratch) -> Made:
        tables, whole = released_tables(made, of), folder.folder / "package"
        bring(made.store("release"), described.artefacts, whole)
        with opened(made, source, tables, folder) as con:
            rows = assemble(
                con, made.spec, of, made.release, to, tables, made.run_id, made.inputs, whole
            )
            verify(whole, con)
        return _made(whole, rows)

    inputs = {**made.inputs, "deidentified": source.digest, "catalogue": described.digest}
    record = once(made.store("release"), place, "package", inputs, work, made.settings)
    rows, size = sum(record.counts["rows"].values()), record.counts["bytes"]
    return {"place": place, "rows": rows, "files": len(record.artefacts), "bytes": size}


def _made(whole: Path, rows: dict[str, int]) -> Made:
    """Every file of a package, for keeping."""
    files = listing(whole, {})
    result = Made(counts={"rows": rows, "bytes": sum(file.bytes for file in files)})
    for file in files:
        result.add(file.path, whole / file.path)
    return result
