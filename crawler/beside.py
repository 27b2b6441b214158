"""What files beside a book state of it: calibre's OPF, FanFicFare's JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..errors import ReadError
from ..model import Evidence
from .blob import DocumentBuilder
from .encoding import decode
from .fanficfare import declare_json
from .opf import Metadata, package

LARGEST = 4 << 20
"""Bytes of a file that describes a book."""
ENTRIES = 200
"""Entries of a folder that may be one book's, with all its formats and pictures."""
CERTAIN = 0.9
DESCRIBING = (".opf", ".json")
_OF_NO_BOOK = (*DESCRIBING, ".jpg", ".jpeg", ".png", ".gif", ".webp", ".css")


def describing(path: Path) -> tuple[str, ...]:
    """The names of files that may describe the book at `path`, those of calibre first; none for such a file itself."""
    if path.suffix.lower() in DESCRIBING:
        return ()
    return f"{path.stem}.opf", "metadata.opf", f"{path.stem}.json", f"{path.name}.json"


def stated_beside(path: Path) -> tuple[Evidence, ...]:
    """What is declared of the book at `path`; nothing for one that has no such file, or a damaged one."""
    found = [path.with_name(name) for name in describing(path)]
    builder = DocumentBuilder()
    for beside in found[:2]:
        if beside.is_file() and (beside.stem == path.stem or _alone(path)) and (text := _text(beside)):
            try:
                Metadata(package(text, str(beside)), "calibre.opf", CERTAIN).declare(builder, str(beside))
            except ReadError:
                continue
            break
    for beside in found[2:]:
        if beside.is_file() and (stated := story_of(_text(beside))):
            declare_json(builder, stated)
            break
    return tuple(builder.declared)


def _alone(path: Path) -> bool:
    """Whether a folder holds one book, in one format or several: then its metadata.opf is about that."""
    with os.scandir(path.parent) as entries:
        names = [Path(entry.name) for entry, _ in zip(entries, range(ENTRIES + 1), strict=False)]
    stems = {name.stem for name in names if name.suffix.lower() not in _OF_NO_BOOK and not name.name.startswith(".")}
    return len(names) <= ENTRIES and stems == {path.stem}


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes()).text if path.stat().st_size <= LARGEST else ""
    except OSError:
        return ""


def story_of(text: str) -> dict[str, object] | None:
    """The fields of a JSON that describes a story as FanFicFare does; None for any other text."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        stated = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return stated if isinstance(stated, dict) and {"title", "storyUrl"} <= stated.keys() else None
