"""Kindle books are read as the EPUB that they are made of; the books here are made by hand, without compression."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents, load
from ficdex.errors import ReadError, UnsupportedFormat
from ficdex.model import Document

PAGE = (
    "<html><head><guide></guide></head><body><h1>Moth Season</h1><p>by Odette</p><mbp:pagebreak/>"
    '<a id="filepos9" /><p>The kettle sang.</p><p>Forty moths came in.</p></body></html>'
)
QUOTE = '<blockquote height="0pt">{}</blockquote>'
DOWNLOAD = (
    '<html><body><p align="center"><b>Moth Season</b><br></br>Posted originally on the <a href="http://x/">Archive of '
    'Our Own</a> at <a href="http://archiveofourown.org/works/77">http://archiveofourown.org/works/77</a>.</p>'
    + "".join(
        f"<p><b>{label}:</b></p>{QUOTE.format(value)}"
        for label, value in (
            ("Rating", '<a href="https://archiveofourown.org/tags/G">General Audiences</a>'),
            ("Archive Warning", '<a href="https://archiveofourown.org/tags/N">No Archive Warnings Apply</a>'),
            (
                "Additional Tags",
                '<a href="https://a.example/tags/A">Moths</a>, <a href="https://a.example/tags/B">Tea</a>',
            ),
            ("Language", "English"),
            ("Stats", "Published: 2013-05-04 Chapters: 2/2 Words: 1,234"),
        )
    )
    + '<mbp:pagebreak/><p><b>Moth Season</b></p><p>by <a href="/users/o">Odette</a>, <a href="/users/p">Odile</a></p>'
    f"<p>Summary</p>{QUOTE.format('Forty moths come in.')}<p>Notes</p>{QUOTE.format('For you.')}"
    f"<mbp:pagebreak/><h2>Chapter 1: Dusk</h2><p>Chapter Notes</p>{QUOTE.format('Tea!')}<p>Dusk fell.</p>"
    f"<p>Chapter End Notes</p>{QUOTE.format('More tea!')}"
    "<mbp:pagebreak/><p align='center'><font size='4'><b>Night</b></font></p><p>Night fell.</p>"
    f"<mbp:pagebreak/><p>End Notes</p>{QUOTE.format('Thanks to Willow.')}"
    "<p>Please <a href='/'>drop by the Archive and comment</a></p><p>Table of Contents</p></body></html>"
)


def mobi(page: str, *, encryption: int = 0) -> bytes:
    """A MOBI 6 of one page: the Palm database, the headers of its first record, the text in uncompressed records."""
    text = page.encode()
    pieces = [text[at : at + 4096] for at in range(0, len(text), 4096)]
    title = b"Moth Season"
    exth_records = b"".join(struct.pack(">LL", kind, 8 + len(said)) + said for kind, said in ((100, b"Odette"),))
    exth = b"EXTH" + struct.pack(">LL", 12 + len(exth_records), 1) + exth_records
    exth += b"\0" * (-len(exth) % 4)
    header = bytearray(232)
    header[:4] = b"MOBI"
    nothing = 0xFFFFFFFF
    for at in range(8, 232, 4):
        struct.pack_into(">L", header, at, nothing if 24 <= at < 64 or at >= 152 else 0)
    for at, value in (
        (4, 232), (8, 2), (12, 65001), (16, 1), (20, 6), (64, len(pieces) + 1), (68, 248 + len(exth)),
        (72, len(title)), (76, 9), (88, 6), (92, len(pieces) + 1), (112, 0x40), (224, 0),
    ):  # fmt: skip
        struct.pack_into(">L", header, at, value)
    first = struct.pack(">HHLHHHH", 1, 0, len(text), len(pieces), 4096, encryption, 0) + bytes(header) + exth + title
    records = [first + b"\0" * 8, *pieces, b"\xe9\x8e\r\n"]
    head = b"moths".ljust(32, b"\0") + bytes(28) + b"BOOKMOBI" + bytes(8) + struct.pack(">H", len(records))
    start = len(head) + 8 * len(records) + 2
    table = b""
    for number, record in enumerate(records):
        table += struct.pack(">LL", start, number)
        start += len(record)
    return head + table + b"\0\0" + b"".join(records)


def read(data: bytes) -> list[Document | ReadError]:
    return list(documents(Blob("moths.mobi", data, "moths.mobi")))


def one(data: bytes) -> Document:
    (found,) = read(data)
    assert isinstance(found, Document), found
    return found


def texts(document: Document, **wanted: Any) -> list[str]:
    return [
        document.text[b.span.start : b.span.end].strip()
        for b in document.blocks
        if all(getattr(b, name) == value for name, value in wanted.items())
    ]


def test_a_book_is_one_work_under_its_own_name() -> None:
    found = one(mobi(PAGE))
    assert texts(found) == ["Moth Season", "by Odette", "The kettle sang.", "Forty moths came in."]
    assert found.source.uri == "moths.mobi"
    assert found.source.size == len(mobi(PAGE))
    assert ("authors", "Odette") in {(e.field, e.value) for e in found.declared}


def test_a_download_of_the_archive_gives_its_tags_and_notes() -> None:
    found = one(mobi(DOWNLOAD))
    said = [(e.field, e.value) for e in found.declared if e.rule.startswith("otw.")]
    assert [value for field, value in said if field == "authors"] == ["Odette", "Odile"]
    assert [value for field, value in said if field == "tags"] == ["Moths", "Tea"]
    assert {
        ("title", "Moth Season"), ("rating", "General Audiences"), ("warnings", "No Archive Warnings Apply"),
        ("language", "en"), ("site_id", "ao3:77"), ("words", 1234), ("summary", "Forty moths come in."),
    } <= set(said)  # fmt: skip
    assert texts(found, position="start") == ["For you."]
    assert texts(found, position="chapter_start", chapter=1) == ["Tea!"]
    assert texts(found, position="chapter_end", chapter=1) == ["More tea!"]
    assert texts(found, position="end") == ["Thanks to Willow."]
    assert texts(found, rule="otw.chapter", chapter=2) == ["Night fell."]
    assert "Table of Contents" not in found.text


def test_encrypted_and_damaged_books_say_what_is_wrong() -> None:
    whole = mobi(PAGE)
    for data, said in (
        (mobi(PAGE, encryption=2), "DRM"),
        (whole[:90], "damaged Kindle book"),
        (whole[:200], "damaged"),
        (whole[:78] + b"\xff" * 40 + whole[118:], "damaged"),
    ):
        (error,) = read(data)
        assert isinstance(error, ReadError)
        assert said in error.reason
        assert error.uri == "moths.mobi"


def test_nothing_of_a_book_stays_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one(mobi(PAGE))
    read(mobi(PAGE)[:200])
    assert not list(tmp_path.iterdir())


def test_without_the_extra_the_reason_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ficdex.crawler.confined.find_spec", lambda library: None)
    (error,) = read(mobi(PAGE))
    assert isinstance(error, UnsupportedFormat)
    assert "pip install 'ficdex[mobi]'" in error.reason


@pytest.mark.parametrize("name", ["azw3Test.azw3", "mobiTest.mobi", "pdfTest.pdf", "htmlTest.html"])
def test_the_five_downloads_of_one_work_state_the_same(corpus: Path, name: str) -> None:
    def stated(path: Path) -> list[tuple[str, str]]:
        (found,) = documents(load(path))
        assert isinstance(found, Document), found
        return sorted((e.field, str(e.value)) for e in found.declared if e.rule.startswith("otw."))

    assert stated(corpus / "ao3" / name) == stated(corpus / "ao3" / "epubTest.epub")
