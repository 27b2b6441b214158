"""How much a paragraph is an author's talk to readers, by its words; no marker is needed.

The words' weights are learned from labelled texts (quality/learn.py writes data/weights/talk.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lexicon import weights
from ..text import fold

_SAID = re.compile(r'"[^"]{2,}?[,.!?-]"|"[^"]{60,}?"')
_PIECE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|!!+|\?\?+")
_SMILEY = re.compile(r"[:;]-?[)D(]|<3|\^\^|\bXD\b")
LONGEST = 4_000
"""Characters of a paragraph that are read."""


def features(text: str) -> set[str]:
    """The distinct folded words of a paragraph outside of what somebody says in it, and a few signs:
    SPEECH, SMILEY, BRACKET. `text` has straight quotes.
    """
    text = text[:LONGEST]
    heard = _SAID.sub(" ", text)
    found = set(_words(heard))
    if len(heard) != len(text):
        found.add("SPEECH")
    if _SMILEY.search(text):
        found.add("SMILEY")
    if "(" in heard:
        found.add("BRACKET")
    return found


def _words(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(fold(text)):
        yield piece[:2] if piece[0] in "!?" else piece


def talk(text: str) -> float:
    """Log-odds that a paragraph speaks to readers about the work, 0 where it may be either; blank text is no talk."""
    return weights("talk").odds(features(text))
