"""The rename test: every person of a story called otherwise, half of them by ordinary words, nothing known of fandoms.

What cannot be tuned to: how many are found must not depend on what they are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import cycle

from .score import Labels, Score, cast_of
from .sets import NOTHING_KNOWN, LabelledSet, document, record, text_document

WORDS = (
    "Hope Will Dawn Rose Mark Faith Grace Jack Art Summer Ray Pip Angel Frank Hazel Bill Joy Drew Ruby Chase".split()
)
INVENTED = (
    "Tavrin Oshelle Brannick Ysolde Kemmer Dovrany Lisk Marrable Quenby Sorrel Thessaly Ulverton Wendrick Yarrow Zebra"
).split()
SURNAMES = "Ablesett Corvane Drummle Eskwith Farrand Gaunt Hollin Ivarson Jessop Kettering Lorimer Mossop".split()
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def renamed(labels: Labels, text: str) -> tuple[Labels, str]:
    """A story and its labels with every person's names replaced, word by word, the same word the same way."""
    given, family = _names(labels)
    new = _replacements(given, family)
    shouted = {word.upper(): other for word, other in new.items()}

    def swapped(said: str) -> str:
        return _WORD.sub(lambda m: _like(m.group(), new.get(_root(m.group())) or shouted.get(_root(m.group()))), said)

    keys = ("characters_main", "characters_present", "characters_mentioned", "characters_optional")
    changed = {key: [[swapped(form) for form in forms] for forms in labels.get(key, ())] for key in keys}
    nicknames = {swapped(name): [swapped(n) for n in forms] for name, forms in (labels.get("nicknames") or {}).items()}
    return {"file": labels["file"], **changed, "nicknames": nicknames}, swapped(text)


def _names(labels: Labels) -> tuple[list[str], list[str]]:
    """The capitalised words of the people's names: those that stand first, and the others."""
    given: dict[str, None] = {}
    family: dict[str, None] = {}
    for forms in cast_of(labels):
        for form in forms:
            for place, word in enumerate(w for w in _WORD.findall(form) if w[0].isupper() and len(w) > 2):
                (family if place else given).setdefault(_root(word))
    return list(given), [word for word in family if word not in given]


def _root(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _replacements(given: list[str], family: list[str]) -> Mapping[str, str]:
    """Every second name an ordinary word, the others invented; a list that runs out begins again with endings."""
    pools = (cycle(_endless(WORDS)), cycle(_endless(INVENTED)))
    new = {word: next(pools[n % 2]) for n, word in enumerate(given)}
    return new | dict(zip(family, _endless(SURNAMES), strict=False))


def _endless(names: list[str]) -> Iterator[str]:
    yield from names
    for ending in "abcdefgh":
        yield from (f"{name}{ending}" for name in names)


def _like(word: str, new: str | None) -> str:
    """The replacement with the word's possessive and capitals."""
    if new is None:
        return word
    tail = word[len(_root(word)) :]
    return (new.upper() if word.isupper() and len(word) > 1 else new) + tail


def test(labelled: LabelledSet, before: Score, after: Score) -> None:
    """Score a set's works in plain text as they are and renamed, with the gazetteer off."""
    for labels in labelled.rows():
        path = labelled.path(labels)
        if path.suffix.lower() not in (".txt", ".md") or not path.is_file() or labels.get("work_of"):
            continue
        found = document(path)
        people = {key: labels[key] for key in labels if key.startswith("characters_") or key in ("file", "nicknames")}
        before.work(people, record(found, NOTHING_KNOWN))
        other, text = renamed(people, found.text)
        after.work(other, record(text_document(text.encode(), path.name), NOTHING_KNOWN))
