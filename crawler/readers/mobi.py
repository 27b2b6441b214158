"""Kindle books (MOBI, AZW3), by the extra `mobi`: made an EPUB in a process of its own, and read as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...model import Document
from ..blob import Blob
from ..confined import opened
from . import Reader, epub

MEDIA_TYPE = "application/x-mobipocket-ebook"


def sniff(blob: Blob) -> float:
    """The type of the Palm database proves it."""
    return 0.95 if blob.data[60:68] in (b"BOOKMOBI", b"TEXtREAd") else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """One work."""
    book = replace(blob, data=opened(blob, "kindle", "mobi", "mobi"))
    for document in epub.read(book):
        yield replace(document, source=blob.source(MEDIA_TYPE))


READER = Reader("mobi", sniff, read)
