"""A download of the OTW archive whose markup was lost (MOBI, PDF), known by its words and given its markup again.

Kindle's old format knows no classes, and a PDF knows nothing but lines. Both say the same in the same order: where
the work was posted, `Rating:` and so on, title, byline, summary, notes, chapters, end notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...lexicon import alternation, tables
from ...text import one_line
from ..markup import lines_of
from .otw_fields import classes, key_of
from .otw_urls import work_number

_URL = re.compile(r"https?://[^\s<>\"]+/works/\d+")
_LABELLED = re.compile(r"(?P<label>[A-Z][\w /]{2,30}):(?:\s+(?P<value>.*))?", re.DOTALL)
_CHAPTER = re.compile(r"Chapter (?P<number>[0-9]{1,6})(?:: [^\n]{1,300})?")
_HEADINGS = "h1, h2, h3, p > font[size] > b:only-child"
"""How a heading is written, and what Kindle's old format makes of one."""
LONGEST_HEADING = 300
LONGEST_LINE = 2_000
"""Characters of the line with the address, and of the byline."""
FIRST = 6
"""Pieces within which a download says where it was posted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph: its text, the HTML that shows it, whether it is set in as a quotation is, whether it is set off
    from what stands before it, and whether it is set as a heading is.
    """

    text: str
    html: str
    quoted: bool = False
    apart: bool = False
    heading: bool = False


def pieces_of(tree: LexborHTMLParser) -> Iterator[Piece]:
    """The paragraphs of a page that has no more structure than those."""
    apart = False
    node = tree.body.child if tree.body else None
    while node is not None:
        if (text := _said(node)) and node.html:
            quoted = node.tag == "blockquote"
            html = f"<div>{node.inner_html}</div>" if quoted else node.html
            yield Piece(text, html, quoted, apart, bool(node.css_first(_HEADINGS)))
            apart = False
        elif "pagebreak" in classes(node):
            apart = True
        node = node.next


def _said(node: LexborNode) -> str:
    return lines_of(node) if node.tag in ("p", "div", "blockquote", "h1", "h2", "h3", "ul", "ol", "dl") else ""


@cache
def _are(group: str) -> Callable[[str], re.Match[str] | None]:
    """Whether a text begins with one of a group's phrases; labels are all of the text."""
    whole = "" if group in ("posted", "more", "farewell") else r"\s*:?\s*$"
    return re.compile(rf"{alternation(tables('otw')['plain'][group])}{whole}", re.IGNORECASE).match


def restored(pieces: Sequence[Piece]) -> str | None:
    """The page of a download; None if the pieces are something else."""
    pieces = [*_by_line(pieces)]
    posted = _posted(pieces)
    if posted is None:
        return None
    at, url = posted
    return page(pieces[at + 1 :], url)


def page(pieces: Sequence[Piece], url: str) -> str | None:
    """The page of what stands behind the address: tags, title, byline, story; None if there are no tags."""
    fields, at = _fields(pieces, 0)
    if not fields or len(pieces) < at + 2:
        return None
    title, byline, *story = pieces[at:]
    preface, story = _preface(story)
    return (
        f'<body><div id="preface"><p class="message"><a href="{url}">{url}</a></p><dl class="tags">{fields}</dl>'
        f'<div class="meta"><h1>{escape(one_line(title.text))}</h1><div class="byline">{_byline(byline.text)}</div>'
        f"{preface}</div></div>{_story(story)}</body>"
    )


