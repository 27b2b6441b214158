"""The query language: what a person types becomes a small tree of frozen nodes (query_tree.py).

    willow tara              both words, anywhere
    "stroking my ego"        the words in this order;  "stroking ego"~3 with up to 3 words' distance
    beta:trisha              in one field (query_names.py names them; `text:` is the story);  field:(a b) for several
    character:="Dawn"        the whole value, nothing more
    refrig*   w?ll*w         words that begin so; ? is one letter, * any number of them
    trisah~   trisah~2       words spelled nearly so
    a AND b   a OR b   a || b   a && b   NOT a   -a   (a OR b) c
    ship:"spike/willow"      one relationship of both, in whatever order
    words:>10k   words:1000..5000   chapters:1   published:2003   published:2002-11..2003-05   updated:<6 months
    beta:*   -beta:*   *     something, nothing is known; every work
    @long-buffy              the search that was saved under this name

OR binds least, then AND (which blanks mean too), then NOT. Case, accents and typographic quotes never matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple, NoReturn

from ..errors import QueryError
from ..text import fold, straighten_same_length
from .query_names import Asked, asked, nearest
from .query_tree import And, Exists, Node, Not, Or, Pair, Words
from .query_values import DATES, UNIT, Unreadable, sides, special

LONGEST, DEEPEST, MOST = 4_000, 40, 200
"""Characters, nested parentheses and search terms that a query may have."""
MOST_SIDES = 6
"""People that one relationship may be asked for."""
MOST_APART = 19
"""Words that may be between two of a phrase: as many as keep it within one value."""

Saved = Callable[[str], str | None]
"""The query that was saved under a name; None if there is none."""

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<open>\() | (?P<close>\))
      | (?P<or>OR(?=[\s()]|$) | \|\|)
      | (?P<and>AND(?=[\s()]|$) | &&)
      | (?P<not>NOT(?=[\s()]|$) | -+(?=[^\s\-)]))
      | (?P<url>https?://[^\s"()]+)
      | (?P<saved>@[^\W_][\w\-]*(?=[\s()]|$))
      | (?P<field>[^\W\d]\w*(?:-\w+)*:)
      | "(?P<phrase>[^"]*)"(?:~(?P<slop>\d{1,2}))?
      | (?P<unclosed>")
      | (?P<word>[^\s"()]+)""",
    re.VERBOSE,
)
_VALUE = frozenset({"word", "phrase", "url", "field", "saved"})
_FUZZY = re.compile(r"(.+)~([12]?)")
_WILD = re.compile(r"\*|\?(?=\w)")
_HAS_WORD = re.compile(r"[^\W_]")
_COMPARED = re.compile(r"(?:[<>]=?)?\s*\d+(?:(?:\.\.|-)\d+)?")


class _Token(NamedTuple):
    kind: str
    text: str
    at: int
    end: int
    slop: int = 0


def parse(query: str, saved: Saved = lambda name: None) -> Node:
    """The tree of a query; `saved` knows the searches that `@name` stands for.

    Raises:
        QueryError: with the position, if it cannot be understood.
    """
    return _Parser(query, saved).whole()


