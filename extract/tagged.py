"""People whom a site's own tags name: which figure of the story each is, and under which plain name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lexicon import Fandom
from ..model import Character, Evidence
from ..text import bare, fold
from .cast import NAMESAKES, Cast, Figure
from .draft import Draft
from .fandoms import plain_title
from .forms import titles
from .mentions import words_of

_TAIL = re.compile(r"\s*\([^()]*\)$")


def plain_names(tag: str) -> list[str]:
    """The names in a tag, the plainest last: "John Gaius | Necrolord Prime", "Quark (Star Trek)"."""
    marked = "(" in tag or " | " in tag
    parts = [_TAIL.sub("", plain_title(part)) if marked else part.strip() for part in tag.split(" | ")]
    return [part for part in parts if part] or [tag]


def person_called(cast: Cast, name: str) -> str | None:
    """The canonical name of a stated one, if it is somebody of the story's fandoms."""
    found = cast.aliases.named.get(tuple(words_of(name)))
    return found[0].person.name if found else None


def same_short(name: str, figure: Figure) -> bool:
    """Is a stated name, as "Hermione G.", that of a figure in the story already?"""
    words = [w.rstrip(".") for w in words_of(name)]
    theirs = figure.words
    if not words:
        return True
    if len(words) > 1 and len(words[-1]) == 1:
        first = words[0] == theirs[0] or words[0] in _one_word_forms(figure)
        return first and (len(theirs) == 1 or theirs[-1].startswith(words[-1]))
    return set(words) <= set(theirs) or set(theirs) <= set(words)


def name_in_full(cast: Cast, tags: list[str], fandoms: list[Fandom]) -> None:
    """Give a figure that no list knows the fuller name of the one tag that can be meant: "Honoroit Banlardois"."""
    if not tags:
        return
    namesakes = _namesakes(cast)
    short = _short_tags(fandoms)
    tags = [short.get(fold(tag), tag) for tag in tags]
    meant: dict[str, set[str]] = {}
    for name in (name for tag in tags for name in plain_names(tag)):
        for figure in _near(name, namesakes):
            meant.setdefault(figure.name, set()).add(name)
    for figure in cast.figures.values():
        names = meant.get(figure.name, set())
        if figure.person is None and len(names) == 1 and len(words_of(full := next(iter(names)))) > len(figure.words):
            figure.name = full


def tagged(draft: Draft, cast: Cast, fandoms: list[Fandom]) -> Iterator[tuple[Evidence, Figure | None, Character]]:
    """Each declared tag, the figure of the story that it names, if one is, and the person without a story."""
    items = list(draft.declared("characters"))
    if not items:
        return
    namesakes = _namesakes(cast)
    by_tag = _short_tags(fandoms) | {fold(p.ao3): p.name for fandom in fandoms for p in fandom.people}
    called = {bare(form): f for f in reversed(cast.figures.values()) for form in (*f.forms, f.name)}
    for item in items:
        names = plain_names(str(item.value))
        known = by_tag.get(fold(str(item.value))) or next((p for n in names if (p := person_called(cast, n))), None)
        sure = [called[bare(n)] for n in ([known] if known else names) if bare(n) in called]
        likely = sure or [f for n in names for f in _near(n, namesakes) if _no_more(n, f)]
        yield item, likely[0] if likely else None, stated(names[-1], known)


def _short_tags(fandoms: list[Fandom]) -> dict[str, str]:
    """The tags of FanFiction.net, "hermione g.", that only one person of the fandoms can be meant by."""
    meant: dict[str, set[str]] = {}
    for name in (person.name for fandom in fandoms for person in fandom.people):
        words = fold(name).split()
        if len(words) > 1:
            meant.setdefault(f"{words[0]} {words[-1][0]}.", set()).add(name)
    return {tag: names.pop() for tag, names in meant.items() if len(names) == 1}


def stated(name: str, person: str | None) -> Character:
    """Somebody who is only stated, under the canonical name where there is one."""
    return Character(person, (name,)) if person and person != name else Character(name)


def _namesakes(cast: Cast) -> dict[str, list[Figure]]:
    """Folded word -> the figures whose names have it, no more than a story can tell apart."""
    found: dict[str, list[Figure]] = {}
    for figure in cast.figures.values():
        for word in {*figure.words, *words_of(figure.name), *_one_word_forms(figure)}:
            if len(found.setdefault(word, [])) < NAMESAKES:
                found[word].append(figure)
    return found


def _one_word_forms(figure: Figure) -> set[str]:
    """What the story calls a figure in a word: "Fred" is Winifred Burkle, and so is a tag's "Fred B."."""
    return {words[0] for form in figure.forms if len(words := words_of(form)) == 1}


def _near(name: str, namesakes: dict[str, list[Figure]]) -> list[Figure]:
    """The figures that a stated name may mean, each once."""
    near = {id(f): f for word in words_of(name) for f in namesakes.get(word.rstrip("."), ())}
    return [figure for figure in near.values() if same_short(name, figure)]


def _no_more(name: str, figure: Figure) -> bool:
    """Whether a name says no more than the figure's: titles and initials aside, "Spock Prime" is not Spock."""
    known = {*figure.words, *words_of(figure.name), *_one_word_forms(figure)}
    more = {w.rstrip(".") for w in words_of(name)} - known
    return all(len(word) == 1 or word in titles() for word in more)
