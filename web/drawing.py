"""Who betas for whom, drawn: betas on the left, authors on the right, a line for each pair, as thick as its works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

ROW, MARGIN, WIDTH, LABELS = 24, 14, 720, 250
SWEEPS = 6
"""Each sorts one side by the middle of its neighbours on the other, so that few lines cross."""
THICKEST = 10

Tie = tuple[str, str, int]


class Label(NamedTuple):
    """A name, and where it stands."""

    name: str
    x: int
    y: float


class Line(NamedTuple):
    """A curve from a beta to an author."""

    path: str
    width: float
    said: str


class Drawing(NamedTuple):
    """All of it, with its size."""

    width: int
    height: int
    betas: list[Label]
    authors: list[Label]
    lines: list[Line]


def drawn(ties: Sequence[Tie]) -> Drawing:
    """The drawing of some ties, most works first."""
    left, right = _ordered(ties)
    rows = max(len(left), len(right), 1)
    left_y, right_y = _spread(left, rows), _spread(right, rows)
    most = max((n for _, _, n in ties), default=1)
    x1, x2 = LABELS, WIDTH - LABELS
    middle = (x1 + x2) // 2

    def line(beta: str, author: str, n: int) -> Line:
        start, end = left_y[beta], right_y[author]
        path = f"M{x1 + 6} {start:g}C{middle} {start:g} {middle} {end:g} {x2 - 6} {end:g}"
        return Line(path, max(1.0, THICKEST * n / most), f"{beta} → {author}: {n}")

    betas = [Label(name, x1, left_y[name]) for name in left]
    authors = [Label(name, x2, right_y[name]) for name in right]
    return Drawing(WIDTH, rows * ROW + 2 * MARGIN, betas, authors, [line(*tie) for tie in ties])


def _ordered(ties: Sequence[Tie]) -> tuple[list[str], list[str]]:
    left = list(dict.fromkeys(beta for beta, _, _ in ties))
    right = list(dict.fromkeys(author for _, author, _ in ties))
    for _ in range(SWEEPS):
        places = {name: n for n, name in enumerate(left)}
        right.sort(key=lambda name: fmean(places[b] for b, a, _ in ties if a == name))
        places = {name: n for n, name in enumerate(right)}
        left.sort(key=lambda name: fmean(places[a] for b, a, _ in ties if b == name))
    return left, right


def _spread(names: Sequence[str], rows: int) -> Mapping[str, float]:
    """Heights of names, spread over as many rows."""
    step = rows * ROW / max(1, len(names))
    return {name: MARGIN + (n + 0.5) * step for n, name in enumerate(names)}
