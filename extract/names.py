"""Is a capitalised form that no list knows a person's name? Points for and against, summed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..lexicon import phrases
from ..text import fold
from .forms import Form
from .gazetteer import given_names

ENOUGH = 1.5


@cache
def _never() -> frozenset[str]:
    return frozenset(fold(w) for w in phrases("names")["never"])


@cache
def _places() -> tuple[frozenset[str], frozenset[str]]:
    places = phrases("places")
    return frozenset(fold(w) for w in places["nouns"]), frozenset(fold(w) for w in places["known"])


def refusal(form: Form, settings: Mapping[str, object]) -> str:
    """Why a form cannot be a person whatever stands around it; "" if it may be one."""
    nouns, known = _places()
    whole = " ".join(form.words)
    seen = form.seen
    if whole in known or (form.words[0] in known and len(form.words) > 1 and not form.title):
        return "" if form.title or seen.said > 1 else "place"
    if whole in settings and not seen.said:
        return "setting"
    if len(form.words) > 1 and (form.words[-1] in nouns or form.words[0] in nouns) and not form.title:
        return "" if form.words[0] in given_names() and seen.said + seen.acted else "place"
    if whole in nouns and not form.title and not seen.said:
        return "place"
    if not form.title and (whole in _never() or (len(form.words) > 1 and all(w in _never() for w in form.words))):
        return "" if whole in given_names() and seen.said + seen.called > 0 else "word"
    if form.shouted and not form.title:
        return "shouted"
    return ""


def points(form: Form, lower: frozenset[str]) -> float:
    """How much speaks for a person; ENOUGH and more makes one."""
    seen, words = form.seen, form.words
    total = 0.0
    evident = seen.mid + seen.said + seen.called
    given = words[0] in given_names()
    common = len(words) == 1 and words[0] in lower
    total += 1.0 * min(seen.mid, 1) + 0.5 * (seen.mid > 1) + 0.4 * (seen.count > 3)
    total += min(1.5 * seen.said, 2.5)
    total += min(0.6 * seen.acted, 1.5) + min(0.2 * seen.told, 0.4)
    total += min(0.5 * seen.called, 1.0) * (0.3 if common else 1.0)
    total += min(0.4 * seen.owner, 0.8) + min(0.3 * seen.towards, 0.6)
    total += 1.2 * given + 2.0 * bool(form.title) + 0.4 * (len(words) > 1)
    if not form.title and not given:
        total -= 1.6 * (seen.article / seen.count) + 1.6 * (2 * seen.place > seen.mid)
    if common and seen.mid <= 2:
        total -= 0.9
    if not evident:
        total -= 1.0 if given or (seen.acted and not common) else 2.5
    return total
