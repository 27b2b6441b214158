"""Is a figure of the story on its stage: main carries the work, present acts or speaks, mentioned is talked of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from .cast import Figure
from .mentions import Mentions

Stage = Literal["main", "present", "mentioned"]

EGO = 0.012
"""The narrator's "I" for each word of the story, from which on the story is told in the first person."""


def narrator(figures: Iterable[Figure], mentions: Mentions) -> Figure | None:
    """Who says "I": called by name in speech, hardly ever named outside of it."""
    if mentions.ego < EGO * max(mentions.words, 1):
        return None
    spoken_to = [
        f for f in figures if f.seen.called and f.seen.count - f.seen.quoted <= 0.34 * f.seen.count and not f.seen.said
    ]
    return max(spoken_to, key=lambda f: (f.seen.called, f.seen.count), default=None)


def stage_of(figure: Figure, most: int, mentions: Mentions, ego: Figure | None) -> Stage:
    """The stage of one figure; `most` are the mentions of the one named most."""
    seen = figure.seen
    if figure is ego:
        return "main"
    told = seen.count - seen.quoted
    onstage = seen.said + seen.acted + 0.3 * seen.towards + 0.15 * told - 0.3 * seen.told
    if onstage < 1.0 or not told:
        return "mentioned"
    wide = seen.last - seen.start > 0.25 * sum(len(s) for s in mentions.spans)
    return "main" if seen.count >= 0.4 * most and wide else "present"
