"""Which linkage model is best? Runs the variants of search.toml where the truth is known.

    python benchmarks/search.py [--on historical,invented] [--only NAME ...] [--people 20000]
        [--historical PATH] [--baselines] [--into build/search.jsonl]

Each variant is trained, scored, clustered and measured in a process of its own, on real people (the
historical figures, public labelled data beside the project) or on invented ones. A line of a table
is printed as each is done, and all that was measured is written as JSON. Labels measure, and choose
nothing: thresholds are those of the configuration or follow from the model's own probabilities.
The baselines (search_baselines.py) are Splink's own models, whose best threshold the labels choose.
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from datafirst.errors import LinkageRefused
from datafirst.link import comparisons
from datafirst.link.bridged import cut_at_bridges
from datafirst.link.cluster import cluster
from datafirst.link.read import fields_read
from datafirst.link.records import records
from datafirst.link.score import score
from datafirst.link.train import train
from datafirst.quality.truth import PeopleQuality, blocking_recall, people_quality
from datafirst.spec import Comparison, LinkModel, Specification, load
from datafirst.spec.linkage import LEVELS
from datafirst.synthetic.laid_out import lay_out
from search_ways import WAYS

PROJECT = Path(__file__).parents[1]
CONFIG = {
    "historical": PROJECT / "examples" / "historical" / "config",
    "invented": PROJECT / "config",
}
FIGURES = PROJECT.parent / "shared" / "data" / "historical_figures_50k.parquet"
MODELS = {
    "historical": ("historical",),
    "invented": ("magistrates", "crown", "prison", "probation", "criminal"),
}
SEED = 2022

EXPECTED_WRONG = """
WITH kept AS (SELECT match_weight, avg(1 - match_probability)
    OVER (ORDER BY match_weight DESC RANGE UNBOUNDED PRECEDING) AS wrong FROM edges)
SELECT coalesce(min(match_weight), 99) FROM kept WHERE wrong < ?"""
"""The smallest weight at which less than this share of the edges kept is expected to be wrong."""

BANDS = """
SELECT floor(match_weight / 2) * 2 AS "from", count(*), avg(1 - match_probability),
    avg((l.person_id <> r.person_id)::INTEGER) FROM edges
JOIN known AS l ON l.dataset = dataset_l AND l._row = _row_l
JOIN known AS r ON r.dataset = dataset_r AND r._row = _row_r
WHERE match_weight BETWEEN 0 AND 20 GROUP BY ALL ORDER BY ALL"""
"""By weight, in steps of two bits: edges, the share expected to be wrong, and the share that is."""


comparisons.WAYS |= WAYS


def variants() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    )["variants"]
    return found


def varied(spec: Specification, on: str, variant: Mapping[str, Any]) -> Specification:
    """The specification with the variant's models, and its way to read names."""
    models = dict(spec.linkage.models)
    for name in MODELS[on]:
        models[name] = _model(models[name], variant)
    linkage = spec.linkage.model_copy(update={"models": models})
    if on == "historical":
        (dataset,) = linkage.datasets.values()
        query = (dataset.query or "").strip().rstrip(";")
        read = f"SELECT * FROM (\n{query}\n) WHERE {variant.get('read', 'true')}"
        read_so = {dataset.id: dataset.model_copy(update={"query": read})}
        linkage = linkage.model_copy(update={"datasets": read_so})
    return spec.model_copy(update={"linkage": linkage})


def _model(model: LinkModel, variant: Mapping[str, Any]) -> LinkModel:
    compared = {c.field: c for c in model.comparisons}
    compared |= {c["field"]: Comparison(**c) for c in variant.get("compare", ())}
    kept = [c for name, c in compared.items() if name not in variant.get("without", ())]
    if "frequency" in variant:
        kept = [c.model_copy(update={"frequency": variant["frequency"]}) for c in kept]
    gone = {tuple(rule) for rule in variant.get("block_without", ())}
    rules = [tuple(rule) for rule in variant.get("block_on", model.block_on)]
    rules += [tuple(rule) for rule in variant.get("block_also", ())]
    training = dict(variant.get("training", {}))
    for name, times in variant.get("training_by", {}).items():
        more = getattr(model.training, name) * times
        training[name] = int(more) if name.endswith("pairs") else min(more, 1.0)
    if "em_rules" in training:
        training["em_rules"] = tuple(tuple(rule) for rule in training["em_rules"])
    return model.model_copy(
        update={
            "comparisons": tuple(kept),
            "block_on": tuple(rule for rule in dict.fromkeys(rules) if rule not in gone),
            "training": model.training.model_copy(update=training),
        }
    )


