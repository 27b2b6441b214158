"""Pages of no known engine: where they lead, and whether they hold a story.

Home pages and small archives of 1995 to 2010 have no common structure. What they share: an index whose stories lie in
its folder or below it, chapters that link to the next, and much beside them that is no story. Doubt speaks for a
story, as long as there is prose: a drabble has a hundred words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..errors import State
from ..lexicon import alternation, phrases, tables
from ..model import Document, Layout
from ..text import count_words, fold
from .dates import iso_date
from .markup import inline, lines_of
from .sites import Link

PROSE = 50
"""Words in sentences that a story's page has at least: the shortest form that archives know, the drabble, has 100."""
A_STORY = 120
"""Words of prose for each story that is linked: above it the prose is a story, below it is their summaries."""
INDEX = 3
"""Links to stories that make an index of a page with prose."""
A_TITLE, A_SUMMARY = 15, 50
"""Words of a title at most, and of a title with its summary on the average."""
TALK = 400
"""Words up to which a page may be no more than what a site says of itself."""
ALONE, FEW, MANY = 60, 150, 400
"""Words of a page up to which it takes one phrase of a stand-in's, two, and two of which one is in its title."""
LINKS_OF_AN_ERROR = 8
LINKS = 2_000
"""Links of a page that are looked at."""
NUMBERS = 25
"""Bare numbers on a page from which they are the days of a calendar."""
PARAMETERS = 20
NESTING = 40
_STOP = re.compile(r"([.!?…。！？\n])")
_ARROWS = " \t\n\xa0<>«»‹›→←⇒–—-=~*|:.,…!?[](){}\"'"
_ITEM = re.compile(r"[^\W_][^.!?:\n]{1,70}?(?:\s[-–—]+\s|\s*[(\[]|\sby\s)")
_ENDED = re.compile(r"[.!?…。！？][\"'”’)*]*$")
_LISTED = ("title", "summary", "rating", "fandom", "relationship", "email", "words", "status")
_STATES: tuple[State, ...] = ("blocked", "retry", "gone", "gated_login")
_REASONS: dict[State, str] = {
    "blocked": "a challenge that asks for a browser; save the page with one",
    "retry": "an error page, whatever its status",
    "gone": "a page that says that nothing is there",
    "gated_login": "a page that asks for a login; save it while logged in",
}


def links(tree: LexborHTMLParser, base: str, text: str | None = None) -> Iterator[Link]:
    """The further parts of a page's story, and the stories that an index lists; `base` is the page's absolute URL.

    Only on the page's host, in its folder or below. What goes on with the page (`rel=next`, "Next chapter", numbered
    chapters) has `same_depth`, and counts only on a page with prose or an index: an empty calendar has a next month
    for ever. `text` is what the page says, where that was read already (`Document.text`).
    """
    found = _Found(tree, base)
    if text is None:
        text = lines_of(tree.body, lambda node: node.tag == "a") if tree.body else ""
    prose = _words_in_sentences(text)
    index = len(found.stories) >= INDEX
    seen = {found.here}
    for url in found.further if prose >= PROSE or index else ():
        if url not in seen:
            seen.add(url)
            yield Link(url, same_depth=True)
    if prose >= (A_STORY * len(found.stories) if index else PROSE):
        return
    for url in found.stories:
        if url not in seen:
            seen.add(url)
            yield Link(url)


def holds_story(document: Document) -> bool:
    """Whether what `readers.html.any_page` read is a story: no index, guestbook, error page, or talk of a site."""
    spoken = [b for b in document.blocks if b.layout is Layout.PARAGRAPH and "list" not in b.styles]
    paragraphs = [document.text[b.span.start : b.span.end].strip() for b in spoken]
    words = sum(map(_words_in_sentences, paragraphs))
    if words < PROSE or _judged(_titles(document), document.text):
        return False
    if _repeats_keys(document.text, words) or _lists_works(paragraphs):
        return False
    return not (_is_guestbook(document, paragraphs) or _speaks_of_itself(paragraphs, words))


def stand_in(tree: LexborHTMLParser, text: str) -> tuple[State, str] | None:
    """(state, reason) of a challenge, login, error or maintenance page, whatever its status; None for all others.

    `text` is what a reader sees of the page (`Document.text`; "" where nothing was readable).
    """
    if not text and tree.body:
        text = lines_of(tree.body)
    titles = [inline(node) for node in tree.css("title, h1, h2")[:5]]
    words = count_words(text)
    challenged = any(tree.css_first(mark) for mark in phrases("stand_ins")["challenge_elements"])
    state = "blocked" if challenged and words <= FEW else _judged(titles, text)
    if not state and words <= ALONE:
        state = _barely_judged(titles, tree.css("a[href]")[: LINKS_OF_AN_ERROR + 1])
    if not state:
        return None
    said = " ".join((titles[0] if titles else text).split())[:80]
    return state, f"{_REASONS[state]}: {said}"