class _Parser:
    def __init__(self, query: str, saved: Saved, inside: tuple[str, ...] = ()) -> None:
        """`inside`: the saved searches that this one is a part of."""
        if len(query) > LONGEST:
            raise QueryError(query[:60] + "...", 0, f"a query may have {LONGEST} characters, this has {len(query)}")
        self.query, self.saved, self.inside = query, saved, inside
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

    def either(self, within: Asked | None) -> Node | None:
        parts = [self.all(within)]
        while self.peek().kind == "or":
            operator = self.take()
            parts.append(self.all(within))
            if parts[-1] is None or parts[-2] is None:
                self.fail(operator.at, f"{operator.text} wants something on both sides")
        return _joined(Or, parts)

    def all(self, within: Asked | None) -> Node | None:
        parts: list[Node | None] = []
        while (token := self.peek()).kind not in ("or", "close", "end"):
            if token.kind == "and":
                self.take()
                if not parts or self.peek().kind in ("or", "and", "close", "end"):
                    self.fail(token.at, f"{token.text} wants something on both sides")
            parts.append(self.one(within))
        return _joined(And, parts)

    def one(self, within: Asked | None) -> Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(self.peek().at, f"parentheses and NOT may nest {DEEPEST} deep")
        token = self.take()
        if token.kind == "not":
            if self.peek().kind in ("or", "and", "close", "end"):
                self.fail(token.at, f"{token.text} wants something behind it")
            part = self.one(within)
            node: Node | None = Not(part) if part else None
        elif token.kind == "open":
            node = self.group(token, within)
        elif token.kind == "field":
            node = self.fielded(token, within)
        elif token.kind == "saved" and not within:
            node = self.named(token)
        else:
            node = self.leaf(token, within)
        self.depth -= 1
        return node

    def group(self, opened: _Token, within: Asked | None) -> Node | None:
        node = self.either(within)
        if self.take().kind != "close":
            self.fail(opened.at, "this '(' is not closed")
        return node

    def named(self, token: _Token) -> Node:
        """The search that was saved under a name, in the place of the name."""
        name = token.text[1:]
        if name in self.inside:
            self.fail(token.at, f"the saved search {token.text} leads back to itself")
        if len(self.inside) > DEEPEST:
            self.fail(token.at, f"saved searches may nest {DEEPEST} deep")
        query = self.saved(name)
        if query is None:
            self.fail(token.at, f'no search is saved as {name!r}; to search for the word, write "{token.text}"')
        try:
            parser = _Parser(query, self.saved, (*self.inside, name))
            node = parser.whole()
        except QueryError as problem:
            self.fail(token.at, f"the saved search {token.text} cannot be understood: {problem.problem}")
        self.count(parser.found, token)
        return node

    def count(self, more: int, token: _Token) -> None:
        self.found += more
        if self.found > MOST:
            self.fail(token.at, f"a query may have {MOST} terms")

    def fielded(self, token: _Token, outer: Asked | None) -> Node | None:
        """`name:` and its value; in "Star Trek: Voyager" a blank follows, so only a known name counts there."""
        name, value = token.text[:-1].lower(), self.peek()
        known = asked(name)
        if known is None and value.at > token.end:
            return self.leaf(token, outer)
        if known is None:
            self.fail(token.at, f"there is no field {name!r}{nearest(name)}")
        if value.kind in ("open", "not") and value.at == token.end:
            return self.one(known)
        if value.kind not in _VALUE:
            example = _EXAMPLE.get(known.key, "willow")
            self.fail(token.end, f"{token.text} wants a value, such as {token.text}{example}")
        return self.leaf(self.value(known), known)

    def value(self, known: Asked) -> _Token:
        """The next value in one piece: "a:b" was cut at its colon, '>= 5' and '="x y"' at blank or quote."""
        token = self.take()
        while (after := self.peek()).kind in _VALUE:
            operator = token.text in ("<", ">", "<=", ">=", "=")
            if not operator and (after.at > token.end or token.kind not in ("field", "saved")):
                break
            kind = "exact" if token.text == "=" else "word"
            token = _Token(kind, token.text + after.text, token.at, after.end)
            self.take()
        return self.age(token) if known.key in DATES else token

    def age(self, token: _Token) -> _Token:
        """`<6` `months` `ago` in one piece."""
        if _COMPARED.fullmatch(token.text) and UNIT.fullmatch(self.peek().text):
            unit = self.take()
            token = _Token("word", f"{token.text} {unit.text}", token.at, unit.end)
            if self.peek().text == "ago":
                token = token._replace(end=self.take().end)
        return token

    def leaf(self, token: _Token, within: Asked | None) -> Node | None:
        self.count(1, token)
        if token.slop > MOST_APART:
            self.fail(token.at, f"the words of a phrase may be up to {MOST_APART} words apart")
        at = (0, 0) if self.inside else (token.at, token.end)
        if token.text == "*":
            return Exists(*within) if within else Exists("id")
        if within is None:
            if token.kind == "url":
                return Words(token.text, "url", "phrase", at=at)
            node = replace(_words(token), at=at)
            return node if _says(node.text) else None  # punctuation on its own: nothing to look for
        node = _words(token, within)
        try:
            found = special(within.key, node.text if node.kind == "phrase" else token.text, words=node.kind in _PLAIN)
        except Unreadable as problem:
            self.fail(token.at, str(problem))
        if found:
            return found
        if not _says(node.text):
            self.fail(token.at, "there is no word in this value")
        if within.key == "relationships" and node.kind in (*_PLAIN, "exact") and node.near == 1:
            return self.pair(node, token, at)
        return replace(node, at=at)

    def pair(self, node: Words, token: _Token, at: tuple[int, int]) -> Node:
        """`spike/willow`: the people of one relationship."""
        names = tuple((side,) for side in sides(node.text) if _says(side))
        if len(names) > MOST_SIDES:
            self.fail(token.at, f"a relationship may be asked for {MOST_SIDES} people")
        return Pair(names, node.kind == "exact", at=at)


_PLAIN = ("words", "phrase")


def _says(text: str) -> bool:
    """Whether there is a word in a text, once it is folded."""
    return bool(_HAS_WORD.search(fold(text)))


def _words(token: _Token, within: Asked | None = None) -> Words:
    text, (key, role) = token.text, within or (None, None)
    if token.kind == "exact" or (token.kind == "word" and text.startswith("=") and key):
        return Words(text[1:], key, "exact", role=role)
    if token.kind == "phrase":
        return Words(text, key, "phrase", 1 + token.slop, role)
    if _WILD.search(text.rstrip("*")):
        return Words(text, key, "wildcard", role=role)
    if text.endswith("*"):
        return Words(text.rstrip("*"), key, "prefix", role=role)
    if fuzzy := _FUZZY.fullmatch(text):
        return Words(fuzzy[1], key, "fuzzy", int(fuzzy[2] or 1), role)
    return Words(text, key, role=role)


def _joined(kind: type[And | Or], parts: list[Node | None]) -> Node | None:
    kept = tuple(p for p in parts if p is not None)
    return kind(kept) if len(kept) > 1 else kept[0] if kept else None


_EXAMPLE = {
    "words": ">10000", "chapters": "1", "published": "2003", "updated": "<6 months", "added": "<2 weeks", "id": "12",
    "crossover": "yes", "status": "complete",
}  # fmt: skip
