"""Is a capitalised form that no list knows a person's name? Points for and against, summed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import exp

from ..lexicon import phrases
from ..text import fold
from .forms import Form, place_nouns, titles
from .gazetteer import given_names
from .mentions import Mentions

ENOUGH = 0.0
"""Log-odds from which on a form is taken for a person."""
BASE = -0.2


@cache
def never_names() -> frozenset[str]:
    """Folded words that are capitalised wherever they stand, and nobody."""
    return frozenset(fold(w) for w in phrases("names")["never"])


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
    if len(form.words) > 1 and (form.words[-1] in nouns or form.words[0] in nouns) and not form.title:
        return "" if form.words[0] in given_names() and seen.said + seen.acted else "place"
    if whole in nouns and not form.title and not seen.said:
        return "place"
    if not form.title and (
        whole in never_names() or (len(form.words) > 1 and all(w in never_names() for w in form.words))
    ):
        return "" if whole in given_names() and seen.said + seen.called > 0 else "word"
    if form.shouted and not form.title:
        return "shouted"
    return ""


def chance(points_: float) -> float:
    """The points of a form as the chance that it is a person's name."""
    return 1 / (1 + exp(-max(-20.0, min(20.0, points_))))


def points(form: Form, mentions: Mentions) -> float:
    """The log-odds that a form is a person's name in the story of `mentions`.

    Weights from a logistic regression over 1,650 forms of 94 labelled texts, rounded.
    """
    seen, words = form.seen, form.words
    given = words[0] in given_names()
    small = words[0] in mentions.lower
    free = seen.mid - seen.article - seen.place - seen.part - seen.goal
    total = BASE + 0.1 * (seen.mid > 0) + 1.0 * (free > 0) + 0.6 * (free > 1) - 0.4 * (seen.mid > 1)
    total += 0.6 * (seen.said > 0) + 0.4 * (seen.said > 1) + 1.6 * (seen.subject > 0) + 0.3 * (seen.told > 0)
    total += 1.35 * (seen.kin > 0) + 0.6 * (seen.called > 0) + 0.65 * (seen.owner > 0) - 1.0 * (seen.count == 1)
    total += (
        2.1 * given
        + 1.1 * bool(form.title)
        + 1.2 * is_civil(form.title)
        - 0.65 * small
        - 0.7 * (small and seen.mid < 2)
    )
    total -= 1.0 * seen.article / seen.count + 0.5 * seen.place / max(seen.mid, 1)
    total -= 0.7 * (not given and bool(_thing_like().search(words[-1]))) + 0.4 * (len(words) > 2)
    if not seen.mid + seen.said + seen.called:
        total -= 0.4 * small
    if seen.count == seen.quoted == 1 and not seen.called and _is_kin(form.title):
        total -= 3.0 + given
    if mentions.nouns and not (given or form.title or seen.said or seen.owner):
        total -= 2.0
    return total


def _on_map(words: tuple[str, ...]) -> bool:
    """Of several words, is the first a place, or the last behind something that is no given name?"""
    return words[0] in _known_places() or (words[-1] in _known_places() and words[0] not in given_names())


@cache
def _civil() -> frozenset[str]:
    return frozenset(fold(t) for t in phrases("titles_of_honour")["civil"])


@cache
def _kin() -> frozenset[str]:
    return frozenset(fold(t) for t in phrases("titles_of_honour")["kin"])


def _is_kin(title: str) -> bool:
    """Such as "Aunt", and in "Great Aunt" too."""
    return fold(title).rpartition(" ")[2] in _kin()


def is_civil(title: str) -> bool:
    """Does nothing but a name follow this title ("Mrs")? A rank may stand before much else ("General Staff")."""
    return fold(title).rstrip(".") in _civil()


@cache
def _thing_like() -> re.Pattern[str]:
    return re.compile(rf"..(?:{'|'.join(phrases('places')['endings'])})$|-")
