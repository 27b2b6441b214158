"""Whether a story says "he" or "she" of a name that tells no gender itself."""

from __future__ import annotations

import re
from itertools import islice

NEAR = 90
"""Characters behind a name within which a pronoun may mean its bearer."""
MOST = 12
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|she|her|hers|herself)\b")


def gender_near(text: str, name: str) -> str:
    """Either "m" or "f" by the first pronoun behind each of the name's first occurrences; "" if they disagree.

    The pattern begins with the name's letters, which the regex engine looks for fastest, and looks back from its end.
    """
    found = {"m": 0, "f": 0}
    letters = re.escape(name)
    for match in islice(re.finditer(rf"{letters}\b(?<=\b{letters})", text), MOST):
        if pronoun := _PRONOUN.search(text, match.end(), match.end() + NEAR):
            found["m" if pronoun[1] else "f"] += 1
    if found["m"] >= 2 * found["f"] + 1:
        return "m"
    return "f" if found["f"] >= 2 * found["m"] + 1 else ""
