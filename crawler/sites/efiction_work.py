"""A work's own page: one chapter, the table of contents, or all of it in the printable form.

Each begins with `#pagetitle` (title, authors). Then come, one behind the other, in the printable form the box of
labels, the story's `.notes`, an index, and for every chapter `.chaptertitle`, `.notes`, `.chapter`, `.notes`; on a
chapter's page a menu of chapters, `.notes` of the story and of the chapter, `#story`, `.notes`; in the contents the
box, `.notes`, and a line `1. Title by Author` for every chapter with the chapter's note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import parse_qs

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import phrases, tables
from ...model import Chapters, Layout, Position, Role
from ...text import bare, fold, one_line
from ..blob import DocumentBuilder
from ..dates import day_first
from ..markup import add_markup, inline
from .efiction_boxes import Entry, above, boxes, children, entries
from .efiction_fields import count_of, declare_rating, declare_reviews, known_rating, read_box
from .efiction_urls import story_link

TITLES = 20
"""Elements that are tried for the page's title: a page of thousands is no archive's."""
_PARTS = "div.chaptertitle, .notes, .noteinfo, div.chapter, #story, div.story, blockquote"
_TEXTS = ("#story", "div.story", "div.chapter")
_NUMBERED = re.compile(r"\s*([0-9]{1,4})\.\s*(.*)", re.DOTALL)
_BRACKETED = re.compile(r"\[([^\[\]]{1,30})\]\s*$")
_AUTHOR = 'a[href*="viewuser.php"]'
_REVIEWS = '#sort a[href*="reviews.php"], .storyinfo a[href*="reviews.php"]'


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a page says whose and which work it is; `sid` is "" where the title is no link."""

    box: LexborNode
    title: str
    authors: tuple[str, ...]
    sid: str


def heading(tree: LexborHTMLParser) -> Heading | None:
    """The title and authors of the work that a page is of; None for listings and pages of other kinds."""
    has_text = any(tree.css_first(text) for text in _TEXTS)
    for box in tree.css("#pagetitle")[:TITLES]:
        if not any("listbox" in (o.attributes.get("class") or "").split() for o in above(box)) and (
            found := _heading(box, has_text=has_text)
        ):
            return found
    if not has_text:
        return None
    own = _most_linked(tree)
    around = (a.parent for a in tree.css('a[href*="viewstory.php"]') if _sid(a) == own)
    return next((h for box in islice(around, TITLES) if box and (h := _heading(box, has_text=has_text))), None)


def _heading(box: LexborNode, *, has_text: bool) -> Heading | None:
    authors = tuple(dict.fromkeys(name for a in box.css(_AUTHOR) if (name := inline(a))))
    link = next((a for a in box.css("a[href]") if _sid(a)), None)
    if link:
        return Heading(box, inline(link), authors, _sid(link)) if authors or has_text else None
    if not (authors and has_text):
        return None
    words = inline(box).partition(authors[0])[0].split()
    title = " ".join(words[:-1] if words and fold(words[-1]) in _said("byline", "by") else words)
    return Heading(box, title, authors, "") if title else None


def _sid(link: LexborNode) -> str:
    found = story_link(link.attributes.get("href") or "")
    return found.sid if found else ""


def _most_linked(tree: LexborHTMLParser) -> str:
    """The work that a page's own controls (next, text size) lead to, not the one its sidebar praises."""
    found = Counter(re.findall(r"viewstory\.php\?(?:[\w=]+&(?:amp;)?)*sid=([0-9]{1,10})", tree.html or ""))
    return found.most_common(1)[0][0] if found else ""


def read_work(tree: LexborHTMLParser, builder: DocumentBuilder, of: Heading, uri: str) -> bool:
    """Add a work's page; whether it holds the text, and not only the table of contents."""
    box = _own_box(tree)
    _add_front(builder, tree, of, box)
    outline = _Outline(tree, of, uri, box)
    if outline.options and not box:
        builder.declare("chapters", Chapters(outline.options), "efiction.jumpmenu", 0.9)
    has_text = False
    for node in _parts(tree):
        has_text |= _add_part(builder, node, outline)
    if not has_text:
        for row in _rows(tree):
            _add_row(builder, row)
    _add_disclaimer(builder, tree)
    return has_text


