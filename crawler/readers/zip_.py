"""Zip archives: every member is read in its turn."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from ...errors import ReadError
from ...model import Document
from ..blob import Blob
from ..bounds import Whole, allowed, beyond
from . import Reader

_OFFICE = (b"word/document.xml", b"mimetypeapplication/vnd.oasis.opendocument", b"xl/workbook.xml")
"""What tells a word processor's file, which is a zip too, from an archive of stories."""
_ZIP = b"PK\x03\x04"


def is_zip(blob: Blob) -> bool:
    """Whether the bytes start as a zip archive does."""
    return blob.data.startswith((_ZIP, b"PK\x05\x06"))


def open_zip(blob: Blob) -> zipfile.ZipFile:
    """The archive.

    Raises:
        ReadError: if its directory is damaged.
        HostileContent: if it holds absurdly many members.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(blob.data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise ReadError(blob.uri, f"a damaged zip archive ({problem}); try to repair it with a zip tool") from problem
    Whole(blob.uri).another(len(archive.infolist()))
    return archive


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, uri: str) -> bytes:
    """A member's bytes, never more than it may hold.

    Raises:
        HostileContent: if it inflates beyond reason, whatever its directory entry claims.
        ReadError: if it is damaged or encrypted.
    """
    if info.flag_bits & 1:
        raise ReadError(uri, "encrypted; unpack it with its password and import that")
    most = allowed(info.compress_size)
    try:
        with archive.open(info) as stream:
            data = stream.read(most + 1)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as problem:
        raise ReadError(uri, f"a damaged member of the archive ({problem})") from problem
    except Exception as problem:  # zlib.error, lzma.LZMAError: each codec has its own
        raise ReadError(uri, f"a damaged member of the archive ({problem})") from problem
    if len(data) > most:
        raise beyond(uri, most)
    return data


def sniff(blob: Blob) -> float:
    """Any zip that no more special reader (EPUB) claims."""
    return 0.8 if is_zip(blob) and not any(mark in blob.data for mark in _OFFICE) else 0.0


def read(blob: Blob) -> Iterator[Document | Blob]:
    """A Blob for each member, "x.zip!/dir/a.txt"."""
    archive = open_zip(blob)
    whole = Whole(blob.uri)
    for info in archive.infolist():
        name = info.filename.rsplit("/", 1)[-1]
        if info.is_dir() or name.startswith(".") or info.filename.startswith("__MACOSX/"):
            continue
        uri = f"{blob.uri}!/{info.filename.lstrip('/')}"
        try:
            data = member(archive, info, uri)
        except ReadError as problem:
            yield Blob(uri, b"", name, failure=problem)
            continue
        whole.add(len(data))
        yield replace(blob, uri=uri, data=data, name=name, media_type=None, charset=None, declared=())


READER = Reader("zip", sniff, read)
