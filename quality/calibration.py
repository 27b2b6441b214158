"""Does a confidence mean what it says? Of values claimed at 0.9, nine in ten should be right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, pairwise
from typing import Any

from .names import Forms, Rate, bare, forms_of
from .score import Labels, cast_of
from .sets import Record

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
"""Bins of confidence, from each edge up to the next; below the first no value is taken."""
FIELDS = ("title", "authors", "betas", "characters", "fandoms", "rating")

Reliability = dict[str, list[Rate]]
"""Field -> for each bin, how many of the values claimed in it were right."""


class Calibration:
    """Collects the claims behind the values of records."""

    def __init__(self) -> None:
        self.table: Reliability = {field: [Rate() for _ in EDGES[1:]] for field in FIELDS}
        self.rules: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)

    def work(self, labels: Labels, record: Record) -> None:
        """The claims of one labelled work that were chosen."""
        for field in FIELDS:
            gold = _gold(labels, field)
            if gold is None or not record:
                continue
            for value, (confidence, rule) in _chosen(record, field).items():
                right = value in {bare(form) for forms in gold for form in forms}
                self.rules[field, rule].append((confidence, right))
                bin_ = sum(confidence >= edge for edge in EDGES) - 1
                if bin_ >= 0:
                    self.table[field][bin_].add(right)


def _gold(labels: Labels, field: str) -> list[Forms] | None:
    """Everything that is right for a field; None if it is not labelled."""
    if field == "characters":
        spare = [f if isinstance(f, list) else [f] for f in labels.get("characters_optional", ())]
        return [*cast_of(labels), *spare] if "characters_main" in labels else None
    if labels.get(field) is None and field not in ("title", "rating"):
        return None
    if field not in labels:
        return None
    if field == "betas":
        optional = [b if isinstance(b, dict) else {"name": b} for b in labels.get("betas_optional", ())]
        return [[b["name"], *b.get("alternatives", ())] for b in (*labels["betas"], *optional)]
    if field == "fandoms":
        return [list(forms) for forms in labels["fandoms"]]
    if field == "authors":
        other = labels.get("author_alternatives") or labels.get("authors_alternatives") or []
        return [[*labels["authors"], *(other if isinstance(other, list) else chain.from_iterable(other.values()))]]
    return [[labels[field] or "", *labels.get(f"{field}_alternatives", ())]]


def _chosen(record: Record, field: str) -> dict[str, tuple[float, str]]:
    """Folded value of the record -> confidence and rule of the surest claim that says so."""
    values: Any = record.get(field)
    taken = {bare(form) for value in (values if isinstance(values, list) else [values]) for form in forms_of(value)[:1]}
    found: dict[str, tuple[float, str]] = {}
    for claim in record["evidence"]:
        forms = forms_of(claim["value"]) if claim["field"] == field else []
        key = bare(forms[0]) if forms else ""
        if key in taken and claim["confidence"] > found.get(key, (0.0, ""))[0]:
            found[key] = (claim["confidence"], claim["rule"])
    return found


def lines(table: Reliability) -> Iterable[str]:
    """The table as text: share right and count in each bin."""
    bins = [f"{low:g}-{min(high, 1):g}" for low, high in pairwise(EDGES)]
    yield f"{'confidence':12}" + "".join(f"{b:>14}" for b in bins)
    for field, rates in table.items():
        cells = [f"{r.figure:.2f} of {r.count}" if r.count else "" for r in rates]
        yield f"{field:12}" + "".join(f"{c:>14}" for c in cells)
