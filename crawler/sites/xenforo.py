"""Forums on XenForo 1 and 2 (SpaceBattles, Sufficient Velocity, Questionable Questing, Alternate History).

A story is a thread. Its chapters are the posts that carry a threadmark, in the thread or in reader mode; structure read
off the engine's templates and off those of its two add-ons for threadmarks. A saved page has one page of the thread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count

from selectolax.lexbor import LexborHTMLParser

from ...errors import NoStory, StandIn
from ...lexicon import tables
from ...model import Document, Layout, Role
from ...text import fold
from ..blob import Blob, DocumentBuilder
from ..head import declare_some
from ..markup import add_markup, inline, lines_of
from ..nodes import first, one_of
from . import Site
from .elements import any_of, elements
from .header_lines import header_lines, places
from .xenforo_posts import ENGINE, Post, date_of, posts, told

MEDIA_TYPE = "text/html"
TITLE = 0.85
"""Of a thread's title: it names the fandom and the kind of story too."""
FRONT = 12
"""Lines of a first post within which a header begins."""
_KEYED = re.compile(r"^[^\W\d_][\w/' ]{1,24}: ?\S", re.MULTILINE)
_LABELLED = re.compile(r"\D{0,12}?(?P<number>[0-9]{1,4})\b")


def recognises(tree: LexborHTMLParser) -> bool:
    """The engine's document element, or posts as it marks them up."""
    return bool(tree.css_first(any_of(ENGINE, "page")))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The story of a thread's page.

    Raises:
        StandIn: where the page asks for a login, or says that there is no such thread.
        NoStory: if no post is a chapter.
    """
    found = posts(tree)
    starter = _starter(tree, found)
    marked = [post for post in found if post.mark]
    chapters = [post for post in marked if post.mark and post.mark.is_chapter] or marked or told(found, starter)
    if not chapters:
        raise _barred(tree, blob.uri, found)
    author = starter or chapters[0].author
    _add_front(builder, tree, author, chapters)
    declare_some(tree, builder, blob.uri, ("url",))
    _add_chapters(builder, chapters, _page_number(tree, blob.uri))
    yield builder.build(blob, MEDIA_TYPE)


def _starter(tree: LexborHTMLParser, found: list[Post]) -> str:
    """Who started the thread: as the page says, else who wrote most of the marked posts."""
    if said := inline(first(tree, elements(ENGINE, "starter"))):
        return said
    marked = Counter(post.author for post in found if post.mark and post.author)
    return marked.most_common(1)[0][0] if marked else ""


def _add_front(builder: DocumentBuilder, tree: LexborHTMLParser, author: str, chapters: list[Post]) -> None:
    """Title, author, and as header lines the day the thread was started and its tags."""
    title, prefixes = _title(tree)
    if span := builder.add(title, Layout.HEADING, role=Role.TITLE, level=1, rule="xf.title"):
        builder.declare("title", title, "xf.title", TITLE, span)
    if span := builder.add(author, role=Role.BYLINE, rule="xf.starter"):
        builder.declare("authors", author, "xf.starter", 0.97, span)
    tags = list(dict.fromkeys([*prefixes, *_tags(tree)]))
    started = date_of(tree, "started")
    lines = [("Date", started or ""), ("Tags", ", ".join(tags))]
    spans = header_lines(builder, [line for line in lines if line[1]], "xf.thread")
    if started:
        builder.declare("published", started, "xf.started", 0.97, spans["Date"])
    for tag, place in places(tags, spans.get("Tags")):
        builder.declare("tags", tag, "xf.tags", 0.97, place)
    last = chapters[-1].posted
    if last and not first(tree, elements(ENGINE, "next_page")):
        builder.declare("updated", last, "xf.posted", 0.8)
    if status := _status(tree):
        builder.declare("status", status, "xf.status", 0.95)


def _title(tree: LexborHTMLParser) -> tuple[str, list[str]]:
    """A thread's title without its prefixes, and those."""
    heading = first(tree, elements(ENGINE, "title"))
    if not heading:
        return "", []
    names = dict.fromkeys(name for node in heading.css(any_of(ENGINE, "prefix")) if (name := inline(node)))
    title = inline(heading)
    for name in names:
        title = title.removeprefix(name).lstrip(" -–|:")
    return title, list(names)


