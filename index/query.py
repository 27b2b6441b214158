"""The query language: what a person types becomes a small tree of frozen nodes.

    willow tara              both words, anywhere
    "stroking my ego"        the words in this order;  "stroking ego"~3 with up to 3 words' distance
    beta:trisha              in one field (fields.py names them; `text:` is the story);  field:(a b) for several
    character:="Dawn"        the whole value, nothing more
    refrig*   trisah~        words that begin so;  words spelled nearly so
    a AND b   a OR b   a || b   a && b   NOT a   -a   (a OR b) c
    words:>10k   words:1000..5000   chapters:1   published:2003   updated:>2005-03   published:2002-11..2003-05
    beta:*   -beta:*         something, nothing is known

OR binds least, then AND (which blanks mean too), then NOT. Case, accents and typographic quotes never matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, NoReturn, TypeAlias

from ..errors import QueryError
from ..fields import BY_QUERY
from ..text import straighten_same_length
from .query_values import Unreadable, bounds, is_number

TEXT = "text"
"""The story itself: the one query field that is no key of the work record."""
LONGEST, DEEPEST, MOST = 4_000, 40, 200
"""Characters, nested parentheses and search terms that a query may have."""

Kind = Literal["words", "phrase", "exact", "prefix", "fuzzy"]


@dataclass(frozen=True, slots=True)
class Words:
    """Words to find; `field` is a key of the work record, TEXT, or None for anywhere; `near` widens."""

    text: str
    field: str | None = None
    kind: Kind = "words"
    near: int = 1


@dataclass(frozen=True, slots=True)
class Range:
    """A number or date of the record between `low` and `high`, both included (dates: yyyymmdd)."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Exists:
    """The record says something for `field`."""

    field: str


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything else."""

    part: Node


Node: TypeAlias = Words | Range | Exists | And | Or | Not

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<open>\() | (?P<close>\))
      | (?P<or>OR(?=[\s()]|$) | \|\|)
      | (?P<and>AND(?=[\s()]|$) | &&)
      | (?P<not>NOT(?=[\s()]|$) | -+(?=[^\s\-)]))
      | (?P<url>https?://[^\s"()]+)
      | (?P<field>[^\W\d]\w*:)
      | "(?P<phrase>[^"]*)"(?:~(?P<slop>\d{1,2}))?
      | (?P<unclosed>")
      | (?P<word>[^\s"()]+)""",
    re.VERBOSE,
)
_FUZZY = re.compile(r"(.+)~([12]?)")
_HAS_WORD = re.compile(r"[^\W_]")


class _Token(NamedTuple):
    kind: str
    text: str
    at: int
    end: int
    slop: int = 0


def parse(query: str) -> Node:
    """The tree of a query.

    Raises:
        QueryError: with the position, if it cannot be understood.
    """
    if len(query) > LONGEST:
        raise QueryError(query[:60] + "...", 0, f"a query may have {LONGEST} characters, this has {len(query)}")
    return _Parser(query).whole()


def terms(node: Node) -> Iterator[Words]:
    """The words that hits may show: all but those behind a NOT."""
    match node:
        case Words():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part)


