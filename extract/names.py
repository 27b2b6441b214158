"""Is a capitalised form that no list knows a person's name? Points for and against, summed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp

from ..lexicon import phrases, weights
from ..text import fold
from .forms import Form, is_civil, place_nouns, titles
from .gazetteer import given_names
from .mentions import Mentions

ENOUGH = 0.0
"""Log-odds from which on a form is taken for a person."""


@cache
def never_names() -> frozenset[str]:
    """Folded words that are capitalised wherever they stand, and nobody."""
    return frozenset(fold(w) for w in phrases("names")["never"])


@cache
def _grounds() -> frozenset[str]:
    """Folded words that end names of places, and of people whose first name tells."""
    return frozenset(fold(w) for w in phrases("names")["grounds"])


@cache
def _known_places() -> frozenset[str]:
    return frozenset(fold(w) for w in phrases("places")["known"])


def refusal(form: Form, settings: Mapping[str, object]) -> str:
    """Why a form cannot be a person whatever stands around it; "" if it may be one."""
    nouns, known = place_nouns(), _known_places()
    whole = " ".join(form.words)
    seen = form.seen
    if len(whole) < 2 or whole in titles():
        return "title"
    if whole in known or (len(form.words) > 1 and not form.title and _on_map(form.words)):
        return "" if form.title or seen.said > 1 else "place"
    if whole in settings and not seen.said:
        return "setting"
    if len(form.words) > 1 and not form.title:
        if form.words[-1] in nouns or form.words[0] in nouns:
            return "" if form.words[0] in given_names() and seen.said + seen.acted else "place"
        if form.words[-1] in _grounds() and form.words[0] not in given_names():
            return "" if seen.said + seen.acted + seen.called else "place"
    if whole in nouns and not form.title and not seen.said:
        return "place"
    if not form.title and (
        whole in never_names() or (len(form.words) > 1 and all(w in never_names() for w in form.words))
    ):
        return "" if whole in given_names() and seen.said + seen.called > 0 else "word"
    if form.shouted and not form.title:
        return "shouted"
    if seen.count == seen.quoted == 1 and not seen.called and _is_kin(form.title):
        return "kin"
    return ""


def chance(points_: float) -> float:
    """The points of a form as the chance that it is a person's name."""
    return 1 / (1 + exp(-max(-20.0, min(20.0, points_))))


def points(form: Form, mentions: Mentions, beside: Around) -> float:
    """The log-odds that a form is a person's name in the story of `mentions`."""
    learned = weights("name")
    return learned.bias + sum(learned.words.get(name, 0.0) * value for name, value in features(form, mentions, beside))


@dataclass(frozen=True, slots=True)
class Around:
    """What else a story names: whether people of its fandoms, and the words of names that have several."""

    listed: bool
    fuller: frozenset[str]


def around(found: Iterable[Form], *, listed: bool) -> Around:
    """What a form among `found` is seen against; `listed`: the story has people whom the gazetteer knows."""
    return Around(listed, frozenset(word for form in found if len(form.words) > 1 for word in form.words))


def features(form: Form, mentions: Mentions, beside: Around) -> Iterator[tuple[str, float]]:
    """What speaks for and against a person's name, each with how much of it there is: 1, or a share of the mentions.

    How much each weighs is learned from labelled texts (quality/learn_names.py writes data/weights/name.toml).
    """
    seen, words = form.seen, form.words
    given = words[0] in given_names()
    small = words[0] in mentions.lower
    free = seen.mid - seen.article - seen.place - seen.part - seen.goal
    last = words[-1]
    told = (
        ("free", free > 0), ("free twice", free > 1), ("free often", free > 3), ("mid twice", seen.mid > 1),
        ("said", seen.said > 0), ("said twice", seen.said > 1), ("owner", seen.owner > 0), ("kin", seen.kin > 0),
        ("subject", seen.subject > 0), ("subject twice", seen.subject > 1), ("called", seen.called > 0),
        ("once", seen.count == 1), ("given", given), ("title", bool(form.title)),
        ("title, full", bool(form.title) and len(words) == 2), ("civil", is_civil(form.title)),
        ("two words", len(words) == 2), ("more words", len(words) > 2), ("short", len(last) < 4 and len(words) == 1),
        ("in full", len(words) == 1 and words[0] in beside.fuller), ("small", small),
        ("small, mid once", small and seen.mid < 2), ("ending", not given and bool(_thing_like().search(last))),
        ("derived", not given and len(words) == 1 and bool(_derived().search(last))),
        ("plural", seen.article > 0 and last.endswith("s") and not last.endswith("ss")),
        ("listed", beside.listed), ("listed, given", beside.listed and given),
        ("noun", mentions.nouns and not (given or form.title or seen.said or seen.owner)),
    )  # fmt: skip
    yield from ((name, 1.0) for name, holds in told if holds)
    yield "article", seen.article / seen.count
    yield "place", (seen.place + seen.goal) / seen.count
    yield "acts", min(1.0, (seen.said + seen.acted + seen.called + seen.subject + seen.told) / seen.count)


def _on_map(words: tuple[str, ...]) -> bool:
    """Of several words, is the first a place, or the last behind something that is no given name?"""
    return words[0] in _known_places() or (words[-1] in _known_places() and words[0] not in given_names())


@cache
def _kin() -> frozenset[str]:
    return frozenset(fold(t) for t in phrases("titles_of_honour")["kin"])


def _is_kin(title: str) -> bool:
    """Such as "Aunt", and in "Great Aunt" too."""
    return fold(title).rpartition(" ")[2] in _kin()


@cache
def _thing_like() -> re.Pattern[str]:
    return re.compile(rf"..(?:{'|'.join(phrases('places')['endings'])})$|-")


@cache
def _derived() -> re.Pattern[str]:
    """A word made of another one by its ending, as "Imperialism" is."""
    return re.compile(rf"...(?:{'|'.join(phrases('names')['derived'])})s?$")