def _tags(tree: LexborHTMLParser) -> list[str]:
    for selector in elements(ENGINE, "tags"):
        if found := [name for node in tree.css(selector) if (name := inline(node))]:
            return found
    return []


def _status(tree: LexborHTMLParser) -> str | None:
    facts = tables(ENGINE)["fact"]
    for pair in tree.css(any_of(ENGINE, "facts")):
        if fold(inline(pair.css_first("dt")).strip(": ")) in map(fold, facts["status"]):
            said = fold(inline(pair.css_first("dd")))
            return next((s for s in ("complete", "in-progress") if said in map(fold, facts[s])), None)
    return None


def _page_number(tree: LexborHTMLParser, uri: str) -> int:
    """Which page of the thread or of its reader mode this is."""
    said = inline(first(tree, elements(ENGINE, "page_number")))
    of_address = re.search(r"/page-([0-9]{1,5})", uri)
    found = said if said.isascii() and said.isdecimal() else of_address[1] if of_address else "1"
    return int(found[:6])


def _add_chapters(builder: DocumentBuilder, chapters: list[Post], page: int) -> None:
    """Each post under its label; the first may begin with the story's own header, and then its role is left open."""
    for place, (post, number) in enumerate(zip(chapters, _numbers(chapters, page), strict=True)):
        if post.mark:
            heading = (post.mark.label, Layout.HEADING)
            builder.add(*heading, role=Role.CHAPTER_HEADING, chapter=number, level=2, rule="xf.threadmark")
        elif place:
            builder.add("* * *", Layout.SEPARATOR, rule="xf.post")
        is_story = bool(place) or not _has_header(post)
        add_markup(
            builder,
            post.text,
            skip=one_of(post.aside()),
            role=Role.STORY if is_story else None,
            chapter=number if post.mark else None,
            rule="xf.post" if is_story else "",
        )


def _has_header(post: Post) -> bool:
    """Whether `Key: value` lines stand near the top of a post."""
    return bool(_KEYED.search("\n".join(lines_of(post.text).split("\n")[:FRONT])))


def _numbers(chapters: list[Post], page: int) -> list[int]:
    """The chapters' numbers: as shown; on a further page from the number in the first one's label; else from 1."""
    opening = chapters[0].mark
    labelled = _LABELLED.match(opening.label) if opening and page > 1 else None
    following = count(int(labelled["number"]) if labelled else 1)
    numbers: list[int] = []
    for post in chapters:
        shown = post.mark.number if post.mark else None
        if shown:
            following = count(shown)
        numbers.append(next(following))
    return numbers


def _barred(tree: LexborHTMLParser, uri: str, found: list[Post]) -> NoStory:
    """Why a page has no chapters: a login, an error, a thread that is talk."""
    said = fold(" ".join(inline(node) for node in tree.css(any_of(ENGINE, "error"))[:20])) if not found else ""
    gates = tables(ENGINE)["gate"]
    if any(fold(phrase) in said for phrase in gates["gone"]):
        return StandIn(uri, "the forum says that there is no such thread (deleted?)", "gone")
    if any(fold(phrase) in said for phrase in gates["login"]) or tree.css_first("html[data-template='login']"):
        return StandIn(uri, "the forum asks for a login; save the thread while logged in", "gated_login")
    if found:
        return NoStory(
            uri, "a thread without threadmarks whose first post is no story; save its reader mode if it has one"
        )
    return NoStory(uri, "a page of a forum that is no thread; save the thread's page")


SITE = Site("xenforo", recognises, read)
