"""Plain text: stories, newsgroup posts, mails saved as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ...model import Document, Layout, Role
from ..blob import Blob, DocumentBuilder, check_length
from ..encoding import decode, wide
from ..mail import declare_header, header_end
from ..markup import parse
from ..sites import ffn, ffn_copied, otw, otw_copied
from ..tidy import tidy, without_mail_codes
from . import Reader

MEDIA_TYPE = "text/plain"
RULE_LINE = re.compile(
    r"[ \t]*(?:[*~=_#+.•·–—-][ \t]*){3,}$|[ \t]*(?:[xXoO~*-]{3,}|[*~#]{1,3}|[-–—]{1,2}"
    r"|[-–—~*=]{1,3}[ \t]*[oOxX0*~][ \t]*[-–—~*=]{1,3})[ \t]*$"
)
"""A line that only divides: "***", "* * *", "-----", "~*~", "xxx", "oOo"."""
FORWARDED, LONGEST_HEADER = 4_000, 8_000
"""Characters within which a forwarded post starts, and of the longest header."""
_GAP = re.compile(r"\n[ \t]*\n\s*")
_INDENT = re.compile(r"(?:\t| {2,8})\S")
_ENDED = re.compile(r"[.!?:…\"'”’)*_-]\s*$")
_FAR = re.compile(r" {9,}\S")
_CENTRED = frozenset(("center",))
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TEXT_SUFFIXES = (".txt", ".text", ".asc", ".me", ".fic")
_MAGIC = (
    b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8",
    b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"ITSF", b"SQLite format 3", b"\x7fELF", b"MZ",
)  # fmt: skip


def sniff(blob: Blob) -> float:
    """Anything without the bytes that only programs write; UTF-16 and UTF-32 are full of NULs."""
    head = blob.data[:8192]
    if head.startswith(_MAGIC) or head[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        return 0.0
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or wide(head)
    if not is_wide and len(_BINARY.findall(head)) > 0.05 * len(head):
        return 0.0
    return 0.3 if blob.name.lower().endswith(_TEXT_SUFFIXES) else 0.2


def read(blob: Blob) -> Iterator[Document]:
    """One work; the header of a post at its top is declared, and stays in the text."""
    data = without_mail_codes(blob.data)
    decoded = decode(data)
    check_length(blob.uri, len(decoded.text))
    builder = DocumentBuilder(repairs=list(decoded.repairs))
    if data != blob.data:
        builder.repairs.append("quoted-printable decoded")
    text = tidy(decoded.text, builder.repairs)
    if copied := otw_copied.page_of(text) or ffn_copied.page_of(text):
        tree = parse(copied, blob.uri)
        site = otw if otw.recognises(tree) else ffn
        yield from site.read(tree, blob, builder)
        return
    headers = 0
    for piece, is_header in _posts(text):
        if is_header:
            builder.add(piece, role=Role.HEADER, rule="text.rfc822")
            declare_header(builder, piece.strip("\n"), forwarded=headers > 0)
            headers += 1
        else:
            add_paragraphs(builder, piece)
    yield builder.build(blob, MEDIA_TYPE)


def _posts(text: str) -> Iterator[tuple[str, bool]]:
    """The text with the headers of posts told apart: at the top, and of what is forwarded a little below."""
    at = 0
    for start in (0, *(gap.end() for gap in _GAP.finditer(text, 0, FORWARDED))):
        if start >= at and (end := header_end(text[start : start + LONGEST_HEADER])):
            yield text[at:start], False
            yield text[start : start + end], True
            at = start + end
    yield text[at:], False


def add_paragraphs(builder: DocumentBuilder, text: str) -> None:
    """Cut running text into blocks: at blank lines, or at every line where a line is a paragraph."""
    by_line = one_paragraph_a_line(text)
    for run in _runs(text):
        pieces = run.split("\n") if by_line else [p for q in _around_rules(run) for p in _at_indents(q)]
        last = len(pieces) - 1
        for number, piece in enumerate(pieces):
            layout = Layout.SEPARATOR if RULE_LINE.match(piece) else Layout.PARAGRAPH
            builder.add(
                piece,
                layout,
                styles=_CENTRED if _is_centred(piece) else frozenset(),
                end="\n\n" if number == last else "\n",
            )


def _runs(text: str) -> Iterator[str]:
    start = 0
    for gap in _GAP.finditer(text):
        end = text.rfind("\n", gap.start(), gap.end()) + 1  # an indented first line keeps its indent
        yield text[start : gap.start()]
        start = end
    yield text[start:]


def _at_indents(run: str) -> list[str]:
    """A run of lines cut where lines are indented, if that is how it marks paragraphs."""
    lines = run.split("\n")
    indented = [n for n, line in enumerate(lines) if n and _INDENT.match(line) and _ENDED.search(lines[n - 1])]
    if not indented or len(indented) > 0.6 * len(lines) or len(lines) < 3:
        return [run]
    edges = [0, *indented, len(lines)]
    return ["\n".join(lines[a:b]) for a, b in pairwise(edges) if a < b]


def _is_centred(piece: str) -> bool:
    """Short lines that are all pushed in far, but not to the right, where people sign."""
    if piece[:1] not in " \t":
        return False
    lines = [line.expandtabs() for line in piece.split("\n")]
    middles = [len(line) - len(line.strip()) / 2 for line in map(str.rstrip, lines)]
    return len(lines) <= 4 and max(middles) < 50 and all(_FAR.match(line) and len(line.strip()) < 60 for line in lines)


def _around_rules(run: str) -> list[str]:
    """A run of lines, with dividing lines as pieces of their own."""
    pieces: list[str] = []
    lines: list[str] = []
    for line in run.split("\n"):
        if RULE_LINE.match(line):
            pieces += ["\n".join(lines)] if lines else []
            pieces.append(line)
            lines = []
        else:
            lines.append(line)
    return [*pieces, "\n".join(lines)] if lines else pieces


def one_paragraph_a_line(text: str) -> bool:
    """Whether the file writes a paragraph in each line: it has long, unwrapped ones."""
    lines = [line for line in text[:200_000].split("\n") if line.strip()]
    if len(lines) < 3:
        return True
    long = sum(len(line) > 100 for line in lines)
    return long / len(lines) > 0.2


READER = Reader("text", sniff, read)
