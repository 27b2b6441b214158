"""Pairings as header and tags state them: "A/B" romantic, "A & B" otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..lexicon import alternation, phrases
from ..model import Span
from ..text import bare, fold
from .components import Component
from .draft import Draft

_SIDES = re.compile(r"\s*[/&×]\s*|\s+x\s+")
_PIECES = re.compile(r"[,;.]\s+|\s+and\s+(?=[^,;]*[/&])|\n|\s+\+\s+|\s*\|\s*")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_DISAMBIGUATION = re.compile(r"\s+\([^()]*\)")
_SIDE = re.compile(r"[^\W_][\w'’. \"-]{0,40}$")
MOST_WORDS = 5
"""Words of one side of a pairing; more is a sentence."""


def run(draft: Draft) -> None:
    """Claim the relationships that tags declare, each whole, then those of header lines."""
    for item in draft.declared("relationships"):
        if isinstance(item.value, str):
            pair = _pair_named(draft, item.value)
            stated = "/".join(pair) if pair else _DISAMBIGUATION.sub("", item.value).strip() or item.value
            draft.claim("relationships", stated, item.span, item.rule, item.confidence)
    for line in draft.header_lines("relationship"):
        value = draft.quote(line.value)
        for pairing in pairings(draft, value):
            at = value.find(pairing)
            start = line.value.start + max(at, 0)
            end = start + len(pairing) if at >= 0 else line.value.end
            draft.claim("relationships", pairing, Span(start, end), "header.relationship", 0.9)


def pairings(draft: Draft, value: str) -> Iterator[str]:
    """The pairings in a header's value; remarks ("you will work it out", "none") are none."""
    for piece in _PIECES.split(value):
        stated = plain_pairing(piece)
        sides = _SIDES.split(stated)
        if len(sides) > 1 and bare(stated) not in _nobody() and all(_is_side(s) for s in sides):
            yield stated
        elif pair := _pair_named(draft, stated):
            yield "/".join(pair)


def plain_pairing(piece: str) -> str:
    """Without what stands in brackets, what it is ("past", "implied") and remarks behind it ("if you squint")."""
    before, behind = _remarks()
    stated = " ".join(_ASIDE.sub("", piece).split()).strip(" .*_")
    return behind.sub("", before.sub("", stated)).strip(" .*_-")


@cache
def _remarks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    groups = phrases("relationships")
    before = re.compile(rf"^(?:{alternation(groups['standing'])}[\s:]\s*)+", re.IGNORECASE)
    behind = re.compile(rf"(?:\s+{alternation(groups['remark'])}\b|\s+--?\s).*$")
    return before, behind


def _is_side(side: str) -> bool:
    return bool(_SIDE.match(side)) and len(side.split()) <= MOST_WORDS and bare(side) not in _nobody()


@cache
def _nobody() -> frozenset[str]:
    return frozenset(bare(w) for w in phrases("relationships")["nobody"])


def _pair_named(draft: Draft, name: str) -> tuple[str, ...] | None:
    """The people of a name such as "Spuffy": those of the story's own fandoms before all others."""
    found = draft.lexicon.pairs.get(fold(name), ())
    chosen = {bare(str(c.value)) for c in draft.claims("fandoms")} if len(found) > 1 else set()
    ordered = sorted(found, key=lambda pair: bare(pair[0]) in chosen)
    return ordered[-1][1] if ordered else None


COMPONENT = Component("relationships", needs=("fandoms", "header"), gives=("relationships",), run=run)
