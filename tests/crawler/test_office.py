"""Word processors' files: the same story as a page, with what is hidden or struck out left out."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import HostileContent, ReadError
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Layout, Note

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
                        ("fo", "xsl-fo-compatible"))
)  # fmt: skip
TITLE = "Moth Season"
LINES = (
    "A/N: a thousand thanks to Odile, my beta, who took out eleven commas.",
    *("Willow put the kettle on and waited. “Forty,” said Tara. “And one that is only a leaf.”",) * 4,
    "A/N: the moth thing is true – my gran could do it.",
)


def zipped(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return stream.getvalue()


def docx(body: str, **more: str) -> bytes:
    styles = '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    return zipped(
        word__document_xml=f"<w:document {W}><w:body>{body}</w:body></w:document>",
        word__styles_xml=f"<w:styles {W}>{styles}</w:styles>",
        **more,
    )


def odt(body: str, styles: str = "", **more: str) -> bytes:
    content = (
        f"<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml=content, **more)


def rtf(*paragraphs: str, head: str = "") -> bytes:
    escaped = "\\par\n".join("".join(c if c.isascii() else f"\\u{ord(c)}?" for c in p) for p in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\uc1{head} {escaped}\\par}}".encode("ascii")


def word_paragraph(text: str, form: str = "") -> str:
    return f"<w:p><w:pPr>{form}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


STORY_DOCX = docx(
    word_paragraph(TITLE, '<w:pStyle w:val="Titel"/>')
    + word_paragraph("by Odette")
    + "".join(map(word_paragraph, LINES))
)
STORY_ODT = odt(
    f'<text:p text:style-name="Title">{TITLE}</text:p><text:p>by Odette</text:p>'
    + "".join(f"<text:p>{line}</text:p>" for line in LINES)
)
STORY_RTF = rtf(TITLE, "by Odette", *LINES)
STORY_HTML = (
    f"<html><body><h1>{TITLE}</h1><p>by Odette</p>{''.join(f'<p>{p}</p>' for p in LINES)}</body></html>".encode()
)


def one(data: bytes, name: str = "story") -> Document:
    (found,) = documents(Blob(name, data, name))
    assert isinstance(found, Document), found
    return found


def test_the_same_story_gives_the_same_work_in_every_form() -> None:
    works = [extract(one(data), lexicon()) for data in (STORY_HTML, STORY_DOCX, STORY_ODT, STORY_RTF)]
    said = [(w.title, w.authors, [n.text for n in w.notes], w.betas, [c.name for c in w.characters]) for w in works]
    assert said[0][0] == TITLE
    assert [b.name for b in works[0].betas] == ["Odile"]
    assert all(isinstance(note, Note) for note in works[0].notes)
    assert said.count(said[0]) == 4, said


@pytest.mark.parametrize("data", [STORY_DOCX, STORY_ODT])
def test_a_title_s_style_makes_a_heading_in_whatever_language_it_is_called(data: bytes) -> None:
    first = one(data).blocks[0]
    assert (first.layout, first.level) == (Layout.HEADING, 1)


def test_word_s_struck_out_and_hidden_text_is_left_out_and_inserted_text_kept() -> None:
    body = (
        "<w:p><w:r><w:t>Moths</w:t></w:r><w:del><w:r><w:delText> never</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> always</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> secretly</w:t></w:r>"
        "<w:r><w:t> come</w:t><w:br/><w:t>back.</w:t></w:r></w:p>"
    )
    assert one(docx(body)).text.strip() == "Moths always come\nback."


def test_odt_s_comments_and_deletions_are_left_out_and_blanks_kept() -> None:
    body = (
        "<text:tracked-changes><text:p>never</text:p></text:tracked-changes>"
        "<text:p>Moths<text:s text:c='2'/>always<office:annotation><text:p>hm</text:p></office:annotation>"
        " come<text:line-break/>back.</text:p>"
    )
    assert one(odt(body)).text.strip() == "Moths always come\nback."


def test_footnotes_stand_at_the_end() -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="2">{word_paragraph("A moth is no butterfly.")}</w:footnote></w:footnotes>'
    )
    assert one(docx(word_paragraph("Moths."), word__footnotes_xml=notes)).text.split("\n\n")[1].startswith("A moth")
    body = "<text:p>Moths<text:note><text:note-body><text:p>A moth.</text:p></text:note-body></text:note>.</text:p>"
    assert one(odt(body)).text.split("\n\n")[:2] == ["Moths.", "A moth."]


def test_a_table_s_cell_takes_its_value_onto_its_line() -> None:
    row = "".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in ("Rating:", "PG-13"))
    assert one(docx(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")).text.startswith("Rating: PG-13")


def test_centred_and_bold_paragraphs_say_so() -> None:
    bold = '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>Moths</w:t></w:r></w:p>'
    assert {"bold", "center"} <= one(docx(bold)).blocks[0].styles
    style = (
        '<style:style style:name="P1"><style:paragraph-properties fo:text-align="center"/>'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
    )
    assert {"bold", "center"} <= one(odt('<text:p text:style-name="P1">Moths</text:p>', style)).blocks[0].styles


def test_properties_are_declared_unless_a_program_wrote_them() -> None:
    def core(title: str, creator: str) -> str:
        names = 'xmlns:cp="http://x" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        return f"<cp:p {names}><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator></cp:p>"

    def declared(title: str, creator: str) -> dict[str, Any]:
        document = one(docx(word_paragraph("Moths."), docProps__core_xml=core(title, creator)))
        return {e.field: e.value for e in document.declared}

    assert declared("Moth Season", "Odette") == {"title": "Moth Season", "authors": "Odette"}
    assert "title" not in declared("Microsoft Word - x.doc", "Odette")


def test_rtf_keeps_signs_of_its_code_page_and_of_unicode() -> None:
    data = b"{\\rtf1\\ansi\\ansicpg1252 Caf\\'e9 \\u8220?Noir\\u8221? \\endash  fin.\\par}"
    assert one(data, "story.doc").text.strip() == "Café “Noir” – fin."


def test_rtf_s_hidden_destinations_are_no_text() -> None:
    head = "{\\fonttbl{\\f0 Arial;}}{\\info{\\title Moth Season}{\\author Odette}}{\\*\\generator Word;}"
    document = one(rtf("Moths.", head=head))
    assert document.text.strip() == "Moths."
    assert {e.field: e.value for e in document.declared} == {"title": "Moth Season", "authors": "Odette"}


def test_entities_are_refused() -> None:
    bomb = f'<!DOCTYPE x [<!ENTITY a "moth">]><w:document {W}><w:body/></w:document>'
    (found,) = documents(Blob("x.docx", zipped(word__document_xml=bomb), "x.docx"))
    assert isinstance(found, HostileContent)


@pytest.mark.parametrize("data", [zipped(word__document_xml="<w:document"), STORY_DOCX[:400], STORY_ODT[:-300]])
def test_a_damaged_file_is_named_with_the_remedy(data: bytes) -> None:
    (found,) = documents(Blob("x.docx", data, "x.docx"))
    assert isinstance(found, ReadError)


@pytest.mark.parametrize(
    "data", [b"{\\rtf1 " + b"{" * 1_000_000, b"{\\rtf1\\bin999999999 x", b"{\\rtf1 \\u99999999? \\'zz}"]
)
def test_a_hostile_rtf_ends(data: bytes) -> None:
    started = time.process_time()
    list(documents(Blob("x.rtf", data, "x.rtf")))
    assert time.process_time() - started < 30


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_behind_the_magic_are_a_document_or_a_plain_error(data: bytes) -> None:
    for found in documents(Blob("x.rtf", b"{\\rtf1" + data, "x.rtf")):
        assert isinstance(found, (Document, ReadError))
