"""What does deterministic linkage of offenders to pupils cost, and how right is it?

    python benchmarks/ladder.py [--left 1650000] [--right 15000000] [--memory 4GB] [--threads 2]

Invents two populations that overlap as the police's and the schools' do, climbs the ladder
config/linkage/ladders/pnc_npd.toml in bounded memory in a process of its own, and prints seconds,
processor seconds, peak memory, and precision, recall and match rate by rule. The baseline, in the
same run and on a smaller population (--baseline of the whole), is Splink's deterministic_link by
the same rules.
"""

import argparse
import multiprocessing
import os
import platform
import resource
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from datafirst.link.ladder import climb
from datafirst.link.likeness import likeness
from datafirst.link.rates import rates
from datafirst.quality.ladder_truth import ladder_quality
from datafirst.spec import Ladder, LinkField, Specification
from datafirst.spec.linkage import Linkage

CONFIG = Path(__file__).parents[1] / "config"
RECORDS = {"pnc": "records_pnc", "npd": "records_npd"}
CODES = {"sex": frozenset("FM"), "ethnicity": frozenset({"W1", "A1", "B1", "M1"})}

DRAWS = """
CREATE MACRO u(draw, id) AS (hash(xor(hash(draw), id::UBIGINT)) >> 11)::DOUBLE / 9007199254740992.0;
CREATE MACRO whole(r, most) AS floor(r * most)::INTEGER;
-- The rank of a name, by Zipf's law from its `level` on, out of `names`.
CREATE MACRO rank(r, names, level) AS
    floor(level * pow((names + level) / level, r) - level)::INTEGER;
CREATE MACRO forename(k) AS
    ['JA','MI','SA','LE','AL','RO','CHA','EL','DA','KA','TO','BE','AMI','OLI','ZA','HA','LU','RE',
     'NA','GE'][1 + k % 20]
    || ['RA','LI','MES','VIN','NNE','DIA','CK','THAN','SSA','MON'][1 + k // 20 % 10]
    || ['','A','IE','EL','SON','ETTE','US','IN','OR','YA','ISH','MAN','AH','LEY','RY','TTA','DO',
        'WEN','BE','FAR','OM','QUE','UP','IX','ZI'][1 + k // 200 % 25];
CREATE MACRO surname(k) AS
    ['SM','JON','TAY','BRO','WIL','EV','TH','ROB','WAL','WR','HAL','CLA','KH','PAT','AHM','OK',
     'NGU','KOW','MUR','FER','GRA','STE','DOY','BAK','COL','FIT','HUS','LAM','MAC','PEN','RIC',
     'SHA','TUR','VAU','WAT','YOU','ZAM','ADE','BEG','CHO'][1 + k % 40]
    || ['I','A','E','O','OU','EA','AN','ER','IN','OL','AR','EN','UR','EL','IS','ON','AM','ED','IL',
        'OR','UM','AK','EG','IP','OT'][1 + k // 40 % 25]
    || ['TH','ES','LOR','WN','SON','NS','MAS','RTS','KER','GHT','LL','RKE','N','L','D','RO','YEN',
        'SKI','FORD','LEY','TON','HAM','WOOD','BY','STER','MAN','DAL','WICK','BURN','CROFT','GATE',
        'HOLM','KIN','LOCK','MERE','NESS','PORT','RIDGE','SHAW','THORP','VILLE','WORTH','ZEK','BANK',
        'COTE','DEN','FELL','GROVE','HURST','LAND','MONT','NELL','OCK','PIN','QUIST','RICK','SAR',
        'TREE','UDO','VAN','WAY','XLEY','YARD','BACH','CI','DIN','FAX','GOLD','HEAD','JI','KAR',
        'LIN','MI','NDA','OLA','PU','QI','RAN','SA','TI','UKA','VI','WE','XI','YA','ZO','BO','CO',
        'DU','EK','FU','GI','HO','IKE','JO','KO','LU','MO','NU','PO'][1 + k // 1000 % 100];
CREATE MACRO postcode(k) AS
    chr(65 + k % 20) || chr(65 + k // 20 % 6) || (1 + k // 120 % 24) || ' ' || (k // 2880 % 10)
    || chr(65 + k // 28800 % 20) || chr(65 + k // 576000 % 3);
CREATE MACRO slip(word, r) AS CASE
    WHEN r < 0.4 THEN word[:1 + whole(r / 0.4, len(word) - 1)]
        || chr(65 + whole((r * 997) % 1, 26)) || word[3 + whole(r / 0.4, len(word) - 1):]
    WHEN r < 0.7 THEN word[:1 + whole((r - 0.4) / 0.3, len(word) - 1)]
        || word[3 + whole((r - 0.4) / 0.3, len(word) - 1):]
    ELSE word[:2 + whole((r - 0.7) / 0.3, len(word) - 1)]
        || word[2 + whole((r - 0.7) / 0.3, len(word) - 1):] END;
-- One digit of a date that changes, and leaves it a date.
CREATE MACRO slipped(day, r) AS day + CASE
    WHEN r < 0.5 THEN CASE WHEN day(day) % 10 < 8 THEN 1 ELSE -1 END
    ELSE CASE WHEN day(day) BETWEEN 1 AND 18 THEN 10 ELSE -10 END END::INTEGER;
-- Two pupils of a household share home and surname, and one household in sixty has twins.
CREATE MACRO birth(p) AS DATE '1985-08-31' + whole(u('day', CASE
    WHEN u('twins', p // 2) < 1 / 60 THEN p // 2 ELSE 1000000000 + p END), 10950);
"""