def prepared(asked: argparse.Namespace, into: Path) -> None:
    """A file with the sources' tables, typed, and `truth`: made once, for all variants."""
    spec = load(CONFIG[asked.data])
    with duckdb.connect(into, config={"threads": 2, "memory_limit": "3GB"}) as con:
        if asked.data == "historical":
            _figures(con, spec, asked.historical)
        else:
            lay_out(con, spec, asked.people, SEED)


def _figures(con: duckdb.DuckDBPyConnection, spec: Specification, path: Path) -> None:
    (dataset,) = spec.linkage.datasets.values()
    con.execute(
        f"CREATE TABLE {dataset.table} AS SELECT *, file_row_number AS _row "
        f"FROM read_parquet('{path}', file_row_number = true)"
    )
    con.execute(
        f"CREATE TABLE truth AS SELECT '{dataset.id}' AS dataset, unique_id AS record_id, "
        f"{dataset.truth} AS person_id FROM {dataset.table}"
    )


def connect(sources: Path) -> duckdb.DuckDBPyConnection:
    """A connection that sees the tables of a prepared file and changes none."""
    con = duckdb.connect()
    con.execute("SET threads = 2; SET memory_limit = '3GB'; SET enable_progress_bar = false")
    con.execute(f"ATTACH '{sources}' AS sources (READ_ONLY)")
    con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'sources'")
    for (table,) in con.fetchall():
        con.execute(f'CREATE VIEW "{table}" AS FROM sources."{table}"')
    return con


