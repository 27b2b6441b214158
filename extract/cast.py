"""One person, one figure: how the forms of a story's names belong together, and which never do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from ..lexicon import WEAK, Aliases, Person, phrases
from ..text import fold
from .forms import Form, starters, titles, uncapped
from .gazetteer import Hit, given_names, hits, is_named
from .gender import gender_near
from .mentions import Mentions, Seen
from .names import never_names

NAMESAKES = 30
"""People with one word of their names in common, of whom a story has no more."""


@dataclass(slots=True)
class Figure:
    """A person of the story: name, the forms this story uses with their counts, and all mentions together.

    `titled`: the first of the forms has a title.
    """

    name: str
    words: tuple[str, ...]
    gender: str = ""
    person: Person | None = None
    forms: Counter[str] = field(default_factory=Counter)
    seen: Seen = field(default_factory=lambda: Seen(-1, -1))
    points: float = 0.0
    titled: bool = False

    def add(self, text: str, seen: Seen, start: int, end: int, *, inside: bool = False) -> None:
        """Count mentions under the form `text`, the first of them at start:end."""
        self.forms[text] += seen.count
        if self.seen.start < 0 or start < self.seen.start:
            self.seen.start, self.seen.end = start, end
        self.seen.absorb(seen, inside=inside)


class Cast:
    """The figures of a story, found by the words of their names."""

    def __init__(self, aliases: Aliases, text: str) -> None:
        self.aliases = aliases
        self.figures: dict[str, Figure] = {}
        self.taken: set[str] = set()
        self._by_word: dict[str, list[Figure]] = {}
        self._gender = cache(lambda name: gender_near(text, name))

    # known people

    def place_known(self, mentions: Mentions) -> None:
        """Give every run that known aliases explain to its people; what several could be, to the likeliest."""
        unsure: list[tuple[str, Seen, Hit]] = []
        known = self.aliases.sizes.keys()
        for surface, seen in mentions.runs.items():
            if known.isdisjoint(mentions.folded[surface]):
                continue
            for hit in self._explained(surface, seen, mentions):
                self.taken.add(surface)
                people = {a.person.name for a in hit.aliases}
                if len(people) == 1:
                    self._credit(hit.aliases[0].person, surface, seen, hit)
                else:
                    unsure.append((surface, seen, hit))
        for surface, seen, hit in unsure:
            self._credit(self._likeliest(hit), surface, seen, hit)

    def _explained(self, surface: str, seen: Seen, mentions: Mentions) -> list[Hit]:
        """The hits in a run, unless words of the run beside them name somebody else."""
        words = mentions.folded[surface]
        if len(words) == 1 and words[0] in starters() and not self._is_strong(words[0]):
            return []
        found = _joined([h for h in hits(words, self.aliases) if _may_be(h, words, seen, mentions.lower)])
        if not found:
            return found
        covered = {i for h in found for i in range(h.first, h.last)}
        for at, word in enumerate(words):
            if at in covered or word in starters() or word.rstrip(".") in titles():
                continue
            if len(words) <= 3 and (at + 1 in covered or at - 1 in covered) and not surface.isupper():
                return [h for h in found if h.last - h.first > 1]
        return found

    def _is_strong(self, word: str) -> bool:
        return any(a.strength > WEAK for a in self.aliases.named.get((word,), ()))

    def _likeliest(self, hit: Hit) -> Person:
        """Of several people with one alias: the strongest tied to it, then the most named, then the first listed."""
        best = max(a.strength for a in hit.aliases)
        people = [a.person for a in hit.aliases if a.strength == best]
        named = [(self.figures[p.name].seen.count if p.name in self.figures else 0) for p in people]
        return people[named.index(max(named))]

    def _credit(self, person: Person, surface: str, seen: Seen, hit: Hit) -> None:
        figure = self.figures.get(person.name)
        if figure is None:
            words = tuple(fold(person.name).split())
            figure = Figure(person.name, words, person.gender, person, points=9.0)
            self._enter(figure)
        tokens = uncapped(surface).split() if not surface.isupper() or len(surface) > 4 else surface.split()
        text = " ".join(tokens[hit.first : hit.last])
        offset = surface.find(surface.split()[hit.first])
        start = seen.start + offset
        end = seen.end if hit.last == len(tokens) else start + len(text)
        figure.add(text, seen, start, end, inside=hit.first > 0)

    def _enter(self, figure: Figure) -> None:
        self.figures[figure.name] = figure
        for word in figure.words:
            namesakes = self._by_word.setdefault(word, [])
            if len(namesakes) < NAMESAKES:
                namesakes.append(figure)

    # people no list knows

    def place_unknown(self, accepted: Iterable[tuple[Form, float]]) -> None:
        """Join each form to the figure it names, or make a new one: full names first, bare ones last."""
        accepted = list(accepted)
        couples = _couples(form for form, _ in accepted)
        ranked = sorted(
            accepted,
            key=lambda f: (
                f[0].words in couples and not f[0].title,
                -min(len(f[0].words), 2),
                not f[0].title,
                -f[0].seen.count,
            ),
        )
        for form, sure in ranked:
            figure = self._owner(form, couples)
            if figure is None:
                name = form.text if len(form.words) > 1 and form.words not in couples else form.display
                while name in self.figures:
                    name = form.display if name != form.display else f"{name} "
                figure = Figure(name, form.words, form.gender, titled=bool(form.title))
                self._enter(figure)
            for word in form.words:
                namesakes = self._by_word.setdefault(word, [])
                if len(namesakes) < NAMESAKES and figure not in namesakes:
                    namesakes.append(figure)
            figure.gender = figure.gender or (form.gender if form.title else "")
            figure.points = max(figure.points, sure)
            figure.add(form.display, form.seen, form.seen.start, form.seen.end)
            if figure.person is None and len(form.words) > len(figure.words):
                figure.words = form.words

    def _owner(self, form: Form, couples: frozenset[tuple[str, ...]]) -> Figure | None:
        """The figure that a form names; the most mentioned of several. A couple's titles name nobody's child."""
        near = [f for word in form.words for f in self._by_word.get(word, ())]
        if len(form.words) == 1:
            near += [f for word in _called(form.words[0]) for f in self._by_word.get(word, ())]
        if form.title and form.gender:
            if form.words in couples:
                near = [f for f in near if f.words == form.words]
            for figure in near:
                if not figure.gender and (len(figure.words) > 1 or figure.titled):
                    figure.gender = self._gender(figure.forms.most_common(1)[0][0])
        elif form.title and any(f.gender and f.titled for f in near):
            form.gender = self._gender(form.display)  # is General Shaw Mrs. Shaw?
        fitting = [f for f in near if not _clash(f, form) and _names(f, form)]
        if form.words in couples and not form.title:
            theirs = self._gender(form.text) or "m"
            fitting = [f for f in fitting if f.gender == theirs] or fitting
        return max(fitting, key=lambda f: f.seen.count, default=None)


def _couples(found: Iterable[Form]) -> frozenset[tuple[str, ...]]:
    """Surnames that stand behind titles of both genders: Mr. and Mrs. Hilbery."""
    genders: dict[tuple[str, ...], set[str]] = {}
    for form in found:
        if form.title and form.gender and (len(form.words) == 1 or form.words[0] == "st"):
            genders.setdefault(form.words, set()).add(form.gender)
    return frozenset(name for name, both in genders.items() if len(both) > 1)


def _may_be(hit: Hit, words: list[str], seen: Seen, lower: frozenset[str]) -> bool:
    """Could this hit mean its people here? Weak and everyday words need more than a capital at a sentence's start."""
    before = words[hit.first - 1].rstrip(".") if hit.first else ""
    if gender := titles().get(before, ""):
        hit.aliases = [a for a in hit.aliases if not a.person.gender or a.person.gender == gender]
        if not hit.aliases:
            return False
    if max(a.strength for a in hit.aliases) == WEAK and " ".join(words[hit.first : hit.last]) in never_names():
        return words[hit.first] in titles() or seen.said > 0
    if hit.last - hit.first > 1 or before in titles():
        return True
    strength = max(a.strength for a in hit.aliases)
    word = words[hit.first]
    if strength == WEAK or word in lower:
        return is_named(seen) or hit.first > 0
    return True


