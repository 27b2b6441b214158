"""RTF (1.9.1): its text by striprtf, a block for each paragraph; what the file says of title and author."""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from ...errors import ReadError
from ...lexicon import phrases
from ...model import Document
from ...text import bare
from ..blob import Blob, DocumentBuilder
from ..encoding import clean
from . import Reader
from .text import add_paragraphs

MEDIA_TYPE = "application/rtf"
_MAGIC = b"{\\rtf"
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_INFO = re.compile(r"\{\\(title|author)\s+([^{}\\]{1,200})\}")
_HEAD = 20_000
"""Characters in which the group of properties stands."""
_FIELDS = {"title": ("title", 0.6), "author": ("authors", 0.45)}


def sniff(blob: Blob) -> float:
    """By its first bytes, whatever the name: many a .doc is one."""
    return 0.95 if blob.data.lstrip()[:5] == _MAGIC else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """One work; centring and emphasis are not kept."""
    page = _CODE_PAGE.search(blob.data[:2000])
    encoding = f"cp{page.group(1).decode()}" if page else "cp1252"
    source = blob.data.decode("latin-1")
    try:
        text = rtf_to_text(source, encoding=_known(encoding), errors="replace")  # type: ignore[no-untyped-call]
    except Exception as problem:  # the library guards against nothing
        raise ReadError(blob.uri, f"a damaged RTF ({problem}); save it anew") from problem
    decoded = clean(text, "rtf", [f"encoding: {encoding}"])
    builder = DocumentBuilder(repairs=list(decoded.repairs))
    add_paragraphs(builder, decoded.text.replace("\n", "\n\n"))
    nobody = {bare(v) for group in ("unknown", "titles") for v in phrases("generic")[group]}
    for name, value in _INFO.findall(source[:_HEAD]):
        field, confidence = _FIELDS[name]
        if bare(value) and bare(value) not in nobody:
            builder.declare(field, value.strip(), f"rtf.info.{name}", confidence)
    yield builder.build(blob, MEDIA_TYPE)


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "cp1252"
    return encoding


READER = Reader("rtf", sniff, read)
