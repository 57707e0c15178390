"""Which pairs are two people however much they agree? Leaves out what a model's vetoes name."""

import re

from datafirst.spec import LinkModel, Specification

from .inputs import VARIANTS, Records


def asked(spec: Specification, model: LinkModel) -> set[str]:
    """The columns of linkage records that the vetoes of a model ask."""
    conditions = (spec.linkage.vetoes[veto].when for veto in model.vetoes)
    return {column for when in conditions for column in re.findall(r"\b[lr]\.(\w+)", when)}


def unvetoed(spec: Specification, model: LinkModel, records: Records, pairs: str) -> str:
    """The pairs (dataset_l, n_l, dataset_r, n_r, match_weight) of a query that no veto holds for.

    A veto is asked of the two ways of writing that were compared, so that a twin's alias does not
    stand in for the twin. Where it is not known whether it holds, it does not.
    """
    if not model.vetoes:
        return pairs
    there = [dataset for dataset in model.datasets if dataset in records]
    written = " UNION ALL ".join(
        f"SELECT *, _row * {VARIANTS} + variant AS n FROM {records[dataset]} "
        f"WHERE variant < {VARIANTS}"
        for dataset in there
    )
    vetoed = " OR ".join(f"coalesce(({spec.linkage.vetoes[v].when}), false)" for v in model.vetoes)
    return (
        f"WITH written AS ({written}) SELECT pairs.* FROM ({pairs}) AS pairs "
        "JOIN written AS l ON l.dataset = pairs.dataset_l AND l.n = pairs.n_l "
        "JOIN written AS r ON r.dataset = pairs.dataset_r AND r.n = pairs.n_r "
        f"WHERE NOT ({vetoed})"
    )
