"""What a search page shows, as its address holds it: words, chosen facets, order, page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args
from urllib.parse import urlencode

from ..index.facets import NAMES, term
from ..index.hits import Sort
from ..index.query import parse

SORTS: tuple[str, ...] = get_args(Sort)
PAGE = 20
LAST = 500
"""The last page that can be asked for: who looks further searches for something else."""
EVERYTHING = "id:>=1"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet that a work must have, or must not."""

    facet: str
    value: str
    wanted: bool = True

    @property
    def term(self) -> str:
        """The choice in the query language."""
        return term(self.facet, self.value) if self.wanted else f"-{term(self.facet, self.value)}"


@dataclass(frozen=True, slots=True)
class State:
    """A search: what was typed, which facets were chosen, the order, the page (from 1)."""

    q: str = ""
    choices: tuple[Choice, ...] = ()
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, parameters: Iterable[tuple[str, str]]) -> State:
        """The state that an address holds; what is nonsense in it is left out."""
        state, choices = cls(), dict[Choice, None]()
        for name, value in parameters:
            if name == "q":
                state = replace(state, q=value.strip())
            elif name == "sort" and value in SORTS:
                state = replace(state, sort=value)
            elif name == "page" and value.isascii() and value.isdigit():
                state = replace(state, page=max(1, min(int(value[:9]), LAST)))
            elif name in ("has", "not"):
                facet, colon, chosen = value.partition(":")
                if colon and chosen and facet in NAMES:
                    choices[Choice(facet, chosen, name == "has")] = None
        return replace(state, choices=tuple(choices))

    @property
    def order(self) -> Sort:
        """How hits are sorted: as asked, else best first where words were typed, newest first where not."""
        return cast("Sort", self.sort) or ("score" if self.q else "added")

    def query(self, hidden: Sequence[str] = ()) -> str:
        """The state in the query language; `hidden` are ratings that are left out.

        Raises:
            QueryError: with the place in what was typed, if that cannot be understood.
        """
        if self.q:
            parse(self.q)
        terms = [choice.term for choice in self.choices] + [f"-{term('rating', level)}" for level in hidden]
        if not terms:
            return self.q or EVERYTHING
        return " ".join([f"({self.q})" if self.q else EVERYTHING, *terms])

    def parameters(self) -> list[tuple[str, str]]:
        """The address's part behind the question mark, in a fixed order; defaults are left out."""
        found = [("q", self.q)] if self.q else []
        found += [("has" if c.wanted else "not", f"{c.facet}:{c.value}") for c in self.choices]
        found += [("sort", self.sort)] if self.sort else []
        return found + ([("page", str(self.page))] if self.page > 1 else [])

    def url(self, path: str = "/") -> str:
        """The address of the state."""
        return f"{path}?{urlencode(found)}" if (found := self.parameters()) else path

    def toggled(self, choice: Choice) -> State:
        """With the choice, or without it if it was made; the opposite one goes. On the first page."""
        kept = tuple(c for c in self.choices if (c.facet, c.value) != (choice.facet, choice.value))
        added = () if choice in self.choices else (choice,)
        return replace(self, choices=kept + added, page=1)

    def turned(self, page: int) -> State:
        """On another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> State:
        """In another order, on the first page."""
        return replace(self, sort=sort, page=1)


def of_facet(facet: str, value: str) -> str:
    """The address of all works with a value."""
    return State(choices=(Choice(facet, value),)).url()
