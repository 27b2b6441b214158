"""Gzip (RFC 1952): a story, or a tar archive of them."""

from __future__ import annotations

import zlib

from .packed import reader


class Unpacker:
    """zlib's unpacker with the face of those of bz2 and lzma."""

    def __init__(self) -> None:
        self.inner = zlib.decompressobj(31)
        self.held = b""
        self.full = False

    @property
    def eof(self) -> bool:
        return self.inner.eof

    @property
    def needs_input(self) -> bool:
        return not self.held and not self.full

    @property
    def unused_data(self) -> bytes:
        return self.inner.unused_data

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        """As bz2's; zlib hands back what it did not take, and may hold more when a piece is full."""
        piece = self.inner.decompress(self.held + data, max_length)
        self.held, self.full = self.inner.unconsumed_tail, len(piece) == max_length
        return piece


MAGIC = b"\x1f\x8b"
READER = reader("gz", MAGIC, {".tgz": ".tar", ".gz": ""}, Unpacker)
