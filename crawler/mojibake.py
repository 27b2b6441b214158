"""UTF-8 that was once read as something else, turned back where that is certain."""

from __future__ import annotations

import re

_CP1252 = "\u0080-\u00bf\u0152-\u0178\u0192\u02c6-\u02dc\u2013-\u203a\u20ac\u2122"
_MAC = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
_SEQUENCE = re.compile(
    f"[ÂÃÐÑÄÅâãäåæçèé√¬‚](?:(?<=[ÂÃÐÑÄÅ])[{_CP1252}](?:(?=\\w)|(?<![A-ZÀ-Þ]..))|(?<=[âãäåæçèé])[{_CP1252}]{{2}}"
    f"|(?<=[√¬])[{_MAC}]|(?<=‚)[Äà][{_MAC}])"
)
"""A character's bytes in UTF-8 as windows-1252, latin-1 or Mac roman show them; not the end of "IRMÃ…"."""


def without_mojibake(text: str) -> str:
    """`text` with the lines repaired of which most characters above ASCII are mojibake.

    A line that quotes a broken character beside sound ones stays, and so does a lone one that touches no letter.
    """
    if text.isascii() or not any(_in_word(text, found) for found in _SEQUENCE.finditer(text)):
        return text
    from ftfy import fix_encoding

    lines = text.split("\n")
    return "\n".join(fix_encoding(line) if _is_broken(line) else line for line in lines)


def _in_word(text: str, found: re.Match[str]) -> bool:
    return text[found.start() - 1 : found.start()].isalpha() or text[found.end() : found.end() + 1].isalpha()


def _is_broken(line: str) -> bool:
    rest, sequences = _SEQUENCE.subn("", line)
    return sequences > sum(c > "\x7f" for c in rest)
