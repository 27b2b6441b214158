"""A Kindle book (MOBI, AZW3) becomes an EPUB: its own KF8 part, or its MOBI 7 page as the only one of a book."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path

from .limits import Refused, run

_PAGE_BREAK = re.compile(rb"<mbp:pagebreak[^<>]*>(?:</mbp:pagebreak>)?")
CONTAINER = '<container><rootfiles><rootfile full-path="content.opf"/></rootfiles></container>'


def convert(book: Path) -> bytes:
    """The bytes of the EPUB."""
    _check(book.read_bytes())
    from mobi.kindleunpack import unpackBook

    unpackBook(str(book), "unpacked", epubver="A")
    whole = next(Path("unpacked", "mobi8").glob("*.epub"), None)
    return whole.read_bytes() if whole else _from_page(Path("unpacked", "mobi7"))


def _check(data: bytes) -> None:
    """Refuse what is encrypted: bytes 12 and 13 of the first record say so."""
    (first,) = struct.unpack_from(">L", data, 78) if len(data) > 82 else (len(data),)
    if len(data) < first + 16:
        raise Refused("a damaged Kindle book (it breaks off); copy it anew")
    if data[first + 12 : first + 14] != b"\0\0":
        raise Refused("encrypted (DRM); ficdex reads books that their owner can open")


def _from_page(folder: Path) -> bytes:
    page, package = folder / "book.html", folder / "content.opf"
    if not page.exists() or not package.exists():
        raise Refused("a Kindle book without a text; convert it to EPUB")
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        made.writestr("META-INF/container.xml", CONTAINER)
        made.write(package, "content.opf")
        made.writestr("book.html", _PAGE_BREAK.sub(b'<div class="pagebreak"></div>', page.read_bytes()))
    return stream.getvalue()


if __name__ == "__main__":
    run(convert)
