"""XZ: a story, or a tar archive of them."""

from __future__ import annotations

from lzma import FORMAT_XZ, LZMADecompressor

from .packed import Unpacker, reader

MEMORY = 128 << 20
"""What unpacking may take: `xz -9` needs 65 MB, a header may ask for 4 GB."""


def _unpacker() -> Unpacker:
    return LZMADecompressor(FORMAT_XZ, MEMORY)


READER = reader("xz", b"\xfd7zXZ\0", {".txz": ".tar", ".xz": ""}, _unpacker)
