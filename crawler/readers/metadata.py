"""Files that describe the book beside them are no works; crawler/beside.py reads them with the book."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import NoStory
from ...model import Document
from ..beside import LARGEST, story_of
from ..blob import Blob
from ..encoding import decode
from . import Reader

_PACKAGE = re.compile(rb"<(?:\w+:)?package\b[^<>]*http://www\.idpf\.org/2007/opf")


def sniff(blob: Blob) -> float:
    """An OPF by its root, FanFicFare's JSON by its fields."""
    if _PACKAGE.search(blob.data[:4096]):
        return 0.95
    described = len(blob.data) <= LARGEST and blob.data.lstrip()[:1] == b"{" and story_of(decode(blob.data).text)
    return 0.95 if described else 0.0


def read(blob: Blob) -> Iterator[Document]:
    """Nothing.

    Raises:
        NoStory: always.
    """
    raise NoStory(blob.uri, "it describes the book beside it, and is read with that")


READER = Reader("metadata", sniff, read)