PERSON = """
SELECT p,
    forename(rank(u('forename', p), 2500, 1.4) * 2 + CASE WHEN u('sex', p) < 0.5 THEN 1 ELSE 0 END)
        AS forename1,
    surname(rank(u('surname', p // 2), 100000, 11)) AS surname, birth(p) AS date_of_birth,
    CASE WHEN u('sex', p) < 0.5 THEN 'M' ELSE 'F' END AS sex,
    (u('home', p // 2) * 1728000)::INTEGER AS home FROM people
"""

PUPILS = """
CREATE TABLE records_npd AS WITH people AS (SELECT range AS p FROM range({right}))
SELECT 'npd' AS dataset, p AS _row, 0 AS variant, p::VARCHAR AS record_id, forename1, surname,
    date_of_birth, sex, postcode(home) AS postcode,
    split_part(postcode(home), ' ', 1) AS postcode_district,
    ['W1', 'A1', 'B1', 'M1'][1 + whole(pow(u('ethnicity', p), 3), 4)] AS ethnicity
FROM ({person})
"""

# How often what is written differently: the m column of the Ministry of Justice's own model, with
# movers set so that .88 x .948 x .995 x .771 = 64% of true pairs agree on all five.
OFFENDERS = """
CREATE TABLE invented AS WITH offender AS (
    SELECT range AS j, CASE WHEN u('overlap', range) < 0.77 THEN (range * 7368787) % {right}
        ELSE {right} + range END AS p FROM range({left})),
people AS (SELECT p FROM offender),
really AS ({person}),
drawn AS (SELECT j, r.*, u('name', j) AS n, u('name2', j) AS n2, u('dob', j) AS d,
    u('dob2', j) AS d2, u('moved', j) AS m, u('moved2', j) AS m2, u('sexed', j) AS x,
    surname(rank(u('other name', j), 100000, 11)) AS another_surname,
    forename(rank(u('other forename', j), 2500, 1.4) * 2) AS another_forename
    FROM offender JOIN really r USING (p)),
written AS (SELECT j,
    CASE WHEN n < 0.88 THEN forename1 WHEN n < 0.915 OR n BETWEEN 0.95 AND 0.955
        THEN slip(forename1, n2) WHEN n BETWEEN 0.955 AND 0.957 THEN surname
        WHEN n BETWEEN 0.981 AND 0.986 OR n > 0.99 THEN another_forename ELSE forename1 END
        AS forename1,
    CASE WHEN n BETWEEN 0.915 AND 0.955 THEN slip(surname, n2)
        WHEN n BETWEEN 0.955 AND 0.957 THEN forename1
        WHEN n BETWEEN 0.957 AND 0.981 OR n > 0.986 THEN another_surname ELSE surname END
        AS surname,
    CASE WHEN d < 0.948 THEN date_of_birth WHEN d < 0.965 THEN slipped(date_of_birth, d2)
        WHEN d < 0.975 THEN date_of_birth + (whole(d2, 5) - 2) * INTERVAL 1 YEAR
        WHEN d < 0.977 AND day(date_of_birth) <= 12
        THEN make_date(year(date_of_birth), day(date_of_birth), month(date_of_birth))
        WHEN d < 0.99 THEN DATE '1985-08-31' + whole(d2, 10950) END::DATE AS date_of_birth,
    CASE WHEN x < 0.995 THEN sex WHEN x < 0.997 THEN NULL WHEN sex = 'M' THEN 'F' ELSE 'M' END
        AS sex,
    CASE WHEN m < 0.771 THEN home WHEN m < 0.861 THEN home % 2880 + whole(m2, 600) * 2880
        WHEN m < 0.98 THEN whole(m2, 1728000) END AS home, p FROM drawn)
SELECT 'pnc' AS dataset, j AS _row, 0 AS variant, j::VARCHAR AS record_id, forename1, surname,
    date_of_birth, sex, postcode(home) AS postcode,
    split_part(postcode(home), ' ', 1) AS postcode_district,
    ['W1', 'A1', 'B1', 'M1'][1 + whole(pow(u('ethnicity', p), 3), 4)] AS ethnicity,
    'P' || p AS person_id
FROM written ORDER BY _row
"""