def _by_line(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """With the lines of the list of tags as pieces of their own."""
    for piece in pieces:
        found = _LABELLED.match(piece.text)
        if "\n" in piece.text and found and key_of(found["label"]):
            yield from (Piece(line, escape(line, quote=False)) for line in piece.text.split("\n"))
        else:
            yield piece


def _posted(pieces: Sequence[Piece]) -> tuple[int, str] | None:
    """The piece that says where the work was posted, and the address."""
    for at, piece in enumerate(pieces[:FIRST]):
        if any(_are("posted")(line) for line in piece.text.split("\n")):
            found = _URL.search(one_line(piece.text)[:LONGEST_LINE])
            return (at, found.group()) if found and work_number(found.group()) else None
    return None


def _fields(pieces: Sequence[Piece], at: int) -> tuple[str, int]:
    """The entries of the list of tags, and where it ends; a value may stand in a piece of its own."""
    made: list[str] = []
    while at < len(pieces) and (found := _LABELLED.fullmatch(pieces[at].text)) and (key := key_of(found["label"])):
        value = escape(one_line(found["value"] or ""), quote=False)
        if not value and at + 1 < len(pieces):
            at += 1
            value = pieces[at].html
        made.append(f"<dt>{escape(found['label'])}:</dt><dd>{value}</dd>")
        at += 1
        if key == "stats":
            break
    return "".join(made), at


def _byline(text: str) -> str:
    """ "by Ann, Bea" with each name as a link; of "Cas [archived by Ann]" the link is the archivist's."""
    by, _, names = one_line(text)[:LONGEST_LINE].partition(" ")
    linked = (re.sub(r"([^\[\]]+)(\]?)$", r'<a rel="author">\1</a>\2', escape(name)) for name in names.split(", "))
    return f"{escape(by)} {', '.join(linked)}"


def _preface(story: list[Piece]) -> tuple[str, list[Piece]]:
    """Summary and notes before a text as HTML, and what stands behind them; "see the end for more" is left out."""
    made = ""
    while story:
        if _are("summary")(story[0].text) or _are("notes")(story[0].text):
            section, story = _section(story)
            made += section
        elif _are("more")(story[0].text):
            story = story[1:]
        else:
            break
    return made, story


def _section(story: Sequence[Piece]) -> tuple[str, list[Piece]]:
    """A label with what is quoted behind it, and the rest."""
    end = 1
    while end < len(story) and story[end].quoted and (end == 1 or not story[end].apart):
        end += 1
    if end == 1:
        return "", list(story[1:])
    quoted = "".join(piece.html for piece in story[1:end])
    return f"<p>{escape(story[0].text)}</p><blockquote>{quoted}</blockquote>", list(story[end:])


def _story(story: Sequence[Piece]) -> str:
    """Chapters and afterword."""
    last = next((n for n, piece in enumerate(story) if _are("farewell")(piece.text)), len(story))
    end = next((n for n in range(last - 1, -1, -1) if _are("end")(story[n].text)), last)
    end = next((n for n in range(end) if _are("inspired")(story[n].text)), end)
    notes = "".join(piece.html for piece in story[end + 1 : last] if piece.quoted)
    after = f'<div id="afterword"><blockquote>{notes}</blockquote></div>' if notes else ""
    return "".join(_chapters(list(story[:end]))) + after


def _chapters(story: list[Piece]) -> Iterator[str]:
    heads: list[int] = []
    for at, piece in enumerate(story):
        found = _CHAPTER.fullmatch(piece.text)
        numbered = found and int(found["number"]) == len(heads) + 1
        if numbered or (piece.heading and piece.apart and len(piece.text) <= LONGEST_HEADING):
            heads.append(at)
    if not heads or heads[0] > 0:
        yield f'<div id="chapters">{"".join(piece.html for piece in story)}</div>'
        return
    for start, end in zip(heads, [*heads[1:], len(story)], strict=True):
        yield _chapter(story[start], story[start + 1 : end])


def _chapter(heading: Piece, story: list[Piece]) -> str:
    notes, story = _preface(story)
    end = next((n for n, piece in enumerate(story) if _are("chapter_end")(piece.text)), len(story))
    after = _section(story[end:])[0] if end < len(story) else ""
    return (
        f'<div class="meta group"><h2 class="heading">{escape(one_line(heading.text))}</h2>{notes}</div>'
        f'<div class="userstuff">{"".join(piece.html for piece in story[:end])}</div>'
        + (f'<div class="meta"><div id="endnotes">{after}</div></div>' if after else "")
    )
