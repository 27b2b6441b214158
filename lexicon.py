"""data/ loaded: fandoms with their characters, and the phrases that mark notes, headers and credits.

What counts as a marker, cue, label or alias stands in TOML; code composes it and refuses an empty
group, which would match everywhere.
"""

from __future__ import annotations

import gc
import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from . import __version__, fandom_files
from .compiled import rows
from .errors import DataError
from .fandom_files import Fandom as Fandom
from .fandom_files import OwnFandoms, as_fandom, own_fandoms, parsed, prepared, with_own
from .fandom_files import Person as Person
from .fandom_files import load_fandom as load_fandom
from .places import fandoms_path
from .text import bare, fold

DATA = Path(__file__).parent / "data"

Phrases = Mapping[str, tuple[str, ...]]


class Alias(NamedTuple):
    """One way to call a person: folded words without a leading "the", and what they prove (STRONG, MID, WEAK)."""

    words: tuple[str, ...]
    person: Person
    fandom: Fandom
    strength: int


class Aliases:
    """Aliases found by their words, at a cost that does not grow with how many there are.

    `named`: words -> whom they may mean, the strongest first. `sizes`: first word -> how many words the
    aliases have that begin so, the most first.
    """

    def __init__(self, aliases: Iterable[Alias]) -> None:
        named: dict[tuple[str, ...], tuple[Alias, ...]] = {}
        sizes: dict[str, tuple[int, ...]] = {}
        for alias in aliases:
            words = alias.words
            if known := named.get(words):
                named[words] = tuple(sorted((*known, alias), key=lambda a: -a.strength))
                continue
            named[words] = (alias,)
            if len(words) not in (found := sizes.get(words[0], ())):
                sizes[words[0]] = tuple(sorted((*found, len(words)), reverse=True))
        self.named: Mapping[tuple[str, ...], tuple[Alias, ...]] = named
        self.sizes: Mapping[str, tuple[int, ...]] = sizes


STRONG, MID, WEAK = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Weights:
    """What words add to the log-odds of what was learned, and where these begin."""

    bias: float
    words: Mapping[str, float]

    def odds(self, features: Iterable[str]) -> float:
        """The log-odds of what has these features: their sum by the root of their number, so that long is no surer."""
        known = [weight for name in features if (weight := self.words.get(name)) is not None]
        return self.bias + (sum(known) / math.sqrt(len(known)) if known else 0.0)


NONE_OWN = OwnFandoms()


class Lexicon:
    """Everything under data/ that extraction and search ask for, with the owner's own fandoms beside it."""

    def __init__(self, fandoms: Iterable[Fandom], own: OwnFandoms = NONE_OWN) -> None:
        self.fandoms = tuple(with_own(fandoms, own.fandoms))
        self.own = own

    @cached_property
    def owners(self) -> frozenset[str]:
        """Bare names of all rights holders."""
        return frozenset(bare(owner) for fandom in self.fandoms for owner in fandom.owners)

    @cached_property
    def pairs(self) -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """Folded pairing name -> (title of the fandom, the two people), for each fandom that has it."""
        found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for fandom in self.fandoms:
            for name, pair in fandom.pairs.items():
                found.setdefault(fold(name), []).append((fandom.title, pair))
        return {name: tuple(pairs) for name, pairs in found.items()}

    @cached_property
    def fandom_names(self) -> Mapping[str, Fandom]:
        """Folded name or abbreviation -> Fandom."""
        return {fold(n): f for f in reversed(self.fandoms) for n in f.names}

    @cached_property
    def aliases(self) -> Aliases:
        """Every way to call the people of every fandom."""
        with _kept():
            return Aliases(alias for found in self.aliases_of.values() for alias in found)

    @cached_property
    def aliases_of(self) -> Mapping[str, tuple[Alias, ...]]:
        """Title of a fandom -> every way to call its people."""
        return {fandom.title: tuple(_aliases(fandom)) for fandom in self.fandoms}

    @cached_property
    def fandom_words(self) -> Mapping[str, tuple[Fandom, ...]]:
        """Folded word of a setting -> the fandoms it speaks for."""
        found: dict[str, list[Fandom]] = {}
        for fandom in self.fandoms:
            for word in fandom.words:
                found.setdefault(fold(word), []).append(fandom)
        return {k: tuple(v) for k, v in found.items()}

    @cached_property
    def version(self) -> str:
        """Changes whenever a file does that extraction reads under data/, or one of the owner's."""
        digest = hashlib.sha256()
        for path in sorted(p for folder in ("fandoms", "phrases", "weights") for p in (DATA / folder).glob("*.toml")):
            digest.update(path.read_bytes())
        digest.update(self.own.version.encode())
        return digest.hexdigest()[:8]