def _judged(titles: list[str], text: str) -> State | None:
    """What titles and text say that a page is; the longer the text, the more it takes."""
    words = count_words(text)
    if words > MANY:
        return None
    headed, folded = " / ".join(fold(t) for t in titles), fold(text)
    for state in _STATES:
        above, below = _said(state, headed), _said(state, folded)
        first = above | _said(state, folded[:80])
        if words <= ALONE and (first or len(below) > 1):
            return state
        if len(above | below) > 1 and (words <= FEW or (above and below - above)):
            return state
    return None


def _said(state: State, folded: str) -> set[str]:
    """The phrases of a state in a text, none of them a part of another."""
    found = {p for p in map(fold, phrases("stand_ins")[state]) if p in folded}
    return {p for p in found if not any(p != other and p in other for other in found)}


def _barely_judged(titles: list[str], found: list[LexborNode]) -> State | None:
    """What a page of a few words is whose whole title is "Forbidden" or "Log in"; a story's contents lead to parts."""
    if len(found) > LINKS_OF_AN_ERROR or any(_part().match(_words(link)) for link in found):
        return None
    pieces = {piece.strip(_ARROWS) for title in titles for piece in re.split(r"\s[-–—|:»]+\s|:\s", fold(title))}
    return next((state for state in _STATES if pieces & {fold(p) for p in phrases("stand_ins")[f"weak_{state}"]}), None)


def _titles(document: Document) -> list[str]:
    declared = [e.value for e in document.declared if e.field == "title" and isinstance(e.value, str)]
    headings = [document.text[b.span.start : b.span.end] for b in document.blocks[:5] if b.layout is Layout.HEADING]
    return [*declared, *headings]


def _sentences(text: str) -> list[str]:
    """Whole sentences; titles, labels and the items of lists have no full stop."""
    pieces = _STOP.split(text)
    return [words for words, stop in zip(pieces[::2], pieces[1::2], strict=False) if stop != "\n" and words.strip()]


def _words_in_sentences(text: str) -> int:
    return sum(map(count_words, _sentences(text)))


def _repeats_keys(text: str, words: int) -> bool:
    """Whether "Summary:" or "Name:" comes again and again, with hardly any prose between: an index, a guestbook."""
    keys = Counter(fold(line.partition(":")[0]) for line in text.split("\n") if 0 < line.find(":") <= 20)
    most = max((count for key, count in keys.items() if key in _header_keys()), default=0)
    return most >= INDEX and words < A_STORY * most


@cache
def _header_keys() -> frozenset[str]:
    """Keys that nobody has in a script, where every line begins with who speaks ("Author:", "Beta:")."""
    groups = phrases("header")
    return frozenset(fold(key) for group in _LISTED for key in groups[group]) | {"name"}


