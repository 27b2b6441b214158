"""People whom the works of a fandom name and the gazetteer does not, pooled over those works."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..lexicon import Lexicon, phrases
from ..text import bare, fold

EXAMPLES = 3
"""Places that are quoted for a person, each from another work."""


@dataclass(slots=True)
class Stranger:
    """One person of the works of `fandom` whom no list has: under which names, how often, in which works."""

    fandom: str
    name: str
    forms: Counter[str] = field(default_factory=Counter)
    mentions: int = 0
    works: set[int] = field(default_factory=set)

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words of the name without titles."""
        return _untitled(self.name)

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other forms, the most used first."""
        return tuple(form for form, _ in self.forms.most_common() if fold(form) != fold(self.name))

    def absorb(self, other: Stranger) -> None:
        """Add what was found of the same person under another name."""
        self.forms += other.forms
        self.mentions += other.mentions
        self.works |= other.works


def title_of(db: sqlite3.Connection, listed: Lexicon, name: str) -> str | None:
    """The title under which the works have the fandom that `name` names; None if no work has it."""
    known = listed.fandom_names.get(fold(name))
    wanted = {bare(name), bare(known.title) if known else ""}
    titles = (str(row[0]) for row in db.execute("SELECT title FROM fandoms ORDER BY id"))
    return next((title for title in titles if bare(title) in wanted), None)


def find(db: sqlite3.Connection, listed: Lexicon, fandom: str | None, least: int) -> list[Stranger]:
    """People of `fandom`, or of every fandom, whom `least` works name and no list has; the most frequent first.

    A work without a fandom, or of none that exists, has nobody in common with others.
    """
    fandoms = _fandoms_of_works(db)
    pools: dict[str, list[Stranger]] = defaultdict(list)
    for work, name, forms, mentions in db.execute(
        "SELECT t.work_id, c.name, t.forms, t.mentions FROM work_characters t"
        " JOIN characters c ON c.id = t.character_id ORDER BY t.work_id, t.position"
    ):
        titles = fandoms.get(work, [])
        if not titles or (fandom and fandom not in titles) or not _untitled(name) or _is_listed(name, titles, listed):
            continue
        used = Counter([name, *(form for form in json.loads(forms) if _untitled(form))])
        pools[fandom or titles[0]].append(Stranger(fandom or titles[0], name, used, mentions, {work}))
    found = [one for pool in pools.values() for one in _pooled(pool) if len(one.works) >= least]
    return sorted(found, key=lambda s: (-len(s.works), -s.mentions, s.name))


def places(db: sqlite3.Connection, one: Stranger) -> Iterator[tuple[int, int, int]]:
    """(work, start, end) of a name of the person in the texts of a few works."""
    names = {bare(form) for form in (one.name, *one.forms)}
    for work in sorted(one.works)[:EXAMPLES]:
        if place := _place(db, work, names):
            yield (work, *place)


def _place(db: sqlite3.Connection, work: int, names: set[str]) -> tuple[int, int] | None:
    """Where the evidence of a work's character with one of these names stands in its text."""
    row = db.execute("SELECT evidence FROM extractions WHERE work_id = ?", (work,)).fetchone()
    for key, value, start, end, *_ in json.loads(row[0]) if row else ():
        if key == "characters" and start is not None and bare(value["name"]) in names:
            return int(start), int(end)
    return None


def _fandoms_of_works(db: sqlite3.Connection) -> dict[int, list[str]]:
    """Work -> the titles of its fandoms, without those that say it has none."""
    none = {bare(n) for n in phrases("fandoms")["original"]}
    found: dict[int, list[str]] = defaultdict(list)
    for work, title in db.execute(
        "SELECT t.work_id, f.title FROM work_fandoms t JOIN fandoms f ON f.id = t.fandom_id ORDER BY 1, t.position"
    ):
        if bare(title) not in none:
            found[work].append(title)
    return found


def _is_listed(name: str, titles: Iterable[str], listed: Lexicon) -> bool:
    """Has one of the fandoms somebody of that name, or has the owner refused it?"""
    known = filter(None, (listed.fandom_names.get(fold(title)) for title in titles))
    return any(bare(name) in _names_in(fandom.title, listed) | fandom.refused for fandom in known)


