"""The TOML files of a folder as one JSON file in the user's cache: parsed once, not in every process."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def rows(paths: Sequence[Path], parse: Callable[[Path], Row], name: str, code: Path) -> list[Row]:
    """What `parse` makes of each file, kept under `name` as long as neither a file nor the `code` changes.

    A cache that cannot be read or written is done without.
    """
    key = _key([*paths, code])
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(_place(name).read_bytes())
        if isinstance(kept, dict) and kept.get("key") == key:
            found: list[Row] = kept["rows"]
            return found
    parsed = [parse(path) for path in paths]
    with contextlib.suppress(OSError):
        _write(_place(name), json.dumps({"key": key, "rows": parsed}, ensure_ascii=False))
    return parsed


def _key(paths: Sequence[Path]) -> str:
    states = [(str(path), found.st_mtime_ns, found.st_size) for path in paths for found in [path.stat()]]
    return hashlib.sha256(repr(states).encode()).hexdigest()


def _place(name: str) -> Path:
    import platformdirs

    return platformdirs.user_cache_path("ficdex", appauthor=False) / name


def _write(place: Path, text: str) -> None:
    """At once or not at all, whoever else writes it."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = place.with_suffix(f".{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
