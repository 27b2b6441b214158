"""Files that were made to do harm, or do it by their size; each is imported by a process of its own."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

_TIDE = "The tide went out and nobody said a word, not even Willow.\n\n"
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


def _zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _nested(depth: int) -> bytes:
    data = _zipped({"a.txt": _TIDE.encode() * 50})
    for _ in range(depth):
        data = _zipped({"in.zip": data})
    return data


def _climbing() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind, target in (
            ("../../up.txt", tarfile.REGTYPE, ""),
            ("/etc/up.txt", tarfile.REGTYPE, ""),
            ("link", tarfile.SYMTYPE, "/etc/passwd"),
            ("pipe", tarfile.FIFOTYPE, ""),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            archive.addfile(member)
    return stream.getvalue()


def _entities() -> bytes:
    document = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "ha">{_ENTITIES}]><d>&e11;</d>'
    return _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()})


_MAKERS: dict[str, Callable[[], bytes]] = {
    "300 MB of zeros.gz": lambda: gzip.compress(bytes(300 << 20)),
    "80 MB of one letter.zip": lambda: _zipped({"a.txt": b"a" * (80 << 20)}),
    "five zips deep.zip": lambda: _nested(5),
    "out of its folder.tar": _climbing,
    "10^11 entities.docx": _entities,
    "a million tags.html": lambda: b"<html>" + b"<div>" * 1_000_000,
    "no spine.epub": lambda: _zipped({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<container/>"}),
    "5 MB of noise.doc": lambda: bytes((n * n * 7 + n // 3) & 255 for n in range(5 << 20)),
    "one line of 50 MB.txt": lambda: b"the tide went out and " * (50_000_000 // 22),
    "one word of 50 MB.txt": lambda: b"tide" * (50_000_000 // 4),
    "text of 50 MB.txt": lambda: _TIDE.encode() * (50_000_000 // len(_TIDE)),
}


def hostile(folder: Path) -> Iterator[Path]:
    """Each of them, written and removed again."""
    for name, make in _MAKERS.items():
        path = folder / name
        path.write_bytes(make())
        yield path
        path.unlink()