def _aliases(fandom: Fandom) -> Iterator[Alias]:
    for person in fandom.people:
        for strength, forms in ((STRONG, person.strong), (MID, person.mid), (WEAK, person.weak)):
            for form in forms:
                yield Alias(tuple(fold(form).removeprefix("the ").split()), person, fandom, strength)


@cache
def lexicon() -> Lexicon:
    """The lexicon of this installation and its owner, loaded once a process."""
    paths = sorted((DATA / "fandoms").glob("*.toml"))
    with _kept():
        listed = rows(paths, prepared, "gazetteer.json", Path(fandom_files.__file__))
        return Lexicon(map(as_fandom, paths, listed), own_fandoms(fandoms_path()))


@contextmanager
def _kept() -> Iterator[None]:
    """For what stays as long as the process: the garbage collector does not look through it, now or ever."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def extractor_version() -> str:
    """The version of code and data that extracts now; a work says which one made it."""
    return f"{__version__}+{lexicon().version}"


@cache
def phrases(name: str) -> Phrases:
    """The groups of data/phrases/NAME.toml: group -> phrases.

    Raises:
        DataError: if a group is empty, or a phrase is blank.
    """
    path = DATA / "phrases" / f"{name}.toml"
    return _checked(path, parsed(path))


@cache
def tables(name: str) -> Mapping[str, Phrases]:
    """The groups of a phrase file that has tables: table -> group -> phrases.

    Raises:
        DataError: if a group is empty, or a phrase is blank.
    """
    path = DATA / "phrases" / f"{name}.toml"
    return {table: _checked(path, groups) for table, groups in parsed(path).items()}


@cache
def weights(name: str) -> Weights:
    """The learned weights of data/weights/NAME.toml.

    Raises:
        DataError: if the file cannot be read.
    """
    path = DATA / "weights" / f"{name}.toml"
    row = parsed(path)
    try:
        return Weights(row["bias"], row["words"])
    except KeyError as missing:
        raise DataError(f"{path}: {missing} is missing") from missing


def _checked(path: Path, groups: Mapping[str, Iterable[str]]) -> Phrases:
    checked = {group: tuple(values) for group, values in groups.items()}
    for group, values in checked.items():
        if not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise DataError(f"{path}: group {group!r} is empty or has a blank phrase")
    return checked


def alternation(values: Iterable[str]) -> str:
    """A regex group that matches any of `values` literally, longest first; blanks match any white space.

    Beginnings that several share are written once: a place in the text is given up at its first wrong letter, not
    after every value.

    Raises:
        DataError: if there are none: an empty group would match everywhere.
    """
    return _composed(frozenset(values))


@cache
def _composed(values: frozenset[str]) -> str:
    if not values:
        raise DataError("an empty group of phrases would match everywhere")
    words = {tuple(r"\s+" if c == " " else re.escape(c) for c in " ".join(v.split())) for v in values}
    return f"(?:{'|'.join(_branches(sorted(words, key=len, reverse=True)))})"


def _branches(words: Iterable[tuple[str, ...]]) -> list[str]:
    """Patterns of `words` (the longest first), those that begin alike as one."""
    heads: dict[str, list[tuple[str, ...]]] = {}
    for word in words:
        heads.setdefault("".join(word[:1]).lower(), []).append(word)
    return [branch for alike in heads.values() for branch in _branch(alike)]


def _branch(words: list[tuple[str, ...]]) -> list[str]:
    """One pattern of words that begin alike; where only their case differs each stands for itself, in order."""
    if len(words) == 1 or len({word[0] for word in words}) > 1:
        return ["".join(word) for word in words]
    rest = _branches(word[1:] for word in words)
    return [words[0][0] + (rest[0] if len(rest) == 1 else f"(?:{'|'.join(rest)})")]
