"""Which code page a text of Latin script is in, by what its bytes above ASCII would be in each.

The right one gives letters of one language within words, and quotes and dashes between them; a wrong one gives capitals
and signs in the midst of words, and letters that no one language has together.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import islice

from ..lexicon import phrases

PAGES = ("cp1252", "cp1250", "iso8859-2", "mac-roman", "cp850", "cp437")
"""In the order preferred, where two say the same."""
MOST = 2_000
"""Characters looked at."""
CERTAIN = 0.95
"""A page that explains so much is the one, and the others are not asked."""
_HIGH = re.compile("[\x80-\U0010ffff]")
_MARKS = frozenset("“”„«»‹›–—…•‘‚\u2022")
_APOSTROPHE = "’"
_SIGNS = frozenset("\xa0©®™°§£€½¼¾¹²³×¿¡·´¨†‡¢¥")


@cache
def _alphabets() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(" ".join(letters).split()) for letters in phrases("alphabets").values())


def code_page(sample: bytes) -> tuple[str, float]:
    """The likeliest of PAGES, and how well it explains the bytes above ASCII (1: all of them, 0: none)."""
    best = PAGES[0], -1.0
    for page in PAGES:
        score = _score(sample.decode(page, "replace"))
        best = (page, score) if score > best[1] else best
        if score >= CERTAIN:
            break
    return best


def _score(text: str) -> float:
    """From 1 for a text in which every character beyond ASCII stands where it may."""
    points, letters, seen = 0.0, Counter[str](), 0
    for found in islice(_HIGH.finditer(text), MOST):
        at = found.start()
        character, before, behind = found.group(), text[at - 1 : at], text[at + 1 : at + 2]
        seen += 1
        if not character.isalpha():
            points += _stands(character, inside=before.isalpha() and behind.isalpha())
        elif character.isupper() and before.islower():
            points -= 2
        else:
            letters[character.lower()] += 1
    known = max(sum(n if letter in alphabet else -2 * n for letter, n in letters.items()) for alphabet in _alphabets())
    return (points + known) / seen if seen else 1.0


def _stands(character: str, *, inside: bool) -> float:
    """How well a character that is no letter stands where it does: inside of a word, or not."""
    if character == _APOSTROPHE:
        return 1
    if character in _MARKS:
        return -1 if inside and character not in "–—…" else 1
    if character in _SIGNS:
        return -2 if inside and character != "\xa0" else 0.5
    return -2
