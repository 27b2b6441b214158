"""Tar archives (POSIX.1-2001 pax, ustar, GNU): every member is read in its turn, in one pass from front to end.

The headers are followed here and not by tarfile's own loop, which takes every size that they state and has been
made to run in circles and to take hours by them; nothing is ever written, a member's name is a name and no path.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from tarfile import BLOCKSIZE, TarInfo

from ...errors import HostileContent, ReadError, UnsupportedFormat
from ...model import Document
from ..blob import Blob
from ..bounds import LARGEST_MEMBER, Whole, beyond
from . import Reader

LONGEST_HEADER = 64 << 10
"""Bytes of a long name or of a pax header."""
PIECE = 64 << 10
_LONG_NAME = (tarfile.GNUTYPE_LONGNAME,)
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_OF_NO_USE = (tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK)
_WITHOUT_DATA = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)


class Stream:
    """Bytes that come in pieces, read from front to end; `whole` counts them."""

    def __init__(self, pieces: Iterator[bytes], whole: Whole) -> None:
        self.pieces = pieces
        self.whole = whole
        self.buffer = bytearray()
        self.damage: Exception | None = None

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end; they stay.

        Raises:
            EOFError, ValueError: as the pieces do, when all that came before is read.
        """
        while len(self.buffer) < size and not self.damage:
            try:
                piece = next(self.pieces)
            except StopIteration:
                break
            except (EOFError, ValueError) as problem:
                self.damage = problem
                break
            self.whole.add(len(piece))
            self.buffer += piece
        if self.damage and not self.buffer:
            raise self.damage
        return bytes(self.buffer[:size])

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end."""
        data = self.peek(size)
        del self.buffer[: len(data)]
        return data

    def skip(self, size: int) -> None:
        """Pass over `size` bytes without holding them.

        Raises:
            EOFError: if there are not so many.
        """
        while size:
            passed = len(self.read(min(size, PIECE)))
            if not passed:
                raise EOFError("it breaks off")
            size -= passed


def pieces(data: bytes) -> Iterator[bytes]:
    """Bytes that are not packed, as a Stream wants them."""
    return (data[at : at + PIECE] for at in range(0, len(data), PIECE))


def is_tar(head: bytes) -> bool:
    """Whether bytes begin with a header whose checksum is right; a block of NULs, an empty archive's, does not."""
    try:
        return bool(TarInfo.frombuf(head[:BLOCKSIZE], "utf-8", "backslashreplace"))
    except (tarfile.HeaderError, ValueError):
        return False


def sniff(blob: Blob) -> float:
    """The checksum of the first header proves it."""
    return 0.95 if is_tar(blob.data) else 0.0


def read(blob: Blob) -> Iterator[Document | Blob]:
    """A Blob for each member, "x.tar!/dir/a.txt"."""
    yield from members(Stream(pieces(blob.data), Whole(blob.uri)), blob)


def members(stream: Stream, blob: Blob) -> Iterator[Blob]:
    """The members of an archive that comes as a stream.

    Raises:
        ReadError: behind the members before it, where the archive is damaged or cut off.
        HostileContent: if it is beyond all bounds.
    """
    try:
        for info in _entries(stream):
            stream.whole.another()
            name = PurePosixPath(info.name).name
            size = 0 if info.type in _WITHOUT_DATA else info.size
            data = stream.read(size) if info.isreg() and size <= LARGEST_MEMBER else b""
            if len(data) < size:
                stream.skip(size - len(data))
            stream.skip(-size % BLOCKSIZE)
            if not info.isdir() and not name.startswith(".") and not info.name.startswith("__MACOSX/"):
                uri = f"{blob.uri}!/{info.name.removeprefix('./').lstrip('/')}"
                refused = _refusal(info, uri)
                yield Blob(uri, b"", name, failure=refused) if refused else _member(blob, uri, name, data)
    except (EOFError, OSError, ValueError, tarfile.HeaderError) as problem:
        reason = f"a damaged archive ({problem}); what stands before the damage was read"
        raise ReadError(blob.uri, reason) from problem


def _member(blob: Blob, uri: str, name: str, data: bytes) -> Blob:
    return replace(blob, uri=uri, data=data, name=name, media_type=None, charset=None, declared=())


def _refusal(info: TarInfo, uri: str) -> ReadError | None:
    """Why a member is not read; None if it is."""
    if info.issym() or info.islnk():
        return UnsupportedFormat(uri, f"a link to {info.linkname[:200]}; links are not followed")
    if info.isdev():
        return UnsupportedFormat(uri, "a device or pipe, no file")
    if info.name.startswith("/") or ".." in PurePosixPath(info.name).parts:
        return HostileContent(uri, f"its name {info.name[:200]!r} leads out of the archive; pack it under a plain name")
    if not info.isreg() or info.issparse() or any(key.startswith("GNU.sparse") for key in info.pax_headers):
        return UnsupportedFormat(uri, "a sparse or unknown kind of member; pack it anew as a plain file")
    return beyond(uri, LARGEST_MEMBER) if info.size > LARGEST_MEMBER else None


def _entries(stream: Stream) -> Iterator[TarInfo]:
    """The members' headers with long names and pax fields in them; whoever takes one reads its data."""
    said: dict[str, str] = {}
    while block := stream.read(BLOCKSIZE):
        try:
            info = TarInfo.frombuf(block, "utf-8", "backslashreplace")
        except tarfile.HeaderError as problem:
            if not block.strip(b"\0"):
                return
            raise ValueError(str(problem)) from problem
        if info.size < 0:
            raise ValueError("a member of negative size")
        if info.type in _OF_NO_USE:
            stream.skip(info.size + -info.size % BLOCKSIZE)
        elif info.type in _LONG_NAME:
            said["path"] = _header(stream, info).rstrip(b"\0").decode("utf-8", "backslashreplace")
        elif info.type in _PAX:
            said |= _pax(_header(stream, info))
        else:
            yield _completed(info, said)
            said = {}


def _header(stream: Stream, info: TarInfo) -> bytes:
    if info.size > LONGEST_HEADER:
        raise ValueError("an absurdly long header")
    data = stream.read(info.size)
    stream.skip(info.size - len(data) + -info.size % BLOCKSIZE)
    return data


def _pax(data: bytes) -> dict[str, str]:
    """The records "LENGTH key=value" of a pax header (POSIX.1-2001), those that can be read."""
    found: dict[str, str] = {}
    at = 0
    while (blank := data.find(b" ", at, at + 8)) > at and data[at:blank].isdigit():
        end = at + int(data[at:blank])
        if end <= blank:
            break
        key, _, value = data[blank + 1 : end - 1].partition(b"=")
        found[key.decode("utf-8", "backslashreplace")] = value.decode("utf-8", "backslashreplace")
        at = end
    return found


def _completed(info: TarInfo, said: dict[str, str]) -> TarInfo:
    info.name = said.get("path", info.name)
    info.linkname = said.get("linkpath", info.linkname)
    info.pax_headers = said
    if (size := said.get("size", "")).isdecimal() and len(size) < 20:
        info.size = int(size)
    return info


READER = Reader("tar", sniff, read)
