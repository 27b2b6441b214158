"""Pairings as header and tags state them, between people under their full names: "A/B" romantic, "A & B" otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from ..lexicon import alternation, phrases
from ..model import Role, Span
from ..text import bare, fold
from .components import Component
from .draft import Draft
from .pairing import ENOUGH, SIDES, People, listed

_PIECES = re.compile(r"[,;.]\s+|\s+and\s+(?=[^,;]*[/&])|\n|\s+\+\s+|\s*\|\s*")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_DISAMBIGUATION = re.compile(r"\s+\([^()]*\)")
_SIDE = re.compile(r"[^\W_][\w'’. \"-]{0,40}$")
MOST_WORDS = 5
"""Words of one side of a pairing; more is a sentence."""
HEADS = (Role.HEADER, Role.TITLE, Role.BYLINE)
"""Where two people with a sign between them are a pairing, whatever key stands in front."""
TOP = 3_000
"""Characters at the beginning of a text in which "A/B" is a pairing even outside of heads: story is not written so."""
DENIAL = 20
"""Characters in front of a pairing in which a word may say that it is none."""
MOST_LISTED = 400
"""Pairings that are looked for in the heads of a work; hostile input may have more."""


def run(draft: Draft) -> None:
    """Claim the relationships that tags declare, each whole, then those of header lines and heads."""
    people = People(draft)
    for item in draft.declared("relationships"):
        if isinstance(item.value, str):
            stated = _DISAMBIGUATION.sub("", item.value).strip() or item.value
            draft.claim("relationships", people.pairing(stated), item.span, item.rule, item.confidence)
    for line in draft.header_lines("relationship"):
        value = draft.quote(line.value)
        for pairing, piece in pairings(draft, value):
            at = value.find(pairing)
            start = line.value.start + max(at, 0)
            end = start + len(pairing) if at >= 0 else line.value.end
            named = people.pairing(pairing, piece)
            draft.claim("relationships", named, Span(start, end), "header.relationship", 0.9)
    for item in draft.declared("tags"):
        short = isinstance(item.value, str) and len(item.value.split()) <= MOST_WORDS  # longer ones tell of a pairing
        if short and (known := people.known_pairing(str(item.value))):
            draft.claim("relationships", known, item.span, f"{item.rule}.pairing", 0.85)
    if not any(claim.confidence >= ENOUGH for claim in draft.claims("relationships")):
        for known, span in _in_heads(draft, people):
            draft.claim("relationships", known, span, "relationships.named", 0.8)


def _in_heads(draft: Draft, people: People) -> Iterator[tuple[str, Span]]:
    """Pairings of the work's own people in title, byline and header lines of any key but those of lists."""
    lists = [line.value for line in draft.header if line.field in ("characters", "fandom")]
    heads = [block.span for block in draft.with_role(*HEADS)]
    matches = (match for span in (*heads, Span(0, TOP)) for match in listed(draft.plain, span.start, span.end))
    for span, match in {Span(*match.span()): match for match in islice(matches, MOST_LISTED)}.items():
        sure = "/" in match[0] or any(head.contains(span) for head in heads)
        denied = _denied().search(draft.plain, max(0, span.start - DENIAL), span.end)
        if not sure or denied or any(value.contains(span) for value in lists):
            continue
        if known := people.known_pairing(match[0]):
            yield known, span


@cache
def _denied() -> re.Pattern[str]:
    """Such as "no A/B", "not a First Last & B"."""
    return re.compile(rf"\b{alternation(phrases('relationships')['denied'])}(?: [\w'.-]+){{1,2}} ?[/&×]", re.IGNORECASE)


def pairings(draft: Draft, value: str) -> Iterator[tuple[str, str]]:
    """The pairings in a header's value, each with its remarks behind it; remarks alone ("none") are no pairing."""
    for piece in _PIECES.split(value):
        stated = plain_pairing(piece)
        sides = SIDES.split(stated)
        named = len(sides) > 1 and bare(stated) not in _nobody() and all(_is_side(s) for s in sides)
        if named or fold(stated) in draft.lexicon.pairs:
            yield stated, piece


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


COMPONENT = Component("relationships", needs=("fandoms", "characters", "header"), gives=("relationships",), run=run)
