"""Whom the sides of a pairing name: the work's characters first, then people of its fandoms, under their full names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..lexicon import alternation, phrases
from ..model import Character
from ..text import bare, fold
from .characters import aliases_in, chosen_fandoms
from .draft import Draft
from .mentions import words_of

SIDES = re.compile(r"\s*[/&×]\s*|\s+x\s+")
"""What stands between the people of a pairing."""
LONGEST = 5
"""Words of a name beside the sign; what lies further off is not looked at."""
ENOUGH = 0.5
"""Confidence from which on a character is one of the work's."""


class People:
    """The people of a work and its fandoms, found by what they are called."""

    def __init__(self, draft: Draft) -> None:
        fandoms = chosen_fandoms(draft)
        self._pairs = draft.lexicon.pairs
        self._titles = frozenset(fandom.title for fandom in fandoms)
        self._aliases = aliases_in(draft.lexicon, self._titles)
        found = (claim.value for claim in draft.claims("characters") if claim.confidence >= ENOUGH)
        self._cast = sorted((c for c in found if isinstance(c, Character)), key=lambda c: (-c.mentions, c.name))
        self._by_form: dict[str, str] = {}
        for forms in ([c.name] for c in self._cast), (c.forms for c in self._cast):
            for character, called in zip(self._cast, forms, strict=True):
                for form in called:
                    self._by_form.setdefault(bare(form), character.name)

    def pairing(self, stated: str, said: str = "") -> str:
        """A stated pairing with its people under their full names, in the order of their last ones.

        Sides that cannot be told stay as stated. `said`: the pairing with all that is remarked on it.
        """
        sides = self._pair_named(stated) or SIDES.split(stated)
        return _joined([self.called(side) or self._of_initial(bare(side)) or side for side in sides], said or stated)

    def known_pairing(self, stated: str) -> str | None:
        """The same, if every side is somebody of the work or its fandoms, each somebody else.

        Words before the first side and behind the last are passed over: `FIC: Salt Spike/Willow PG`.
        """
        if any(title in self._titles for title, _ in self._pairs.get(fold(stated), ())):
            return self.pairing(stated)
        sides = SIDES.split(stated)
        first, last = sides[0].split()[-LONGEST:], sides[-1].split()[:LONGEST]
        ends = (
            [" ".join(first[at:]) for at in range(len(first))],
            [" ".join(last[:at]) for at in range(len(last), 0, -1)],
        )
        tries = [ends[0], *([side] for side in sides[1:-1]), ends[1]]
        named = [next(filter(None, map(self.called, forms)), None) for forms in tries]
        people = [name for name in named if name]
        return _joined(people, stated) if len({*people}) == len(sides) > 1 else None

    def called(self, side: str) -> str | None:
        """The full name of who is called so, by name or by part of a name that is nobody else's."""
        key = bare(side)
        if name := self._by_form.get(key):
            return name
        if len(key) < 2:
            return None
        if known := self._aliases.named.get(tuple(words_of(side))):
            return known[0].person.name
        words = set(key.split())
        holding = [c.name for c in self._cast if words <= set(bare(c.name).split())]
        return holding[0] if len(holding) == 1 else None

    def _of_initial(self, initial: str) -> str | None:
        """The one person of that initial, of those that carry the work or of all."""
        if len(initial) != 1:
            return None
        for stages in (("main",), ("main", "present", "mentioned")):
            there = (c for c in self._cast if c.stage in stages)
            fitting = [c.name for c in there if any(bare(form).startswith(initial) for form in (c.name, *c.forms))]
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _pair_named(self, name: str) -> tuple[str, ...] | None:
        """The people of a name such as "Spuffy": those of the story's own fandoms before all others."""
        found = sorted(self._pairs.get(fold(name), ()), key=lambda pair: pair[0] in self._titles)
        return found[-1][1] if found else None


def _joined(people: list[str], stated: str) -> str:
    """People in the order of their last names; "&" between friends, where it is the only sign or the words say so."""
    friends = _friends().search(stated) or ("&" in stated and not re.search(r"[/×]|\sx\s", stated))
    return (" & " if friends else "/").join(sorted(people, key=_order))


@cache
def _friends() -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(phrases('relationships')['friends'])}\b", re.IGNORECASE)


def _order(name: str) -> tuple[str, str]:
    words = bare(name).split()
    return words[-1] if words else "", bare(name)


def listed(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Runs of a few words with the sign of a pairing between them."""
    return _LISTED.finditer(text, start, end)


_WORDS = r"[^\W\d_][\w'’-]*+(?: [^\W\d_][\w'’-]*+){0,2}"
_LISTED = re.compile(rf"{_WORDS}(?:(?:/| ?& ?| ?× ?| x ){_WORDS}){{1,3}}")