# The truth stands apart, because Splink asks for the same columns on both sides.
TRUTH = """
CREATE TABLE records_pnc AS SELECT * EXCLUDE (person_id) FROM invented ORDER BY _row;
CREATE TABLE truth AS SELECT dataset, record_id, person_id FROM invented
    UNION ALL SELECT dataset, record_id, 'P' || record_id FROM records_npd;
DROP TABLE invented
"""


def ladder() -> tuple[Specification, Ladder]:
    """The ladder as the configuration has it, and fields enough for it."""
    text = (CONFIG / "linkage" / "ladders" / "pnc_npd.toml").read_text()
    made = Ladder(id="pnc_npd", **tomllib.loads(text))
    fields = tomllib.loads((CONFIG / "linkage" / "fields.toml").read_text())
    linkage = Linkage(fields={n: LinkField(**f) for n, f in fields.items()})
    return Specification.model_construct(linkage=linkage), made


def connect(folder: str, asked: argparse.Namespace) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(f"{folder}/work.duckdb")
    con.execute(f"SET memory_limit = '{asked.memory}'; SET threads = {asked.threads}")
    con.execute(f"SET temp_directory = '{folder}/spill'; SET enable_progress_bar = false")
    con.execute("SET preserve_insertion_order = false")
    return con


def invent(folder: str, asked: argparse.Namespace, share: float) -> dict[str, Any]:
    left, right = int(asked.left * share), int(asked.right * share)
    with connect(folder, asked) as con:
        con.execute(DRAWS)
        for table in (PUPILS, OFFENDERS):
            con.execute(table.format(left=left, right=right, person=PERSON))
        con.execute(TRUTH)
    return {"left": left, "right": right}


def climbed(folder: str, asked: argparse.Namespace, share: float) -> dict[str, Any]:
    spec, made = ladder()
    with connect(folder, asked) as con:
        return {"rules": climb(con, spec, made, RECORDS)}


def measured(folder: str, asked: argparse.Namespace, share: float) -> dict[str, Any]:
    _, made = ladder()
    with connect(folder, asked) as con:
        quality = ladder_quality(con, made, RECORDS, "truth")
        return {"quality": quality, "rates": rates(con, made, RECORDS, CODES)}


