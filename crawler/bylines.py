"""Who wrote a page and when, as blogs of any engine mark it up: hAtom's `vcard`, microdata, `rel=author`.

Themes leave these classes on elements of their own, so that they are believed less than a byline in the text.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from .blob import DocumentBuilder
from .dates import iso_date
from .markup import inline
from .nodes import attribute

LONGEST = 80
"""Characters of a name, and of what holds a date and little else."""
_AUTHORS = (
    ".entry-author .fn", ".post-author .fn", ".byline .fn", ".author.vcard .fn", ".vcard.author", ".byline .author",
    ".author .fn", "a[rel='author']", "[itemprop='author'] [itemprop='name']", "[itemprop='author']",
)  # fmt: skip
_DATES = (
    "time.entry-date", "time.published", "time[itemprop='datePublished']", "abbr.published",
    "[itemprop='datePublished']", "article time", ".posted-on", ".entry-date", "h2.date-header",
)  # fmt: skip
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def declare_byline(tree: LexborHTMLParser, builder: DocumentBuilder) -> None:
    """Declare the first author and the first day that a page's body marks up."""
    for selector in _AUTHORS:
        if (node := tree.css_first(selector)) and 0 < len(name := inline(node)) <= LONGEST:
            builder.declare("authors", name, "html.byline", 0.55)
            break
    for selector in _DATES:
        if (node := tree.css_first(selector)) and (
            day := _day(attribute(node, "datetime", "title", "content"), inline(node))
        ):
            builder.declare("published", day, "html.posted", 0.65)
            break


def _day(*said: str) -> str | None:
    """The day that one of an attribute and a text names."""
    for words in said:
        if found := _ISO.match(words):
            return found.group()
        if len(words) <= LONGEST and (day := iso_date(words)):
            return day
    return None
