"""One story as a file of every format and encoding."""

from __future__ import annotations

import base64
import io
import quopri
import tarfile
import textwrap
import zipfile
from collections.abc import Callable
from html import escape

TITLE, AUTHOR = "The Lamp at Ivy Gate", "Noémie Quill"
HEADER = (
    ("Fandom", "Buffy the Vampire Slayer"),
    ("Rating", "PG-13"),
    ("Summary", "Willow waits up, and somebody comes home late."),
    ("Disclaimer", "They belong to Joss. I only dust them."),
)
NOTE = "Thanks to Odile Marsh for the beta, and to everyone who waited for this café scene."
CHAPTERS = (
    (
        "Chapter 1: Waiting",
        (
            "Willow put the lamp in the window and sat down where she could see the gate. It was past midnight, and the"
            " street was as empty as it ever was in Sunnydale.",
            "“You don’t have to wait up,” said Tara from the stairs. “She can look after herself.”",
            "“I know,” said Willow. “I’m only sitting here.”",
        ),
    ),
    (
        "Chapter 2: Home",
        (
            "Buffy came in at three with mud on her boots and a leaf in her hair, and did not say where she had been.",
            "“There’s cocoa,” said Willow. Buffy laughed – it was the first time in a week – and took the cup.",
        ),
    ),
)
END = "Comments are love! Please review, it is my first fic in this fandom."


def paragraphs() -> list[tuple[str, str]]:
    """(kind, text) of every paragraph."""
    found = [("title", TITLE), ("byline", f"by {AUTHOR}")]
    found += [("header", f"{key}: {value}") for key, value in HEADER]
    found.append(("note", f"A/N: {NOTE}"))
    for heading, told in CHAPTERS:
        found.append(("heading", heading))
        found += [("story", text) for text in told]
    return [*found, ("rule", "* * *"), ("note", f"A/N: {END}")]


def plain(wrap: int = 0) -> str:
    lines = []
    for kind, text in paragraphs():
        lines += [textwrap.fill(text, wrap) if wrap else text, *([] if kind == "header" else [""])]
        if kind == "header" and text.startswith(HEADER[-1][0]):
            lines.append("")
    return "\n".join(lines)


def ascii_text() -> str:
    return plain().translate(str.maketrans({"“": '"', "”": '"', "’": "'", "–": "--", "é": "e"}))


def html(*, old: bool = False) -> str:
    tags = {"title": "h1", "heading": "h2"}
    lines = [
        "<hr>" if kind == "rule" else f"<{tags.get(kind, 'p')}>{escape(text, quote=False)}</{tags.get(kind, 'p')}>"
        for kind, text in paragraphs()
    ]
    body = "\n".join(lines)
    if old:
        body = body.replace("<p>", "<P>").replace("</p>", "").replace("h1>", "H1>").replace("hr>", "HR>")
        return f"<HTML><HEAD><TITLE>New Page 1</TITLE></HEAD><BODY BGCOLOR=black>{body}</BODY></HTML>"
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}</title></head><body>{body}</body></html>"


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return stream.getvalue()


def tarred() -> bytes:
    stream = io.BytesIO()
    data = plain().encode()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo("lamp.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def epub() -> bytes:
    container = (
        '<container><rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>"
    )
    package = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Unknown</dc:title></metadata><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>'
        "</package>"
    )
    return zipped(
        mimetype=b"application/epub+zip",
        **{"META-INF__container_dot_xml": container.encode(), "b_dot_opf": package.encode()},
        a_dot_xhtml=html().encode(),
    )


def docx() -> bytes:
    names = {"title": "Title", "heading": "Heading1"}
    lines = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{names.get(kind, "Normal")}"/></w:pPr><w:r><w:t xml:space="preserve">'
        f"{escape(text)}</w:t></w:r></w:p>"
        for kind, text in paragraphs()
    )
    body = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{lines}</w:body></w:document>'
    return zipped(word__document_dot_xml=body.encode())


def odt() -> bytes:
    lines = "".join(
        f'<text:h text:outline-level="1">{escape(text)}</text:h>'
        if kind in ("title", "heading")
        else f"<text:p>{escape(text)}</text:p>"
        for kind, text in paragraphs()
    )
    body = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        f"{lines}</office:text></office:body></office:document-content>"
    )
    return zipped(mimetype=b"application/vnd.oasis.opendocument.text", content_dot_xml=body.encode())


def rtf() -> bytes:
    coded = "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in "\\par\n".join(t for _, t in paragraphs()))
    return ("{\\rtf1\\ansi\\ansicpg1252 " + coded + "}").encode()


def markdown() -> bytes:
    marks = {"title": "# ", "heading": "## "}
    return "\n\n".join(marks.get(kind, "") + text for kind, text in paragraphs()).encode()


def mail(encoding: str) -> bytes:
    data = plain().encode()
    body = quopri.encodestring(data) if encoding == "quoted-printable" else base64.encodebytes(data)
    head = (
        f"From: list@example.org\nSubject: FIC: {TITLE}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + body


def multipart() -> bytes:
    part = mail("base64").partition(b"MIME-Version: 1.0\n")
    wrapped = b"--x\n" + part[2] + b"\n--x\nContent-Type: text/html\n\n<p>see the plain text</p>\n--x--\n"
    return part[0] + b'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="x"\n\n' + wrapped


FILES: dict[str, Callable[[], bytes]] = {
    "utf-8.txt": lambda: plain().encode(),
    "bom.txt": lambda: plain().encode("utf-8-sig"),
    "utf-16.txt": lambda: plain().encode("utf-16"),
    "utf-16-le.txt": lambda: plain().encode("utf-16-le"),
    "utf-32.txt": lambda: plain().encode("utf-32"),
    "cp1252.txt": lambda: plain().encode("cp1252"),
    "mac-roman.txt": lambda: plain().encode("mac-roman"),
    "crlf.txt": lambda: plain().replace("\n", "\r\n").encode(),
    "cr.txt": lambda: plain().replace("\n", "\r").encode(),
    "wrapped.txt": lambda: plain(72).encode(),
    "no_suffix": lambda: plain().encode(),
    "page.html": lambda: html().encode(),
    "really_a_page.txt": lambda: html().encode(),
    "OLD.HTM": lambda: html(old=True).encode("cp1252"),
    "book.epub": epub,
    "a_book.zip": epub,
    "document.docx": docx,
    "document.odt": odt,
    "letter.rtf": rtf,
    "letter.doc": rtf,
    "lamp.md": markdown,
    "quoted.eml": lambda: mail("quoted-printable"),
    "base64.eml": lambda: mail("base64"),
    "parts.eml": multipart,
    "list.mbox": lambda: b"From list@example.org Mon Feb  8 22:14:09 1999\n" + mail("base64"),
    "stories.zip": lambda: zipped(lamp_dot_txt=plain().encode()),
    "stories.tar.gz": tarred,
}