def tried(asked: argparse.Namespace, variant: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is measured of one variant on one data set, or why it was refused."""
    said = {"on": asked.data, "variant": variant["name"], "differs": variant["differs"]}
    try:
        return {**said, **_measured(asked, variant)}
    except LinkageRefused as refusal:
        return {**said, "refused": str(refusal)}


def _measured(asked: argparse.Namespace, variant: Mapping[str, Any]) -> dict[str, Any]:
    spec = varied(load(CONFIG[asked.data]), asked.data, variant)
    models = [spec.linkage.models[name] for name in MODELS[asked.data]]
    (rule,) = spec.linkage.bridges.values()
    with connect(asked.sources) as con:
        named = {}
        for dataset in sorted({d for model in models for d in model.datasets}):
            query = records(spec, dataset, fields_read(spec, models))
            named[dataset] = f"records_{dataset}"
            con.execute(f"CREATE TABLE {named[dataset]} AS {query} ORDER BY _row, variant")
        before = resource.getrusage(resource.RUSAGE_SELF)
        pairs = _scored(con, spec, models, named)
        cluster(con, named, "edges")
        connected = told(people_quality(con, "people", "truth"))
        cut_at_bridges(con, "people", "edges", unlimited(rule), models)
        after = resource.getrusage(resource.RUSAGE_SELF)
        levels = {
            level: told(people_quality(con, "people", "truth", f"person_{level}"))
            for level in LEVELS
        }
        return {
            "pairs": pairs,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "blocking_recall": blocking_recall(con, models, named, "truth"),
            "largest_true": _largest(con, named),
            "connected": connected,
            **levels,
            "rules": dict(_by_rule(con, named, rule, models)) if "rules" in variant else {},
            "bands": _bands(con, named) if "rules" in variant else [],
        }


def unlimited(rule: Any) -> Any:
    """A variant that goes wrong is measured, not refused."""
    return rule.model_copy(update={"records_up_to": 1_000_000})


def _scored(
    con: duckdb.DuckDBPyConnection,
    spec: Specification,
    models: Iterable[LinkModel],
    named: Mapping[str, str],
) -> int:
    """Makes `edges` of all models; returns how many pairs were compared."""
    pairs, each = 0, []
    for model in models:
        learned = train(con, spec, model, named)
        each.append(f"scored_{model.id}")
        pairs += sum(score(con, spec, learned, named, into=each[-1]).pairs.values())
    con.execute(f"CREATE TABLE edges AS {' UNION ALL '.join(f'FROM {name}' for name in each)}")
    return pairs


def _by_rule(
    con: duckdb.DuckDBPyConnection, named: Mapping[str, str], rule: Any, models: list[LinkModel]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same edges at weights that the model's own probabilities choose, cut and not cut."""
    weights = {f"even odds ({0.0:.1f})": 0.0, "probability .95 (4.2)": 4.25}
    for share in (0.01, 0.001):
        ((weight,),) = con.execute(EXPECTED_WRONG, [share]).fetchall()
        weights[f"{share:.1%} expected wrong ({weight:.1f})"] = weight
    for name, weight in weights.items():
        con.execute(
            "CREATE OR REPLACE TABLE edges_at AS SELECT * REPLACE ((CASE WHEN match_weight >= 14 "
            f"THEN 3 WHEN match_weight >= {weight} THEN 2 ELSE 0 END)::TINYINT AS strength) "
            "FROM edges"
        )
        cluster(con, named, "edges_at", into="people_at")
        yield f"{name}, not cut", told(people_quality(con, "people_at", "truth"))
        cut_at_bridges(con, "people_at", "edges_at", unlimited(rule), models)
        yield name, told(people_quality(con, "people_at", "truth"))


def _bands(con: duckdb.DuckDBPyConnection, named: Mapping[str, str]) -> list[Any]:
    each = " UNION ALL ".join(
        f"SELECT dataset, _row, record_id FROM {table} WHERE variant = 0"
        for table in named.values()
    )
    con.execute(f"CREATE TABLE known AS FROM ({each}) JOIN truth USING (dataset, record_id)")
    return con.execute(BANDS).fetchall()


def _largest(con: duckdb.DuckDBPyConnection, named: Mapping[str, str]) -> int:
    """Records of the person who really has the most."""
    listed = ", ".join(f"'{dataset}'" for dataset in named)
    con.execute(
        "SELECT max(n) FROM (SELECT count(DISTINCT (dataset, record_id)) AS n "
        f"FROM truth WHERE dataset IN ({listed}) AND person_id IS NOT NULL GROUP BY person_id)"
    )
    return int(con.fetchall()[0][0])


def told(quality: PeopleQuality) -> dict[str, Any]:
    return {
        "precision": quality.pairs.precision,
        "recall": quality.pairs.recall,
        "f1": round(quality.pairs.f1, 6),
        "b_cubed": round(quality.b_cubed.f1, 6),
        "largest": quality.largest_cluster,
    }


HEADINGS = (
    "variant",
    "pairs compared",
    "blocking recall",
    "connected: P / R / F1 / B3 (largest)",
    "cut, standard: P / R / F1 / B3 (largest)",
    "cut, loose: P / R / F1 / B3 (largest)",
    "CPU s",
)


def line(done: Mapping[str, Any]) -> str:
    if "refused" in done:
        return f"| {done['variant']} | refused |{' |' * (len(HEADINGS) - 2)}"
    cells = [
        done["variant"],
        f"{done['pairs']:,}",
        f"{done['blocking_recall']:.4f}",
        *(_scores(done[at]) for at in ("connected", "standard", "loose")),
        f"{done['cpu']:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _scores(of: Mapping[str, Any]) -> str:
    shares = " / ".join(
        f"{of[score]:.4f}".lstrip("0") for score in ("precision", "recall", "f1", "b_cubed")
    )
    return f"{shares} ({of['largest']})"


def apart(asked: argparse.Namespace, variant: Mapping[str, Any]) -> dict[str, Any]:
    """One variant in a process of its own, so that none pays for another."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(tried, (asked, variant))


def arguments() -> argparse.Namespace:
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("--on", default="historical,invented")
    made.add_argument("--only", nargs="*", help="names of variants")
    made.add_argument("--people", type=int, default=20_000, help="how many are invented")
    made.add_argument("--historical", type=Path, default=FIGURES)
    made.add_argument("--baselines", action="store_true", help="Splink's own models too")
    made.add_argument("--into", type=Path, default=PROJECT / "build" / "search.jsonl")
    return made.parse_args()


def main() -> None:
    asked = arguments()
    asked.into.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as made,
        asked.into.open("a", encoding="utf-8") as kept,
    ):
        folder = Path(made)
        for data in asked.on.split(","):
            if data == "historical" and not asked.historical.is_file():
                print(f"{data}: no {asked.historical.name} beside the project\n")
                continue
            asked.data = data
            asked.sources = folder / f"{data}.duckdb"
            prepared(asked, asked.sources)
            print(f"\n## {data}\n\n| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
            for variant in variants():
                if data in variant["on"] and (not asked.only or variant["name"] in asked.only):
                    done = apart(asked, variant)
                    kept.write(json.dumps(done) + "\n")
                    kept.flush()
                    print(line(done), flush=True)
                    for name, of in done.get("rules", {}).items():
                        print(f"|   {name} | | | | {_scores(of)} | | |", flush=True)
                    for weight, edges, expected, wrong in done.get("bands", ()):
                        print(
                            f"|   from {weight:.0f} bits | {edges:,} | | expected wrong "
                            f"{expected:.2%}, wrong {wrong:.2%} | | | |"
                        )
            if data == "historical" and asked.baselines:
                import search_baselines

                (rule,) = load(CONFIG[data]).linkage.bridges.values()
                for text in search_baselines.lines(asked.historical, unlimited(rule)):
                    print(text, flush=True)


if __name__ == "__main__":
    main()