def _joined(found: list[Hit]) -> list[Hit]:
    """Neighbouring hits on one person as one: "Rukia Kuchiki", "Sirius Black"."""
    joined: list[Hit] = []
    for hit in found:
        if joined and joined[-1].last == hit.first:
            both = [a for a in joined[-1].aliases if any(a.person is b.person for b in hit.aliases)]
            if both:
                joined[-1] = Hit(joined[-1].first, hit.last, both)
                continue
        joined.append(hit)
    return joined


@cache
def _short() -> Mapping[str, frozenset[str]]:
    """Diminutive -> given names it stands for, and the other way round."""
    found: dict[str, set[str]] = {}
    for given, short in phrases("diminutives").items():
        for name in short:
            found.setdefault(name, set()).add(given)
            found.setdefault(given, set()).add(name)
    return {k: frozenset(v) for k, v in found.items()}


def _called(word: str) -> Iterator[str]:
    """Names that a pet form may stand for: "dawnie" for "dawn", "tom" for "thomas"."""
    yield from _short().get(word, ())
    for ending in ("ie", "y", "s", "ster", "kins"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            yield stem
            if len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


def _clash(figure: Figure, form: Form) -> bool:
    """Never one person: a title or a first name of the other gender, another first name on the surname."""
    if form.gender and figure.gender and form.gender != figure.gender and (form.title or len(form.words) > 1):
        return True
    return len(figure.words) > 1 and len(form.words) > 1 and not _same_full(figure.words, form.words)


def _same_full(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Full names of one person: one holds the other, or the first names are forms of each other."""
    if set(one) <= set(other) or set(other) <= set(one):
        return True
    return one[-1] == other[-1] and other[0] in _short().get(one[0], ())


def _names(figure: Figure, form: Form) -> bool:
    """Does the form name the figure? A title stands before a surname or alone, a pet form for a first name."""
    if len(form.words) > 1:
        return (len(figure.words) == 1 and figure.words[0] in form.words) or _same_full(figure.words, form.words)
    word = form.words[0]
    if word in figure.words:
        return True
    own = figure.person is not None and word in given_names()
    return figure.words[0] in _called(word) and not form.title and not own and not figure.titled
