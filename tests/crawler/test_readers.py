"""Files of every kind become Documents that cut their text without gaps, or a clear error."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import FileItem, Skipped, documents, load, walk
from ficdex.errors import HostileContent, NoStory, ReadError, UnsupportedFormat
from ficdex.model import Document, Layout, Role


def read(data: bytes, name: str = "story.txt") -> list[Document | ReadError]:
    return list(documents(Blob(name, data, name)))


def one(data: bytes, name: str = "story.txt") -> Document:
    (found,) = read(data, name)
    assert isinstance(found, Document), found
    return found


def gapless(document: Document) -> bool:
    ends = [0, *(b.span.end for b in document.blocks)]
    starts = [b.span.start for b in document.blocks]
    return starts == ends[:-1] and ends[-1] == len(document.text)


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.md", "a.epub", "a.zip", "a.mbox", "a"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_documents_or_an_error(data: bytes, name: str) -> None:
    for found in read(data, name):
        if isinstance(found, Document):
            assert gapless(found)
            assert not any("\ud800" <= c <= "\udfff" or c == "\0" for c in found.text)


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_page_is_cut_without_gaps(text: str) -> None:
    for found in read(f"<html><body><p>{text}</p></body></html>".encode("utf-8", "replace"), "a.html"):
        assert isinstance(found, ReadError) or gapless(found)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ("encoding: utf-16",)),
        ("utf-16-le", ("encoding: utf-16-le",)),
        ("cp1252", ("encoding: windows-1252",)),
    ],
)
def test_encodings_are_found_and_recorded(encoding: str, said: tuple[str, ...]) -> None:
    text = "“Café,” said Zoë — and laughed.\n\nThe naïve fiancé said nothing at all about it."
    document = one(text.encode(encoding))
    assert document.text.startswith("“Café,” said Zoë — and laughed.")
    assert document.repairs == said


def test_line_ends_and_mojibake_are_mended_and_recorded() -> None:
    document = one("It wasnâ€™t me.\r\n\r\nReally.".encode())
    assert document.text == "It wasn’t me.\n\nReally.\n\n"
    assert set(document.repairs) == {"line ends: CRLF", "mojibake repaired"}


def test_content_decides_before_the_name() -> None:
    page = one(b"<!DOCTYPE html><html><body><p>Only a page.</p></body></html>", "story.txt")
    assert page.source.media_type == "text/html"


def test_a_rule_is_a_separator() -> None:
    document = one(b"Before the storm.\n\n* * *\n\nAfter it.")
    assert [b.layout for b in document.blocks] == [Layout.PARAGRAPH, Layout.SEPARATOR, Layout.PARAGRAPH]


def test_what_a_browser_hides_is_no_part_of_the_story() -> None:
    page = b"<html><body><p>Seen.</p><p style='display: none'>Stolen!</p><script>x()</script></body></html>"
    assert one(page, "a.html").text == "Seen.\n\n"


def test_menus_and_comments_are_left_out() -> None:
    page = b"""<html><body><div id="menu"><a href="/">Home</a> <a href="/x">More</a></div><p>The story.</p>
    <div class="comments"><p>Great story!</p></div></body></html>"""
    assert one(page, "a.html").text == "The story.\n\n"


def test_broken_lines_become_header_lines() -> None:
    page = b"<html><body><b>Title:</b> Salt<br><b>Rating:</b> PG<br><br>It rained.</body></html>"
    assert one(page, "a.html").text == "Title: Salt\nRating: PG\n\nIt rained.\n\n"


def test_a_million_nested_elements_are_refused() -> None:
    (error,) = read(b"<html><body>" + b"<div>" * 1_000_000, "a.html")
    assert isinstance(error, HostileContent)


def test_paragraphs_that_are_never_closed_do_not_nest() -> None:
    assert "Last." in one(b"<html><body>" + b"<P>It rained.\n" * 20_000 + b"<P>Last.", "a.html").text


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def test_an_envelope_without_a_mail_is_text() -> None:
    (found,) = documents(Blob("a.txt", b"From fenn@example.org Mon Feb 8 22:14:09 1999", "a.txt"))
    assert isinstance(found, Document)


def test_members_of_an_archive_are_named_after_it() -> None:
    inner = archive(**{"b.txt": b"Second story."})
    found = read(archive(**{"a.txt": b"First story.", "sub/inner.zip": inner}), "x.zip")
    assert [d.source.uri for d in found if isinstance(d, Document)] == ["x.zip!/a.txt", "x.zip!/sub/inner.zip!/b.txt"]


def test_a_bomb_is_refused_and_the_rest_is_read() -> None:
    found = read(archive(**{"bomb.txt": b"\0" * (64 << 20), "good.txt": b"A story."}), "x.zip")
    assert [type(f) for f in found] == [HostileContent, Document]


def test_archives_nest_three_deep_and_no_deeper() -> None:
    data = b"A story."
    for _ in range(5):
        data = archive(**{"next.zip" if data[:2] == b"PK" else "a.txt": data})
    assert isinstance(read(data, "x.zip")[0], HostileContent)


def test_a_damaged_archive_is_an_error_that_names_it() -> None:
    (error,) = read(archive(**{"a.txt": b"A story."})[:40], "x.zip")
    assert isinstance(error, ReadError)
    assert "x.zip" in str(error)


def test_each_message_of_a_mailbox_is_a_document() -> None:
    box = (
        b"From a@b Mon Jan 01 00:00:00 2001\nFrom: Ann <a@b.example>\nSubject: [list] NEW: Salt (1/1)\n"
        b"Date: Mon, 1 Jan 2001 00:00:00 +0000\n\nFirst story.\n\n"
        b"From c@d Tue Jan 02 00:00:00 2001\nFrom: c@d.example (Bea)\nSubject: Pepper\n"
        b"Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=iso-8859-1\n\nCaf=E9.\n"
    )
    first, second = read(box, "x.mbox")
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert {(e.field, e.value) for e in first.declared} == {
        ("title", "Salt"), ("authors", "Ann"), ("published", "2001-01-01"),
    }  # fmt: skip
    assert second.source.uri == "x.mbox#2"
    assert "Café." in second.text
    assert ("authors", "Bea") in {(e.field, e.value) for e in second.declared}


def test_front_matter_becomes_header_lines() -> None:
    document = one(b"---\ntitle: 'Salt'\ntags:\n  - sea\n  - storms\n---\n\n# Salt\n\nIt rained.", "a.md")
    assert document.text.startswith("Title: Salt\nTags: sea, storms\n")
    assert [b.role for b in document.blocks][:1] == [Role.HEADER]


def test_a_gate_is_no_story() -> None:
    page = b"""<html><body class="logged-out"><div id="outer" class="wrapper"><div id="main">
    <p>This work could have adult content.</p></div></div></body></html>"""
    (error,) = read(page, "a.html")
    assert isinstance(error, NoStory)


def test_programs_are_no_stories() -> None:
    (error,) = read(b"\x7fELF\x02\x01\x01" + bytes(200), "a.bin")
    assert isinstance(error, UnsupportedFormat)


def test_a_walk_tells_why_it_skips(tmp_path: Path) -> None:
    for name in ("b.txt", ".hidden", "picture.jpg", "empty.txt"):
        (tmp_path / name).write_bytes(b"" if name == "empty.txt" else b"x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "b.txt")
    found = list(walk([tmp_path, tmp_path / "missing"]))
    assert [i.path.name for i in found if isinstance(i, FileItem)] == ["b.txt"]
    assert {Path(i.uri).name for i in found if isinstance(i, Skipped)} == {
        ".hidden",
        "picture.jpg",
        "empty.txt",
        "link.txt",
    }
    assert [type(i) for i in found][-1] is ReadError


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"gone\.txt"):
        load(tmp_path / "gone.txt")


def test_the_archive_pages_of_the_reference_are_read(corpus: Path) -> None:
    for path in sorted((corpus / "ao3").glob("*")):
        for found in documents(load(path)):
            assert isinstance(found, (Document, NoStory, UnsupportedFormat)), found


def test_a_saved_page_that_asks_not_to_be_indexed_is_read_and_flagged() -> None:
    page = b"<html><head><meta name=robots content=noindex></head><body><h1>Moth</h1><p>Moths came.</p></body></html>"
    (document,) = documents(Blob("moth.html", page, "moth.html"))
    assert isinstance(document, Document)
    assert [e.value for e in document.declared if e.field == "usage"] == ["noindex"]
