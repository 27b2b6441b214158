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
    r"content-[\w-]+|article[\w.-]*|news-software|approved|status|summary|cc|expires|originator|in-reply-to|"
    r"list-[\w-]+):[ \t]*",
    re.IGNORECASE,
)
_PROOF = re.compile(r"^(?:from|newsgroups|message-id|path|received|return-path):", re.IGNORECASE | re.MULTILINE)
_ENVELOPE = re.compile(r"From \S+ .*\d{4}\s*$|Article:? \d+ (?:of|in) \S+$|#! ?r?news \d+$")
_ALONE = re.compile(r"Subject:[ \t]*\S|From:[ \t].*@")
_PREFIX = re.compile(
    r"^(?:\s*(?:(?:re|fwd?|aw|wg|tr|repost|new|fic|story|x?post|rep|ff|fanfic|update)\s*[:>]\s*|\[[^\]]*\]\s*)+)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"\s*[\[(]?(?:(?:part|pt|chapter|ch)\.?\s*)?\d+(?:[a-z])?\s*(?:/|of)\s*(?:\d+|\?)\s*[\])]?\s*$"
    r"|[\s,:-]*(?<!\w)(?:parts?|pt|chapter|ch)\.?\s*(?:\d+[a-z]?|[ivx]+)[.,]?(?:\s+\(?end\)?)?\s*$"
    r"|\s*[\[(](?:[^\[\]()]{0,60})[\])]\s*$|[\s-]*\*[^*]{1,30}\*\s*$",
    re.IGNORECASE,
)


def header_end(text: str) -> int:
    """Where the header of a mail or post ends with which `text` starts; 0 if it starts with none.

    A post saved from an archive may have an envelope line ("From x@y Mon ...", "Article 12 of alt.x:") before the
    fields, and only one field left: a subject, or a sender with an address.
    """
    start = len(text) - len(text.lstrip("\n"))
    head = text[start : start + 6000].partition("\n\n")[0]
    lines = head.split("\n")
    fields = lines[bool(_ENVELOPE.match(lines[0])) :]
    if not fields:
        return 0
    known = sum(bool(_MAIL_FIELD.match(line)) for line in fields)
    folded = sum(line[:1] in (" ", "\t") for line in fields)
    whole = bool(_MAIL_FIELD.match(fields[0])) and known + folded >= 0.7 * len(fields)
    proved = (known >= 2 and _PROOF.search(head)) or (known + folded == len(fields) and _ALONE.match(fields[0]))
    return start + len(head) if whole and proved else 0


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
    return title.strip(" -:,")


def iso_date(value: str) -> str | None:
    """An RFC 5322 date, two-digit years included, as YYYY-MM-DD; None if it is none."""
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (TypeError, ValueError, IndexError):
        return None


def declare_header(builder: DocumentBuilder, header: str, *, forwarded: bool = False) -> None:
    """Declare what the header (already a block of `builder`) states: title, author, date.

    Of a `forwarded` post the sender is nearer to being the author than whoever passed it on.
    """
    first, _, rest = header.partition("\n")
    fields = HeaderParser().parsestr(rest if _ENVELOPE.match(first) else header)
    base = builder.blocks[-1].span.start if builder.blocks else 0
    if subject := fields.get("subject"):
        builder.declare("title", subject_title(subject), "mail.subject", 0.6, _where(header, subject, base))
    if sender := fields.get("from"):
        rule, confidence = ("mail.forwarded", 0.57) if forwarded else ("mail.from", 0.55)
        name = person(sender)
        place = _where(sender, name, header.find(sender) + base) or _where(header, sender, base)
        builder.declare("authors", name, rule, confidence, place)
    if (sent := fields.get("date")) and (date := iso_date(sent)):
        builder.declare("published", date, "mail.date", 0.8, _where(header, sent, base))


def _where(header: str, value: str, base: int) -> Span | None:
    start = header.find(value)
    return Span(base + start, base + start + len(value)) if start >= 0 else None
