"""What gz, bz2 and xz have in common: one file, packed; it is read as itself, or as the tar archive that it is."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from lzma import LZMAError
from tarfile import BLOCKSIZE
from typing import Protocol

from ...errors import ReadError
from ...model import Document
from ..blob import Blob
from ..bounds import MOST_MEMBERS, allowed, beyond, whole_of
from . import Reader
from .tar import PIECE, Stream, is_tar, members


class Unpacker(Protocol):
    """What bz2 and lzma have for one packed stream: never more than `max_length` bytes at a time."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether it can give nothing more out of what it was given."""

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end."""

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """What `data`, and what was given before, unpacks to."""


def reader(name: str, magic: bytes, suffixes: Mapping[str, str], fresh: Callable[[], Unpacker]) -> Reader:
    """A format whose streams begin with `magic` and are unpacked by `fresh()`; `suffixes` says what a name becomes."""

    def sniff(blob: Blob) -> float:
        return 0.8 if blob.data.startswith(magic) else 0.0

    def read(blob: Blob) -> Iterator[Document | Blob]:
        stream = Stream(unpacked(blob.data, magic, fresh), whole_of(blob.uri, len(blob.data)))
        try:
            if is_tar(stream.peek(BLOCKSIZE)):
                yield from members(stream, blob)
            else:
                yield _only(stream, blob, _inner_name(blob.name, suffixes))
        except (EOFError, ValueError) as problem:
            raise ReadError(blob.uri, f"a damaged {name} file ({problem}); pack it anew") from problem

    return Reader(name, sniff, read)


def _only(stream: Stream, blob: Blob, name: str) -> Blob:
    """The one file that was packed."""
    most = allowed(len(blob.data))
    data = stream.read(most + 1)
    if len(data) > most:
        raise beyond(blob.uri, most)
    if stream.damage:
        raise stream.damage
    return replace(blob, uri=f"{blob.uri}!/{name}", data=data, name=name, media_type=None)


def _inner_name(name: str, suffixes: Mapping[str, str]) -> str:
    for suffix, instead in suffixes.items():
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)] + instead
    return name


def unpacked(data: bytes, magic: bytes, fresh: Callable[[], Unpacker]) -> Iterator[bytes]:
    """The bytes of packed streams laid end to end, in pieces; what stands behind the last is padding.

    Raises:
        EOFError: if the last one breaks off.
        ValueError: if one is damaged.
    """
    at = 0
    for _ in range(MOST_MEMBERS):
        unpacker = fresh()
        while not unpacker.eof:
            chunk = data[at : at + PIECE] if unpacker.needs_input else b""
            if unpacker.needs_input and not chunk:
                raise EOFError("it breaks off")
            at += len(chunk)
            try:
                yield unpacker.decompress(chunk, PIECE)
            except (zlib.error, LZMAError, OSError, MemoryError) as problem:
                raise ValueError(str(problem)) from problem
        at -= len(unpacker.unused_data)
        if not data.startswith(magic, at):
            return
    raise ValueError("it consists of absurdly many parts")
