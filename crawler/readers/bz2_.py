"""Bzip2: a story, or a tar archive of them."""

from __future__ import annotations

from bz2 import BZ2Decompressor

from .packed import reader

READER = reader("bz2", b"BZh", {".tbz2": ".tar", ".tbz": ".tar", ".bz2": ""}, BZ2Decompressor)