def _lists_works(paragraphs: list[str]) -> bool:
    """Whether most paragraphs are "Title - what it is about", or a title and a short summary come by turns."""
    listed = [bool(_ITEM.match(p)) and count_words(p) < A_STORY // 2 and not re.search('["“”«]', p) for p in paragraphs]
    if sum(listed) >= INDEX and sum(listed) > 0.6 * len(paragraphs):
        return True
    titles = [some or _is_a_title(p) for some, p in zip(listed, paragraphs, strict=True)]
    turns = [
        summary
        for (title, also), summary in zip(pairwise(titles), paragraphs[1:], strict=True)
        if title and not also and summary[:1].isupper() and _ENDED.search(summary) and ":" not in summary[:30]
    ]
    return len(turns) >= INDEX and sum(map(count_words, paragraphs)) < A_SUMMARY * len(turns)


def _is_a_title(paragraph: str) -> bool:
    """A few words without a full stop; a line of wrapped prose mostly begins in the middle of a sentence."""
    return paragraph[:1].isupper() and not _ENDED.search(paragraph) and count_words(paragraph) <= A_TITLE


def _is_guestbook(document: Document, paragraphs: list[str]) -> bool:
    named = any(re.search(rf"\b{_any_of('guestbook')}\b", fold(title)) for title in _titles(document))
    return named and sum(iso_date(p) is not None for p in paragraphs) >= INDEX


def _speaks_of_itself(paragraphs: list[str], words: int) -> bool:
    """Whether a third of a short page's sentences are about the site, its stories and its guestbook."""
    if words > TALK:
        return False
    site = re.compile(rf"\b{_any_of('site')}\b")
    sentences = [fold(s) for p in paragraphs for s in _sentences(p)]
    speaking = [found.group() for s in sentences if (found := site.search(s))]
    return len(set(speaking)) >= INDEX and len(speaking) * 3 >= len(sentences)


@cache
def _any_of(group: str) -> str:
    return alternation(fold(p) for p in phrases("home_pages")[group])


class _Found:
    """A page's links within its folder: those that go on with its story, and those that may be stories."""

    def __init__(self, tree: LexborHTMLParser, base: str) -> None:
        self.base = _stated_base(tree, base)
        self.page = urlsplit(base)
        self.here = self.page._replace(fragment="").geturl()
        self.further: list[str] = []
        self.stories: list[str] = []
        found = [(node, url) for node in tree.css("a[href], link[rel]")[:LINKS] if (url := self._within(node))]
        numbered = [url for node, url in found if _words(node).isdecimal()]
        shapes = Counter(map(_shape, numbered))
        for node, url in found:
            words = _words(node)
            if self._goes_on(node, words, url, shapes, len(numbered)):
                self.further.append(url)
            elif node.tag == "a" and _may_be_a_title(words) and not _in_menu(node):
                self.stories.append(url)
        self.stories = list(dict.fromkeys(url for url in self.stories if url != self.here))

    def _within(self, node: LexborNode) -> str | None:
        """Where a link leads, if that is a page in the folder, and neither a file nor a place to write or log in."""
        if "nofollow" in _rel(node):
            return None
        try:
            url = urlsplit(urljoin(self.base, (node.attributes.get("href") or "").strip()))
        except ValueError:
            return None
        folder = self.page.path.rpartition("/")[0] + "/"
        same_host = _host(url) == _host(self.page)
        if url.scheme not in ("http", "https") or not same_host or not (url.path or "/").startswith(folder):
            return None
        return None if _leads_aside(url, folder) else url._replace(fragment="").geturl()

    def _goes_on(self, node: LexborNode, words: str, url: str, shapes: Counter[str], numbers: int) -> bool:
        if "next" in _rel(node) or words in _group("next"):
            return True
        if words.isdecimal():
            alike = _shape(url) == _shape(self.here)
            return alike or (shapes[_shape(url)] >= 2 and numbers < NUMBERS)
        return bool(_part().match(words))


def _stated_base(tree: LexborHTMLParser, base: str) -> str:
    """The page's URL, or what its `base` element says, if that is no other site."""
    stated = tree.css_first("base[href]")
    try:
        told = urljoin(base, (stated.attributes.get("href") or "") if stated else "")
        return told if _host(urlsplit(told)) == _host(urlsplit(base)) else base
    except ValueError:
        return base


def _host(url: SplitResult) -> str:
    return url.netloc.lower().removeprefix("www.")


def _rel(node: LexborNode) -> list[str]:
    return (node.attributes.get("rel") or "").lower().split()


def _words(node: LexborNode) -> str:
    """What a link says, or the picture in it, folded and without arrows."""
    said = inline(node)
    if not said and (picture := node.css_first("img[alt]")):
        said = picture.attributes.get("alt") or ""
    return fold(said[:200]).strip(_ARROWS)


def _shape(url: str) -> str:
    return re.sub(r"[0-9]+", "#", url)


@cache
def _part() -> re.Pattern[str]:
    """ "Chapter 2", "part iii: the storm", "capítulo dos"."""
    counted = alternation(word for words in tables("works")["ordinal"].values() for word in words)
    return re.compile(rf"{_any_of('part')}\.?\s*(?:[0-9]{{1,3}}|[ivxl]{{1,7}}|{counted})[ab]?(?!\w)")


@cache
def _group(name: str) -> frozenset[str]:
    return frozenset(fold(p) for p in phrases("home_pages")[name])


def _may_be_a_title(words: str) -> bool:
    if sum(map(str.isalpha, words)) < 2 or words in _group("aside"):
        return False
    return not words.startswith(tuple(_group("back")))


def _leads_aside(url: SplitResult, folder: str) -> bool:
    """Whether a file, a folder below the page's, or a parameter of an address is named after what is no story."""
    parts = unquote(url.path).removeprefix(folder).split("/")
    stem, dot, ending = parts[-1].rpartition(".")
    if dot and ending.lower() in _group("files"):
        return True
    if any(_named(part) in _names_aside() for part in (*parts[:-1], stem or ending)):
        return True
    for name, value in parse_qsl(url.query, keep_blank_values=True)[:PARAMETERS]:
        if _named(name) in _names_aside() or (_named(name) in _group("switches") and _named(value) in _names_aside()):
            return True
    return False


@cache
def _names_aside() -> frozenset[str]:
    return frozenset(_named(p) for p in phrases("home_pages")["aside"])


def _named(part: str) -> str:
    return fold(re.sub(r"[\W_]+", " ", part))


def _in_menu(node: LexborNode) -> bool:
    """Whether a link stands in what its class or id calls a menu, a foot, a sidebar."""
    away = phrases("chrome")["away"]
    outer = node.parent
    for _ in range(NESTING):
        if outer is None or outer.tag == "body":
            return False
        names = f"{outer.attributes.get('class') or ''} {outer.attributes.get('id') or ''}".lower().split()
        if outer.tag in ("nav", "footer") or any(name in away for name in names):
            return True
        outer = outer.parent
    return False