def is_contents(tree: LexborHTMLParser) -> bool:
    """Whether a page without text is a work's table of contents (reviews have such a heading too)."""
    return bool(boxes(tree)) or any(True for _ in _rows(tree))


def _own_box(tree: LexborHTMLParser) -> list[Entry]:
    found = boxes(tree)
    return entries(found[0]) if found else []


def _add_front(builder: DocumentBuilder, tree: LexborHTMLParser, of: Heading, box: list[Entry]) -> None:
    add_title(builder, of.title, of.authors)
    rated = _BRACKETED.search(inline(of.box))
    if rated and known_rating(rated[1]) and not any(e.field == "rating" for e in box):
        declare_rating(builder, rated[1])
    declare_reviews(builder, map(inline, tree.css(_REVIEWS)))
    read_box(builder, box, day_first(e.text for e in box if e.field in ("published", "updated")))


def add_title(builder: DocumentBuilder, title: str, authors: tuple[str, ...]) -> None:
    """A work's title and byline, with every author."""
    if span := builder.add(title, Layout.HEADING, role=Role.TITLE, level=1, rule="efiction.title"):
        builder.declare("title", title, "efiction.title", 0.99, span)
    byline = builder.add(", ".join(authors), role=Role.BYLINE, rule="efiction.byline") if authors else None
    for name in authors:
        builder.declare("authors", name, "efiction.byline", 0.99, builder.locate(name, byline))


class _Outline:
    """Which chapter the parts of a page belong to, as they come."""

    def __init__(self, tree: LexborHTMLParser, of: Heading, uri: str, box: list[Entry]) -> None:
        headings = tree.css("div.chaptertitle")
        jump = tree.css('select[name="chapter"] option')
        self.options = len(jump)
        stated = next((count_of(e) for e in box if e.field == "chapters"), None)
        self.single = max(len(headings), len(jump), stated or 1) == 1
        self.printed = bool(headings)
        self.story, self.authors = of.title, of.authors
        self.titles = {int(n): inline(a) for a in tree.css('a[href^="#"]') if (n := _indexed(a))}
        selected = next((o for o in jump if "selected" in o.attributes), None)
        asked = _digits("".join(parse_qs(uri.partition("?")[2]).get("chapter", [])))
        self.number = int((_digits(selected.attributes.get("value")) if selected else "") or asked or 1)
        self.option = inline(selected) if selected else ""
        self.begun = self.after_text = False

    def next_chapter(self, node: LexborNode) -> str:
        """Go on to the chapter of this heading; its title without its number and author."""
        anchor = node.css_first("a[name]")
        stated = _digits(anchor.attributes.get("name")) if anchor else ""
        self.number = int(stated) if stated else self.number + 1 if self.begun else self.number
        self.begun, self.after_text = True, False
        title = self.titles.get(self.number) or inline(node)
        for author in () if self.number in self.titles else self.authors:
            title = re.sub(rf"\s+\S{{1,4}}\s+{re.escape(author)}$", "", title)
        return title

    def place(self, of_story: bool) -> tuple[Position, int | None]:
        """Where a note stands; `of_story`: its title says that it belongs to all of it."""
        if self.after_text:
            return ("end", None) if self.single else ("chapter_end", self.number)
        if self.single or of_story or (self.printed and not self.begun):
            return "start", None
        return "chapter_start", self.number


def _indexed(link: LexborNode) -> str:
    """The number of the chapter in whose line of the printable form's index a link stands."""
    number = _digits(link.attributes.get("href"))
    before = link.prev.prev if link.prev and link.prev.tag == "-text" else link.prev
    return number if number and before and before.tag in ("b", "strong") and inline(before) == f"{number}." else ""


def _digits(text: str | None) -> str:
    found = re.fullmatch(r"#?([0-9]{1,4})", text or "")
    return found[1] if found else ""


