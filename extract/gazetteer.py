"""Known aliases in a run of words, and how well each known fandom explains the names of a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ..lexicon import STRONG, WEAK, Alias, Aliases, Fandom, Person, phrases
from ..text import fold
from .mentions import Mentions, Seen

COMMON = 0.3
"""What a given name that anybody may bear says about a fandom, beside 1 for a name of its own."""
_WEIGHT = {STRONG: 3.0, 2: 1.0, WEAK: 0.05}


@dataclass(slots=True)
class Hit:
    """Words `first:last` of a run are an alias of each person in `aliases`."""

    first: int
    last: int
    aliases: Sequence[Alias]


def hits(words: Sequence[str], aliases: Aliases) -> list[Hit]:
    """The known aliases in `words`, the longest at each place, none overlapping."""
    found: list[Hit] = []
    at = 0
    while at < len(words):
        here = (aliases.named.get(tuple(words[at : at + size]), ()) for size in aliases.sizes.get(words[at], ()))
        if longest := next(filter(None, here), None):
            found.append(Hit(at, at + len(longest[0].words), longest))
            at += len(longest[0].words)
        else:
            at += 1
    return found


@cache
def given_names() -> Mapping[str, str]:
    """Folded given name -> "m", "f" or "" (either)."""
    groups = phrases("given_names")
    found = {fold(n): g for g, key in (("m", "male"), ("f", "female")) for n in groups[key]}
    return found | {fold(n): "" for n in groups["either"]}


@cache
def _starters() -> frozenset[str]:
    return frozenset(phrases("names")["starters"])


def is_named(seen: Seen) -> bool:
    """Does anything but the start of a sentence explain the capital?"""
    return bool(seen.mid or seen.said or seen.called)


@dataclass(slots=True)
class Fit:
    """How a fandom explains the story's names: points for each person, and how many mentions they make up."""

    people: dict[str, float] = field(default_factory=dict)
    surfaces: dict[str, int] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return sum(self.people.values())


def fits(mentions: Mentions, aliases: Aliases) -> tuple[dict[str, Fit], int]:
    """Fandom title -> how it fits, and the number of mentions that look like names at all."""
    found: dict[str, Fit] = {}
    named = 0
    starters, known = _starters(), aliases.sizes.keys()
    for surface, seen in mentions.runs.items():
        words = mentions.folded[surface]
        if len(words) == 1 and words[0] in starters:
            continue
        evident = is_named(seen)
        named += seen.count if evident else 0
        if known.isdisjoint(words):
            continue
        for hit in hits(words, aliases):
            if evident or hit.last - hit.first > 1:
                _credit(found, surface, seen, hit, mentions)
    return found, named


def _credit(found: dict[str, Fit], surface: str, seen: Seen, hit: Hit, mentions: Mentions) -> None:
    """Add what one hit says to the fandoms that know it; what many fandoms know says little."""
    best: dict[str, Alias] = {}
    for alias in hit.aliases:
        best.setdefault(alias.fandom.title, alias)
    for title, alias in best.items():
        points = _WEIGHT[alias.strength]
        if hit.last - hit.first == 1:
            word = alias.words[0]
            plain = word in given_names() or word in mentions.lower
            points *= COMMON if plain else 1.0
        points /= len(best) ** 0.5
        fit = found.setdefault(title, Fit())
        name = alias.person.name
        fit.people[name] = max(points, fit.people.get(name, 0.0))
        if alias.strength > WEAK:
            fit.surfaces[surface] = seen.count


def people_of(fandoms: Sequence[Fandom]) -> frozenset[str]:
    """Every word by which the people of `fandoms` are called, for stories that use no capitals."""
    skip = _starters()
    return frozenset(
        word
        for fandom in fandoms
        for person in fandom.people
        for form in _forms(person)
        for word in fold(form).split()
        if len(word) > 2 and word not in skip
    )


def _forms(person: Person) -> tuple[str, ...]:
    return (*person.strong, *person.mid)
