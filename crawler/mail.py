"""Header fields of mails and newsgroup posts (RFC 5322, RFC 5536) as declared fields."""

from __future__ import annotations

import re
from email.header import decode_header, make_header
from email.parser import HeaderParser
from email.utils import parseaddr, parsedate_to_datetime

from ..model import Span
from .blob import DocumentBuilder

_MAIL_FIELD = re.compile(
    r"(?:from|subject|date|path|newsgroups|message-id|organization|lines|to|sender|received|return-path|"
    r"reply-to|references|xref|x-[\w-]+|mime-version|nntp-posting-host|distribution|keywords|followup-to|"
    r"content-[\w-]+|article|approved|status|summary|cc|expires|originator|in-reply-to|list-[\w-]+):[ \t]*",
    re.IGNORECASE,
)
_PROOF = re.compile(r"^(?:from|newsgroups|message-id|path|received|return-path):", re.IGNORECASE | re.MULTILINE)
_PREFIX = re.compile(
    r"^(?:\s*(?:(?:re|fwd?|aw|wg|tr|repost|new|fic|story|x?post|rep|ff|fanfic|update)\s*[:>]\s*|\[[^\]]*\]\s*|[\"'])+)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"\s*[\[(]?(?:(?:part|pt|chapter|ch)\.?\s*)?\d+(?:[a-z])?\s*(?:/|of)\s*(?:\d+|\?)\s*[\])]?\s*$"
    r"|\s*[\[(](?:[^\[\]()]{0,60})[\])]\s*$",
    re.IGNORECASE,
)


def is_mail_header(text: str) -> bool:
    """Whether `text` starts with the header of a mail or post: two known fields, one that only posts have."""
    head = text[:6000].partition("\n\n")[0]
    lines = head.split("\n")
    known = sum(bool(_MAIL_FIELD.match(line)) for line in lines)
    folded = sum(line[:1] in (" ", "\t") for line in lines)
    return (
        known >= 2
        and known + folded >= 0.7 * len(lines)
        and bool(_MAIL_FIELD.match(lines[0]))
        and bool(_PROOF.search(head))
    )


def readable(value: str) -> str:
    """A field's value with its encoded words decoded (RFC 2047); as it is where they are broken."""
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (LookupError, ValueError):
        return " ".join(value.split())


def person(value: str) -> str:
    """The name in a From field: "Mark Kinney <x@y>", "x@y (Mark Kinney)"; the local part as a last resort."""
    value = readable(value)
    commented = re.search(r"\(([^()]+)\)\s*$", value)
    name, address = parseaddr(value)
    if commented and "@" in value[: commented.start()]:
        name = commented.group(1)
    return name.strip(" \"'") or address.partition("@")[0]


def subject_title(value: str) -> str:
    """A subject without Re:, list tags, NEW: and part numbers."""
    title = _PREFIX.sub("", readable(value)).strip()
    while (shorter := _SUFFIX.sub("", title).strip()) != title and shorter:
        title = shorter
    return title.strip(" \"'-:,")


def iso_date(value: str) -> str | None:
    """An RFC 5322 date, two-digit years included, as YYYY-MM-DD; None if it is none."""
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (TypeError, ValueError, IndexError):
        return None


def declare_header(builder: DocumentBuilder, header: str) -> None:
    """Declare what the header (already a block of `builder`) states: title, author, date."""
    fields = HeaderParser().parsestr(header)
    base = builder.blocks[-1].span.start if builder.blocks else 0
    if subject := fields.get("subject"):
        builder.declare("title", subject_title(subject), "mail.subject", 0.6, _where(header, subject, base))
    if sender := fields.get("from"):
        builder.declare("authors", person(sender), "mail.from", 0.55, _where(header, sender, base))
    if (sent := fields.get("date")) and (date := iso_date(sent)):
        builder.declare("published", date, "mail.date", 0.8, _where(header, sent, base))


def _where(header: str, value: str, base: int) -> Span | None:
    start = header.find(value)
    return Span(base + start, base + start + len(value)) if start >= 0 else None
