"""When two names, titles or tags are the same, and how many of a list were right, wrong and missed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ficdex.text import straighten_same_length

Forms = list[str]
"""Every form under which one person, fandom, ... is right; the canonical one first."""


def fold(text: object) -> str:
    """Case, quotes, dashes, compatibility forms and white space folded; accents count."""
    normal = unicodedata.normalize("NFKC", str(text or ""))
    return " ".join(straighten_same_length(normal).replace("…", "...").casefold().split())


def bare(text: object) -> str:
    """`fold` without punctuation, unless nothing else is there."""
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*|_+", fold(text))) or fold(text)


def words(text: object) -> Counter[str]:
    """The words of a text, or its characters where it has none."""
    folded = fold(text)
    return Counter(re.findall(r"\w+", folded) or list(folded.replace(" ", "")))


def forms_of(value: Any) -> Forms:
    """The forms of a record's value: a tag with and without what stands behind it, a person with the forms used."""
    if isinstance(value, dict):
        return [*_tag_forms(value["name"]), *value.get("as", ())] if value.get("name") else []
    return _tag_forms(value) if isinstance(value, str) and value else []


def _tag_forms(tag: str) -> Forms:
    """`Harry Potter - J. K. Rowling`, `Willow (BtVS)`, `A | B`."""
    forms = [tag]
    for part in tag.split(" | "):
        part = part.rsplit(" - ", 1)[0]
        while (shorter := re.sub(r"\s*\([^()]*\)$", "", part)) != part:
            part = shorter
        forms.append(part)
    return forms


@dataclass(slots=True)
class Average:
    """A mean of figures between 0 and 1."""

    total: float = 0.0
    count: int = 0

    def add(self, figure: float) -> None:
        self.total += figure
        self.count += 1

    @property
    def figure(self) -> float:
        return self.total / self.count if self.count else 0.0


@dataclass(slots=True)
class Tally:
    """Right, wrong and missed values; as a figure, F1."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: int, wrong: int, missed: int) -> None:
        self.right += right
        self.wrong += wrong
        self.missed += missed

    @property
    def count(self) -> int:
        return self.right + self.wrong + self.missed

    @property
    def figure(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.count else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(slots=True)
class Rate:
    """Yes or no for each of so many; as a figure, the share of yes."""

    right: int = 0
    count: int = 0

    def add(self, ok: bool, times: int = 1) -> None:
        self.right += times if ok else 0
        self.count += times

    @property
    def figure(self) -> float:
        return self.right / self.count if self.count else 1.0


def pairs(gold: Sequence[Forms], found: Sequence[Forms]) -> list[int | None]:
    """For each found value the index of the gold one it is, one to one: first by its own name, then by any form."""
    names = [{bare(form) for form in forms} for forms in gold]
    match: list[int | None] = [None] * len(found)
    for depth in (1, None):
        for n, forms in enumerate(found):
            if match[n] is None:
                hits = (g for form in forms[:depth] for g, known in enumerate(names) if bare(form) in known)
                match[n] = next((g for g in hits if g not in match), None)
    return match


def unwanted(found: Sequence[Forms], match: Sequence[int | None], spare: Iterable[Forms]) -> list[str]:
    """The found values that are neither gold nor tolerated."""
    tolerated = {bare(form) for forms in spare for form in forms}
    return [f[0] for f, m in zip(found, match, strict=True) if m is None and not {bare(x) for x in f} & tolerated]