@cache
def _names_in(title: str, listed: Lexicon) -> frozenset[str]:
    """The bare names and aliases of the people of a listed fandom."""
    return frozenset(bare(" ".join(alias.words)) for alias in listed.aliases_of[title])


# one person under several names


def _pooled(found: Iterable[Stranger]) -> list[Stranger]:
    """Those of one name as one; who has part of a single other's name, and no work in common, joins that one."""
    same: dict[tuple[str, ...], Stranger] = {}
    for one in found:
        key = (_gender(one.name) if len(one.words) == 1 else "", *one.words)
        if key in same:
            same[key].absorb(one)
        else:
            same[key] = one
    kept: list[Stranger] = []
    for one in sorted(same.values(), key=lambda s: (-len(s.words), -s.mentions)):
        fuller = [other for other in kept if _may_be_part(one, other)]
        if len(fuller) == 1:
            fuller[0].absorb(one)
        else:
            kept.append(one)
    for one in kept:
        one.name = max(one.forms, key=lambda form: (form == one.name, one.forms[form]))
    return kept


def _may_be_part(one: Stranger, other: Stranger) -> bool:
    """May `one` be a shorter name of `other`? Whom a work tells apart are two, and so are genders."""
    shorter = len(one.words) < len(other.words) and set(one.words) <= set(other.words)
    return shorter and not one.works & other.works and {_gender(one.name), _gender(other.name)} != {"m", "f"}


def _untitled(name: str) -> tuple[str, ...]:
    """The bare words of a name without the titles before it; none if it is titles alone."""
    words = bare(name).split()
    at = 0
    while at < len(words) and words[at] in _titles():
        at += 1
    return tuple(words[at:])


@cache
def _titles() -> Mapping[str, str]:
    """Bare title of honour -> the gender that it tells ("" if none)."""
    groups = phrases("titles_of_honour")
    genders = (("male", "m"), ("female", "f"), ("either", ""))
    return {bare(title): gender for group, gender in genders for title in groups[group]}


@cache
def _given_names() -> Mapping[str, str]:
    groups = phrases("given_names")
    return {bare(name): gender for group, gender in (("male", "m"), ("female", "f")) for name in groups[group]}


def _gender(name: str) -> str:
    """What a name's title or given name tells."""
    words = bare(name).split()
    told = (_titles().get(words[0], ""), _given_names().get(_untitled(name)[0], "")) if _untitled(name) else ("", "")
    return told[0] or told[1]


# as data/fandoms has them


def as_row(one: Stranger, others: Sequence[Stranger], listed: Lexicon) -> dict[str, Any]:
    """The person as a table of a fandom's file: forms of several words strong, single ones mid, those that are
    words weak; what somebody else of the fandom is called by too, nowhere.
    """
    shared = _forms_of_others(one, others, listed)
    derived = {bare(one.name.split()[0]), bare(one.name.split()[-1])} if " " in one.name else {bare(one.name)}
    strong, mid, weak = list[str](), list[str](), list[str]()
    for form in one.aliases:
        key = bare(form)
        if key in shared or (key in derived and key not in _words()):
            continue
        (strong if " " in form else weak if key in _words() else mid).append(form)
    ends = dict.fromkeys((one.name.split()[0], one.name.split()[-1])) if " " in one.name else ()
    never = [word for word in ends if word not in weak and bare(word) in shared | _words()]
    row = {"name": one.name, "gender": _gender(one.name), "strong": strong, "mid": mid, "weak": weak, "never": never}
    return {key: value for key, value in row.items() if value}


@cache
def _words() -> frozenset[str]:
    """Words that open sentences, titles and the like: by themselves they name nobody."""
    groups = phrases("names")
    return frozenset(bare(word) for word in (*groups["starters"], *groups["never"])) | _titles().keys()


def _forms_of_others(one: Stranger, others: Sequence[Stranger], listed: Lexicon) -> set[str]:
    """Bare forms by which other people of the fandom are called."""
    beside = [other for other in others if other is not one and other.fandom == one.fandom]
    forms = {bare(form) for other in beside for form in (*other.forms, *other.name.split())}
    known = listed.fandom_names.get(fold(one.fandom))
    return forms | (_names_in(known.title, listed) if known else frozenset())
