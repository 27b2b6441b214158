"""WARC (ISO 28500), packed or plain: the pages and e-books that a crawler fetched, each read as if it were just now.

warcio reads the records; it takes lines and chunks as long as they state, so it is given a stream that is unpacked
here and ends where the record's allowance does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParser

from ...errors import BadAnswer, HostileContent, NoStory, ReadError
from ...model import Document, Evidence
from ..blob import Blob
from ..bounds import LARGEST_MEMBER, RATIO, Whole, beyond, whole_of
from ..generic import holds_story
from ..inflate import unpack
from . import Reader, gzip_, html, reader_for, text
from .packed import unpacked
from .tar import PIECE, Stream, pieces

LONGEST_HEADER = 1 << 20
"""Bytes of a record's headers and of the blank lines before them."""
_MAGIC = b"WARC/"
_PAGES = frozenset(("text/html", "application/xhtml+xml"))
_OTHERS = frozenset(
    "text/plain application/epub+zip application/pdf application/rtf application/x-mobipocket-ebook"
    " application/vnd.amazon.ebook application/vnd.amazon.mobi8-ebook".split()
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_HTTP = StatusAndHeadersParser([], verify=False)
logging.getLogger("warcio").setLevel(logging.ERROR)  # it warns of blanks in addresses


class _Records(WARCIterator):  # type: ignore[misc]
    INC_RECORD = ""  # what it would print on standard error


@dataclass(slots=True)
class _Allowance:
    """The stream that warcio reads: an error once it gave more than was granted."""

    stream: Stream
    uri: str
    granted: int = 0
    given: int = 0

    def read(self, size: int = PIECE) -> bytes:
        if size > self.granted:
            raise HostileContent(self.uri, "a record or its headers are beyond all bounds; take it out of the archive")
        try:
            data = self.stream.read(size)
        except (EOFError, ValueError) as problem:
            raise ReadError(self.uri, f"a damaged archive ({problem}); the records before that were read") from problem
        self.granted -= len(data)
        self.given += len(data)
        return data

    def tell(self) -> int:
        return self.given


def sniff(blob: Blob) -> float:
    """The first record's first line proves it, packed or not."""
    if blob.data.startswith(gzip_.MAGIC):
        return 0.95 if _head(blob).startswith(_MAGIC) else 0.0
    return 0.95 if blob.data.startswith(_MAGIC) else 0.0


def _head(blob: Blob) -> bytes:
    try:
        return next(unpacked(blob.data, gzip_.MAGIC, gzip_.Unpacker), b"")
    except (EOFError, ValueError):
        return b""


def read(blob: Blob) -> Iterator[Document | Blob]:
    """The stories of its pages, and a Blob for each text and e-book: "x.warc!/https://host/path"."""
    if blob.data.startswith(gzip_.MAGIC):
        chunks, whole = unpacked(blob.data, gzip_.MAGIC, gzip_.Unpacker), whole_of(blob.uri, len(blob.data))
    else:
        chunks, whole = pieces(blob.data), Whole(blob.uri)
    source = _Allowance(Stream(chunks, whole), blob.uri)
    for record in _records(source, blob.uri):
        target = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type not in ("response", "resource") or not _is_wanted(target):
            continue
        uri = f"{blob.uri}!/{target}"
        try:
            if found := _answer(record, source, uri):
                whole.another()
                yield from _works(replace(found, origin=blob.origin, mtime=blob.mtime), target, uri)
        except ReadError as problem:
            yield Blob(uri, b"", "", failure=type(problem)(uri, problem.reason))
            if source.stream.damage:
                return


def _is_wanted(target: str) -> bool:
    try:
        return target.startswith(("http://", "https://")) and urlsplit(target).path != "/robots.txt"
    except ValueError:
        return False


def _records(source: _Allowance, uri: str) -> Iterator[Any]:
    """Every record; what its reader leaves of one is passed over."""
    records = _Records(source, no_record_parse=True)
    while True:
        source.granted = LONGEST_HEADER
        try:
            record = next(records, None)
        except ArchiveLoadFailed as problem:
            reason = f"a damaged archive ({str(problem)[:120]}); the records before that were read"
            raise ReadError(uri, reason) from problem
        if record is None:
            return
        if record.length is None:
            raise ReadError(uri, "a damaged archive (a record without its length); the records before that were read")
        yield record
        _pass_over(record, source)


def _pass_over(record: Any, source: _Allowance) -> None:
    """Read what is left of a record."""
    source.granted = PIECE
    while record.raw_stream.read(PIECE):
        source.granted = PIECE


def _answer(record: Any, source: _Allowance, uri: str) -> Blob | None:
    """What was fetched with success, if it is of a kind that stories have.

    Raises:
        ReadError: if it is cut off or damaged.
        HostileContent: if it is larger than any story.
    """
    headers, status = record.rec_headers, "200"
    stated = record.content_type or ""
    if record.rec_type == "response":
        try:
            headers = _HTTP.parse(record.raw_stream)
        except EOFError as problem:
            raise ReadError(uri, "a damaged record: it is empty; fetch it anew") from problem
        if not headers.protocol.startswith("HTTP/"):
            raise ReadError(uri, "a damaged record: its answer has no head; fetch it anew")
        status, stated = headers.get_statuscode(), headers.get_header("content-type") or ""
    media_type = stated.partition(";")[0].strip().lower()
    if status != "200" or media_type not in _PAGES | _OTHERS:
        return None
    charset = _CHARSET.search(stated)
    return Blob(
        uri=uri,
        data=_body(record, headers, source, uri),
        name="",
        retrieved=record.rec_headers.get_header("WARC-Date"),
        media_type=media_type,
        charset=charset.group(1) if charset else None,
    )


def _body(record: Any, headers: Any, source: _Allowance, uri: str) -> bytes:
    """An answer's body without what it was packed in for the way."""
    if record.length > LARGEST_MEMBER:
        raise beyond(uri, LARGEST_MEMBER)
    source.granted = record.length + LONGEST_HEADER
    chunked = (headers.get_header("transfer-encoding") or "").strip().lower() == "chunked"
    packed = (ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream).read(LARGEST_MEMBER)
    _pass_over(record, source)
    if record.raw_stream.tell() < record.length:
        raise ReadError(uri, "a damaged record: it breaks off; fetch it anew")
    encoding = (headers.get_header("content-encoding") or "").strip().lower()
    try:
        return unpack(uri, encoding, iter((packed,)), LARGEST_MEMBER, RATIO)
    except BadAnswer as problem:
        raise ReadError(uri, f"a damaged record ({problem.reason})") from problem


def _works(answer: Blob, target: str, uri: str) -> Iterator[Document | Blob]:
    """The works of an answer; a page is read under its own address, which its site's engine knows."""
    stated = Evidence("url", target, None, "warc.target", 0.9)
    answer = replace(answer, name=PurePosixPath(unquote(urlsplit(target).path)).name, declared=(stated,))
    if answer.media_type not in _PAGES:
        yield from _other(answer)
        return
    page = html.opened(replace(answer, uri=target))
    for work in html.works_of(page, replace(answer, uri=target)):
        if not page.site and not holds_story(work):
            raise NoStory(uri, "a page without a story: an index, an error, or talk of its site")
        yield replace(work, source=replace(work.source, uri=uri + work.source.uri.removeprefix(target)))


def _other(answer: Blob) -> Iterator[Document | Blob]:
    """What a text or an e-book holds; servers have many texts that are for programs."""
    for found in reader_for(answer).read(answer):
        if isinstance(found, Document) and found.source.media_type == text.MEDIA_TYPE and not holds_story(found):
            raise NoStory(answer.uri, "a text without a story")
        yield found


READER = Reader("warc", sniff, read)
