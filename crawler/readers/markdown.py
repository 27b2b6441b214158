"""Markdown with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...model import Document, Layout, Role
from ..blob import Blob, DocumentBuilder
from ..encoding import decode
from . import Reader
from .text import add_paragraphs

MEDIA_TYPE = "text/markdown"
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"^([\w -]+):[ \t]*(.*)$")
_ITEM = re.compile(r"^\s*-\s+(.*)$")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_SIGN = re.compile(rb"\A---\s*\n[\w -]+:|^#{1,3} \S", re.MULTILINE)


def sniff(blob: Blob) -> float:
    """By name; or front matter or a heading at the very top."""
    if blob.name.lower().endswith((".md", ".markdown", ".mdown")):
        return 0.7
    return 0.4 if (found := _SIGN.search(blob.data[:300])) and found.start() == 0 else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """One work; front matter becomes header lines, `#` lines headings."""
    decoded = decode(blob.data)
    builder = DocumentBuilder(repairs=list(decoded.repairs))
    text = decoded.text.lstrip("\n")
    if front := _FRONT.match(text):
        builder.add(_header(front.group(1)), role=Role.HEADER, rule="markdown.front")
        text = text[front.end() :]
    position = 0
    for heading in _HEADING.finditer(text):
        _paragraphs(builder, text[position : heading.start()])
        level = len(heading.group(1))
        builder.add(heading.group(2), Layout.HEADING, level=level, rule="markdown.heading")
        position = heading.end()
    _paragraphs(builder, text[position:])
    yield builder.build(blob, MEDIA_TYPE)


def _paragraphs(builder: DocumentBuilder, text: str) -> None:
    if text.strip():
        add_paragraphs(builder, text)


def _header(front: str) -> str:
    """Front matter as `Key: value` lines; a list's items on one line, quotes taken off."""
    lines: list[str] = []
    for line in front.split("\n"):
        if entry := _ENTRY.match(line):
            value = entry.group(2).strip()
            if value.startswith("[") and value.endswith("]"):
                value = ", ".join(v.strip(" \"'") for v in value[1:-1].split(","))
            lines.append(f"{entry.group(1).capitalize()}: {_unquoted(value)}".rstrip())
        elif (item := _ITEM.match(line)) and lines:
            joint = " " if lines[-1].endswith(":") else ", "
            lines[-1] += joint + _unquoted(item.group(1))
        elif lines and line.strip():
            lines[-1] += " " + line.strip()
    return "\n".join(lines)


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


READER = Reader("markdown", sniff, read)
