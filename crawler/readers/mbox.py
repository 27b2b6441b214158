"""Mailboxes (RFC 4155) and single mails: each message is a story, or a part of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser

from ...errors import NoStory
from ...model import Document, Role
from ..blob import Blob, DocumentBuilder
from ..encoding import decode
from ..mail import declare_header, readable, subject_title
from ..markup import parse
from . import Reader
from .html import any_page
from .text import add_paragraphs

MEDIA_TYPE = "application/mbox"
_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From \S+.*\d{4}.*\r?\n")
_QUOTED_FROM = re.compile(r"^>(>*From )", re.MULTILINE)
_SHOWN = ("From", "To", "Newsgroups", "Subject", "Date")


def sniff(blob: Blob) -> float:
    """A From line at the very start, with header fields behind it; or a mail with MIME structure."""
    head = blob.data[:4096]
    if re.match(rb"From \S+[^\n]*\d{4}[^\n]*\n[\w-]+:", head):
        named = blob.name.lower().endswith((".mbox", ".mbx"))
        return 0.95 if named or len(_subjects(blob.data)) > 1 else 0.1
    if re.match(rb"[\w-]+:[ \t]", head) and re.search(rb"^(?:MIME-Version|Content-Type):", head, re.I | re.M):
        return 0.7
    return 0.0


def _subjects(data: bytes) -> set[str]:
    """The distinct subjects of a mailbox: one story posted in parts has one."""
    found = re.findall(rb"^Subject:[ \t]*(.*)$", data, re.MULTILINE)
    return {subject_title(s.decode("latin-1")).casefold() for s in found}


def read(blob: Blob) -> Iterator[Document]:
    """A Document for each message that has a text; "x.mbox#2" is the second of all."""
    starts = list(_FROM_LINE.finditer(blob.data))
    if not starts:
        yield _message(blob, blob.data)
        return
    ends = [m.start() for m in starts[1:]] + [len(blob.data)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        one = replace(blob, uri=f"{blob.uri}#{number}", data=blob.data[start.end() : end])
        try:
            yield _message(one, one.data)
        except NoStory:
            if len(starts) == 1:
                raise


def _message(blob: Blob, data: bytes) -> Document:
    message = BytesParser().parsebytes(data)
    builder = DocumentBuilder()
    header = "\n".join(f"{name}: {readable(str(message[name]))}" for name in _SHOWN if message[name])
    if header:
        builder.add(header, role=Role.HEADER, rule="mail.header")
        declare_header(builder, header)
    part = _best_part(message)
    payload = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        raise NoStory(blob.uri, "a mail without a text")
    decoded = decode(payload, part.get_content_charset())
    builder.repairs += decoded.repairs
    if part.get_content_type() == "text/html":
        return next(any_page(parse(decoded.text, blob.uri), blob, builder))
    add_paragraphs(builder, _QUOTED_FROM.sub(r"\1", decoded.text))
    return builder.build(blob, MEDIA_TYPE)


def _best_part(message: Message) -> Message | None:
    """The longest plain text of a message, else its longest HTML."""
    for wanted in ("text/plain", "text/html"):
        parts = [p for p in message.walk() if p.get_content_type() == wanted and not p.is_multipart()]
        if parts:
            return max(parts, key=lambda p: len(p.get_payload()))
    return None


READER = Reader("mbox", sniff, read)
