"""The labelled sets, and the records that ficdex makes of their files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.extract import extract
from ficdex.fields import to_record
from ficdex.lexicon import Lexicon, lexicon
from ficdex.model import Document
from ficdex.pipeline import Extracted, extract_paths

from .score import Labels

ROOT = Path(__file__).parent.parent
OWN = ROOT / "tests" / "quality"
SHARED = ROOT.parent / "shared" / "corpus"
"""Labelled texts that are no part of the project; their figures are left out where they are missing."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Files below `folder` and what a reader finds in them."""

    name: str
    folder: Path
    labels: str
    files: str

    @property
    def is_there(self) -> bool:
        return (self.folder / self.labels).exists()

    def rows(self) -> list[Labels]:
        rows: list[Labels] = json.loads((self.folder / self.labels).read_text(encoding="utf-8"))
        return rows

    def path(self, labels: Labels) -> Path:
        """Where the file of a labelled work lies."""
        beside = self.folder / labels["file"]
        return beside if beside.exists() else self.folder / self.files / labels["file"]

    def records(self) -> Mapping[str, Record]:
        """Source, relative to the folder -> record of the work."""
        with _within(self.folder):
            items = list(extract_paths([Path(self.files)], _jobs()))
        return {i.document.source.uri: to_record(i.work, i.document.text) for i in items if isinstance(i, Extracted)}

    def paired(self) -> Iterator[tuple[Labels, Record]]:
        """Each labelled work with its record, an empty one where none was found."""
        records = self.records()
        for row in self.rows():
            yield row, records.get(row["file"]) or records.get(f"{self.files}/{row['file']}", {})


SETS = (
    LabelledSet("train", OWN / "train", "works.json", "works"),
    LabelledSet("test", OWN / "test", "works.json", "works"),
    LabelledSet("stories", SHARED, "stories.json", "stories"),
    LabelledSet("phrasings", SHARED, "phrasings-truth.json", "phrasings"),
    LabelledSet("usenet", SHARED, "usenet/truth.json", "usenet"),
    LabelledSet("litbank", SHARED, "litbank.json", "litbank"),
)


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Sources are named as they are given: relative to the folder of the labels."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _jobs() -> int:
    return len(os.sched_getaffinity(0))


def document(path: Path) -> Document:
    """The one work of a file."""
    return text_document(path.read_bytes(), path.name)


def text_document(data: bytes, name: str) -> Document:
    """The one work of a file's bytes."""
    (found,) = (d for d in documents(Blob(name, data, name)) if isinstance(d, Document))
    return found


def record(found: Document, known: Lexicon | None = None) -> Record:
    """The record of a document, with what `known` knows of fandoms; by default all that is installed."""
    return to_record(extract(found, lexicon() if known is None else known), found.text)


NOTHING_KNOWN = Lexicon(())
"""The gazetteer switched off."""
