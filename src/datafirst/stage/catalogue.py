"""What does a recipient's catalogue of a share say? Workbook and page, from the released rows."""

from typing import Any

from datafirst.catalogue import observe, page, workbook
from datafirst.catalogue.about_linkage import MACHINE, machine
from datafirst.quality.kept import read
from datafirst.run import Made, once
from datafirst.scratch import Scratch

from .release import plan
from .released import delivery, opened, released_tables


def catalogue(release: str, share: str, recipient: str) -> dict[str, Any]:
    """Writes the catalogue of a share as released to a recipient."""
    made = plan(release)
    of, to = delivery(made, share, recipient)
    place = made.share_place(share, recipient)
    source = made.done("release", "deidentify", place)
    reported = made.done("release", "quality")
    known = read(made.store("release").read(reported.artefacts[0].key))

    def work(folder: Scratch) -> Made:
        tables = released_tables(made, of)
        with opened(made, source, tables, folder) as con:
            subject = observe(con, made.spec, of, made.release, to, tables, known)
        workbook(subject, folder / "catalogue.xlsx")
        (folder / "catalogue.html").write_text(page(subject), encoding="utf-8")
        (folder / MACHINE).write_text(machine(subject), encoding="utf-8")
        result = Made(counts={"tables": len(tables)})
        for name in ("catalogue.html", "catalogue.xlsx"):
            result.add(f"catalogue/{name}", folder / name)
        result.add(MACHINE, folder / MACHINE)
        return result

    inputs = {**made.inputs, "deidentified": source.digest, "quality": reported.digest}
    once(made.store("release"), place, "catalogue", inputs, work, made.settings)
    return {"place": place, "tables": len(of.tables)}