def _parts(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Headings, notes and texts in order, none of them inside another."""
    seen: set[int] = set()
    for node in tree.css(_PARTS):
        if any(outer.mem_id in seen for outer in above(node)):
            continue
        if node.tag != "blockquote" or _note_title(node):
            seen.add(node.mem_id)
            yield node


def _add_part(builder: DocumentBuilder, node: LexborNode, outline: _Outline) -> bool:
    """Whether the part was text of the story."""
    classes = (node.attributes.get("class") or "").split()
    if "chaptertitle" in classes:
        _add_heading(builder, outline.next_chapter(node), outline)
        return False
    if "notes" in classes or "noteinfo" in classes or node.tag == "blockquote":
        _add_note(builder, node, outline)
        return False
    _begin(builder, outline)
    span = add_markup(builder, node, role=Role.STORY, chapter=outline.number, rule="efiction.story")
    outline.after_text = outline.after_text or span is not None
    return span is not None


def _begin(builder: DocumentBuilder, outline: _Outline) -> None:
    """The title of the only chapter on a page, which its menu knows, before the chapter's first part."""
    if outline.printed or outline.begun:
        return
    outline.begun = True
    if numbered := _NUMBERED.fullmatch(outline.option):
        _add_heading(builder, numbered[2], outline)


def _add_heading(builder: DocumentBuilder, title: str, outline: _Outline) -> None:
    """A chapter's title; the only chapter's is mostly the story's, or "Chapter 1", and says nothing."""
    if outline.single and bare(title) in (bare(outline.story), "chapter 1", "chapter one", "1"):
        return
    rule = "efiction.chapter"
    builder.add(title, Layout.HEADING, role=Role.CHAPTER_HEADING, chapter=outline.number, level=2, rule=rule)


def _add_note(builder: DocumentBuilder, node: LexborNode, outline: _Outline) -> None:
    title = _note_title(node)
    of_story = bool(title) and fold(inline(title).strip(": ")) in _said("note", "story")
    if not of_story:
        _begin(builder, outline)
    position, chapter = outline.place(of_story)
    body = node.css_first(".noteinfo") or node
    add_markup(
        builder,
        body,
        skip=lambda n: title is not None and n.mem_id == title.mem_id,
        role=Role.NOTE,
        chapter=chapter,
        position=position,
        rule="efiction.notes",
    )


def _note_title(node: LexborNode) -> LexborNode | None:
    """The words "Story Notes:" and the like at the top of a note."""
    if title := node.css_first(".title"):
        return title
    first = node.css_first("b, strong, h2, h3, span.label")
    known = {*_said("note", "story"), *_said("note", "chapter"), *_said("note", "end")}
    return first if first and fold(inline(first).strip(": ")) in known else None


@cache
def _said(table: str, group: str) -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in tables("efiction")[table][group])


def _rows(tree: LexborHTMLParser) -> Iterator[tuple[int, LexborNode, LexborNode]]:
    """(number, link, paragraph) of each chapter in a table of contents."""
    for bold in tree.css("b"):
        numbered = _NUMBERED.match(inline(bold))
        link = bold.css_first('a[href*="viewstory.php"]')
        if numbered and link and bold.parent:
            yield int(numbered[1]), link, bold.parent


def _add_disclaimer(builder: DocumentBuilder, tree: LexborHTMLParser) -> None:
    """What the archive disclaims for every work of it."""
    said = inline(tree.css_first("#copyright, div.disclaimer"))
    key, _, words = said.partition(":")
    if words and fold(key) in {fold(k) for k in phrases("header")["disclaimer"]}:
        span = builder.add(said, role=Role.HEADER, rule="efiction.copyright")
        builder.declare("disclaimer", words.strip(), "efiction.copyright", 0.9, builder.locate(words.strip(), span))


def _add_row(builder: DocumentBuilder, row: tuple[int, LexborNode, LexborNode]) -> None:
    """A chapter's title, and the note under it."""
    number, link, paragraph = row
    rule = "efiction.contents"
    builder.add(inline(link), Layout.HEADING, role=Role.CHAPTER_HEADING, chapter=number, level=2, rule=rule)
    for words in _row_note(paragraph):
        builder.add(words, role=Role.NOTE, chapter=number, position="chapter_start", rule=rule)


def _row_note(paragraph: LexborNode) -> Iterator[str]:
    """What stands behind the row's first line break, and the paragraphs until the next row."""
    inside = list(children(paragraph))
    broken = next((n for n, child in enumerate(inside) if child.tag == "br"), len(inside))
    yield one_line(" ".join(child.text(deep=True) or "" for child in inside[broken:]))
    follower = paragraph.next
    while follower is not None and follower.tag in ("p", "-text") and not follower.css_first('b a[href*="chapter="]'):
        yield inline(follower) if follower.tag == "p" else one_line(follower.text_content or "")
        follower = follower.next