def splink(folder: str, asked: argparse.Namespace, share: float) -> dict[str, Any]:
    """The baseline: Splink's own deterministic linkage by the same rules. It resolves no ties."""
    from splink import DuckDBAPI, Linker

    _, made = ladder()
    rules = [
        " AND ".join([*(f"l.{c} = r.{c}" for c in rung.agree), *map(likeness, rung.alike)])
        for rung in made.rules
    ]
    with connect(folder, asked) as con:
        db = DuckDBAPI(con)
        frames = [db.register(t, dataset_display_name=n) for n, t in RECORDS.items()]
        said = {
            "link_type": "link_only",
            "unique_id_column_name": "_row",
            "comparisons": [],
            "blocking_rules_to_generate_predictions": [
                {"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in rules
            ],
        }
        linker = Linker(frames, said, log_level=None, validate_settings=False)
        found = linker.inference.deterministic_link().physical_name
        # Which dataset stands on the left is Splink's choice.
        pairs, right = con.execute(
            f"SELECT count(*), count(*) FILTER (person_id = 'P' || npd) FROM (SELECT "
            "if(source_dataset_l = 'pnc', _row_l, _row_r) AS _row, "
            f"if(source_dataset_l = 'pnc', _row_r, _row_l) AS npd FROM {found}) "
            "JOIN truth ON dataset = 'pnc' AND record_id = _row::VARCHAR"
        ).fetchall()[0]
    return {"pairs": pairs, "right": right}


def apart(
    work: Callable[[str, argparse.Namespace, float], dict[str, Any]], *given: Any
) -> tuple[dict[str, Any], dict[str, float]]:
    """What the work answers in a process of its own, and what that cost."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_costed, (work, given))


def _costed(work: Callable[..., dict[str, Any]], given: tuple[Any, ...]) -> Any:
    started = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF)
    answer = work(*given)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return answer, {
        "wall": time.perf_counter() - started,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "mb": after.ru_maxrss / 1024,
    }


def told(name: str, cost: dict[str, float]) -> None:
    print(
        f"{name:44} {cost['wall']:8.1f} s {cost['cpu']:8.1f} cpu {cost['mb']:8.0f} MB", flush=True
    )


def whole(asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        size, cost = apart(invent, folder, asked, 1.0)
        told(f"invent {size['left']:,} and {size['right']:,}", cost)
        answer, cost = apart(climbed, folder, asked, 1.0)
        told("climb the ladder", cost)
        found, cost = apart(measured, folder, asked, 1.0)
        told("measure against the truth", cost)
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(f"{'on disk':44} {disk / 2**20:8.0f} MB\n")
    quality = found["quality"]
    print(
        f"{'rule':24} {'candidates':>12} {'matched':>10} {'tied':>8} {'rate':>7} {'precision':>9}"
    )
    for rule in answer["rules"]:
        right = quality.precision_by_rule.get(rule.rule)
        print(
            f"{rule.rule:24} {rule.candidates:12,} {rule.matched:10,} {rule.tied_left:8,} "
            f"{rule.matched / size['left']:7.2%} {'' if right is None else f'{right:9.4f}'}"
        )
    pairs = quality.pairs
    print(
        f"\n{quality.found / size['left']:.1%} of offenders matched; precision "
        f"{pairs.precision:.4f}, recall {pairs.recall:.4f}, F1 {pairs.f1:.4f}; "
        f"{quality.agree_on_all_five:.1%} of true pairs agree on all five"
    )
    for line in found["rates"]:
        print(f"  {line['by']:14} {line['category']:14} {line['records']:10,} {line['rate']:7.1%}")


def baseline(asked: argparse.Namespace) -> None:
    share = asked.baseline
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        size, _ = apart(invent, folder, asked, share)
        print(f"\nbaseline, {size['left']:,} and {size['right']:,}")
        _, ours = apart(climbed, folder, asked, share)
        told("  climb the ladder", ours)
        answer, theirs = apart(splink, folder, asked, share)
        told("  Splink deterministic_link, same rules", theirs)
    wall, cpu, memory = (theirs[k] / ours[k] for k in ("wall", "cpu", "mb"))
    print(
        f"  Splink's pairs: {answer['pairs']:,}, precision {answer['right'] / answer['pairs']:.4f} "
        f"(it resolves no ties)\n  ratio: {wall:.1f} x wall, {cpu:.1f} x processor, "
        f"{memory:.1f} x memory"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--left", type=int, default=1_650_000)
    arguments.add_argument("--right", type=int, default=15_000_000)
    arguments.add_argument("--memory", default="4GB")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--baseline", type=float, default=0.1)
    arguments.add_argument("--folder", help="where to work and spill; default: the system's")
    asked = arguments.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, memory_limit {asked.memory}\n")
    whole(asked)
    if asked.baseline:
        baseline(asked)


if __name__ == "__main__":
    main()