class _Parser:
    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = [t for t in self._lex(straighten_same_length(query)) if t.kind != "blank"]
        self.next = 0
        self.depth = 0
        self.found = 0

    def _lex(self, query: str) -> Iterator[_Token]:
        for match in _TOKEN.finditer(query):
            kind = match.lastgroup or ""
            if kind == "unclosed":
                self.fail(match.start(), "this quotation mark is not closed")
            if kind in ("phrase", "slop"):
                yield _Token("phrase", match["phrase"], match.start(), match.end(), int(match["slop"] or 0))
            else:
                yield _Token(kind, match.group(), match.start(), match.end())

    def fail(self, at: int, problem: str) -> NoReturn:
        raise QueryError(self.query, at, problem)

    def peek(self) -> _Token:
        if self.next < len(self.tokens):
            return self.tokens[self.next]
        return _Token("end", "", len(self.query), len(self.query))

    def take(self) -> _Token:
        token = self.peek()
        self.next += 1
        return token

    def whole(self) -> Node:
        node = self.either(None)
        if (token := self.peek()).kind != "end":
            self.fail(token.at, "a ')' without its '('")
        if node is None:
            self.fail(0, 'nothing to search for: give a word, a "phrase" or field:value')
        return node

    def either(self, field: str | None) -> Node | None:
        parts = [self.all(field)]
        while self.peek().kind == "or":
            operator = self.take()
            parts.append(self.all(field))
            if parts[-1] is None or parts[-2] is None:
                self.fail(operator.at, f"{operator.text} wants something on both sides")
        return _joined(Or, parts)

    def all(self, field: str | None) -> Node | None:
        parts: list[Node | None] = []
        while (token := self.peek()).kind not in ("or", "close", "end"):
            if token.kind == "and":
                self.take()
                if not parts or self.peek().kind in ("or", "and", "close", "end"):
                    self.fail(token.at, f"{token.text} wants something on both sides")
            parts.append(self.one(field))
        return _joined(And, parts)

    def one(self, field: str | None) -> Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(self.peek().at, f"parentheses and NOT may nest {DEEPEST} deep")
        token = self.take()
        if token.kind == "not":
            if self.peek().kind in ("or", "and", "close", "end"):
                self.fail(token.at, f"{token.text} wants something behind it")
            part = self.one(field)
            node: Node | None = Not(part) if part else None
        elif token.kind == "open":
            node = self.group(token, field)
        elif token.kind == "field":
            node = self.fielded(token, field)
        else:
            node = self.leaf(token, field)
        self.depth -= 1
        return node

    def group(self, opened: _Token, field: str | None) -> Node | None:
        node = self.either(field)
        if self.take().kind != "close":
            self.fail(opened.at, "this '(' is not closed")
        return node

    def fielded(self, token: _Token, outer: str | None) -> Node | None:
        """`name:` and its value; in "Star Trek: Voyager" a blank follows, so only a known name counts there."""
        name, value = token.text[:-1].lower(), self.peek()
        key = TEXT if name == TEXT else BY_QUERY[name].key if name in BY_QUERY else None
        if key is None and value.at > token.end:
            return self.leaf(token, outer)
        if key is None:
            self.fail(token.at, f"there is no field {name!r}{_nearest(name)}")
        if value.kind in ("open", "not") and value.at == token.end:
            return self.one(key)
        if value.kind not in ("word", "phrase", "url", "field"):
            self.fail(token.end, f"{token.text} wants a value, such as {token.text}{_EXAMPLE.get(key, 'willow')}")
        return self.leaf(self.value(), key)

    def value(self) -> _Token:
        """The next value in one piece: "a:b" was cut at its colon, '>= 5' and '="x y"' at blank or quote."""
        token = self.take()
        while (after := self.peek()).kind in ("word", "field", "url", "phrase"):
            operator = token.text in ("<", ">", "<=", ">=", "=")
            if not operator and (after.at > token.end or token.kind != "field"):
                break
            kind = "exact" if token.text == "=" else "word"
            token = _Token(kind, token.text + after.text, token.at, after.end)
            self.take()
        return token

    def leaf(self, token: _Token, field: str | None) -> Node | None:
        self.found += 1
        if self.found > MOST:
            self.fail(token.at, f"a query may have {MOST} terms")
        if token.kind == "url" and field is None:
            return Words(token.text, "url", "phrase")
        if field and token.text == "*":
            return Exists(field)
        if field and is_number(field):
            try:
                return Range(field, *bounds(field, token.text))
            except Unreadable as problem:
                self.fail(token.at, str(problem))
        node = _words(token, field)
        if _HAS_WORD.search(node.text):
            return node
        if field:
            self.fail(token.at, "there is no word in this value")
        return None  # punctuation on its own: nothing to look for


def _words(token: _Token, field: str | None) -> Words:
    text = token.text
    if token.kind == "exact" or (token.kind == "word" and text.startswith("=") and field):
        return Words(text[1:], field, "exact")
    if token.kind == "phrase":
        return Words(text, field, "phrase", 1 + token.slop)
    if text.endswith("*"):
        return Words(text.rstrip("*"), field, "prefix")
    if fuzzy := _FUZZY.fullmatch(text):
        return Words(fuzzy[1], field, "fuzzy", int(fuzzy[2] or 1))
    return Words(text, field)


def _joined(kind: type[And | Or], parts: list[Node | None]) -> Node | None:
    kept = tuple(p for p in parts if p is not None)
    return kind(kept) if len(kept) > 1 else kept[0] if kept else None


_EXAMPLE = {"words": ">10000", "chapters": "1", "published": "2003", "updated": ">2005-03", "id": "12"}


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [*BY_QUERY, TEXT], 3, 0.6)
    return f"; did you mean {', '.join(near)}?" if near else '; to search for the words, put them in "quotes"'
