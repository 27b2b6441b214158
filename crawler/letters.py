"""Which encoding some bytes are in, by how often languages use the characters that each would make of them."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from math import log

from ..lexicon import tables

FIRST_LOOK, ENOUGH = 160, 800
"""Bytes above ASCII, with their neighbours, that choose the finalists, and among them; more would only cost time."""
FINALISTS = 4
_UNUSUAL = 2.0
"""What an encoding is less likely than the one named before it in its family, and half of it a family than the last."""
_TELLING = re.compile(rb"[\x00-\x7f]?(?:[\x80-\xff]+[\x00-\x7f]?)+")
_PUNCTUATION = "’“”—–…‘„«»‚‹›\xa0"
_COMMON, _SIGN, _LETTER, _STRANGE, _IMPOSSIBLE = -3.0, -6.5, -9.0, -11.0, -16.0
"""Log likelihoods of typographic signs, other signs, letters foreign to a language, drawings, and no character."""
_MISPLACED = 6.0
_SHARE_OF_LANGUAGE = 0.9
"""Of the characters above ASCII; the rest are signs and foreign letters."""
_FLAT = 4
"""Zipf's law with its top cut: the first letter of an alphabet is not twice as frequent as the second."""
_CAPITAL = -3.0
_SIGNS = frozenset("°§£©®½¼¾·•×¿¡´¨†‡™€¢¥¶ªº²³¹")
_UPPER = "".join(c for c in map(chr, range(0xC0, 0x530)) if c.isupper())
_LOWER = "a-z" + "".join(c for c in map(chr, range(0xDF, 0x530)) if c.islower())
_ODD = re.compile(
    rf"[{_LOWER}][{_UPPER}]|[A-Za-z][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]"
    r"|[^\W\d_][^\w\s\x00-\x7f’‘“”—–…«»‚„‹›\xad·](?=[^\W\d_])|[^\W\d_][‚„“‘‹›](?=[^\W\d_])"
    r"|(?<=\s)[’”](?=[^\W\d_])|[\s][\xa0…–—][^\s\W\xa0]",
)
"""What sound text hardly has: a capital inside a word, two alphabets in one, signs between letters."""


@dataclass(frozen=True, slots=True)
class Family:
    """Encodings for the same languages; of each language, the log likelihood of every character it uses."""

    encodings: tuple[str, ...]
    languages: tuple[Mapping[str, float], ...]


@cache
def families() -> tuple[Family, ...]:
    """data/phrases/letters.toml."""
    return tuple(
        Family(
            tuple(codecs.lookup(name).name for name in groups["encodings"]),
            tuple(_likelihoods("".join(v)) for k, v in groups.items() if k != "encodings"),
        )
        for groups in tables("letters").values()
    )


def _likelihoods(characters: str) -> dict[str, float]:
    flat = _FLAT if len(characters) > 25 else 1
    whole = sum(1 / (rank + flat) for rank in range(len(characters)))
    shares = {c: log(_SHARE_OF_LANGUAGE / (rank + flat) / whole) for rank, c in enumerate(characters)}
    capitals = {c.upper(): share + _CAPITAL for c, share in shares.items() if len(c.upper()) == 1 and c.upper() != c}
    return {**dict.fromkeys(_PUNCTUATION, _COMMON), **capitals, **shares}


@cache
def known_encodings() -> frozenset[str]:
    """Those that `likelihoods` weighs."""
    return frozenset(name for family in families() for name in family.encodings)


def likelihoods(data: bytes, *asked: str) -> dict[str, float]:
    """The likeliest encodings and those `asked` for -> log likelihood of `data` in the language that fits best."""
    first = _weighed(_telling(data, FIRST_LOOK), known_encodings())
    return _weighed(_telling(data, ENOUGH), {*nlargest(FINALISTS, first, key=lambda name: first[name]), *asked})


def usualness(text: str) -> float:
    """The mean log likelihood of the characters of `text` above ASCII, in the language that fits best."""
    counted = sum(c >= "\x80" for c in text)
    return max(_fit(text, family.languages) for family in families()) / counted if counted else _IMPOSSIBLE


def _telling(data: bytes, enough: int) -> bytes:
    """What of `data` speaks for an encoding: bytes above ASCII, and what stands beside them."""
    size, pieces = 0, []
    for found in _TELLING.finditer(data):
        pieces.append(found.group()[: enough - size])
        size += len(pieces[-1])
        if size >= enough:
            break
    return b"\n".join(pieces)


def _weighed(sample: bytes, names: Set[str]) -> dict[str, float]:
    return {
        name: _fit(sample.decode(name, "replace"), family.languages) - _UNUSUAL * (place + number / 2)
        for number, family in enumerate(families())
        for place, name in enumerate(family.encodings)
        if name in names
    }


def _fit(text: str, languages: tuple[Mapping[str, float], ...]) -> float:
    counts = [(c, n) for c, n in Counter(text).items() if c >= "\x80"]
    odd = _MISPLACED * len(_ODD.findall(text))
    return max(sum(n * (language.get(c) or _rare(c)) for c, n in counts) for language in languages) - odd


@cache
def _rare(character: str) -> float:
    if character == "\ufffd" or character < "\xa0" or "\ue000" <= character <= "\uf8ff":
        return _IMPOSSIBLE
    if character in _SIGNS or "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uff5e":
        return _SIGN
    return _LETTER if character.isalpha() else _STRANGE
