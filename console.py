"""What the terminal shows: tables and colour where a person looks, plain lines where a program reads.

Everything that came from a file or a page passes `safe`: control and bidi characters never reach the terminal.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def safe(text: object) -> str:
    """`text` without characters that steer a terminal or reorder a line."""
    return _UNSAFE.sub("", str(text))


def one_line(text: object) -> str:
    """`safe`, on one line."""
    return " ".join(safe(text).split())


def is_terminal() -> bool:
    """Whether a person looks at standard output."""
    return sys.stdout.isatty()


def colour() -> bool:
    """Whether colour is wanted: a terminal, and no NO_COLOR (no-color.org)."""
    return is_terminal() and not os.environ.get("NO_COLOR")


def write(text: str = "") -> None:
    """A line to standard output, with characters that its encoding lacks replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def say(text: object) -> None:
    """A line for the person, to standard error."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(safe(text).encode(encoding, "replace").decode(encoding) + "\n")


def bold(text: str) -> str:
    """`text` in bold where colour is wanted."""
    return f"\x1b[1m{text}\x1b[0m" if colour() else text


def dim(text: str) -> str:
    """`text` in grey where colour is wanted."""
    return f"\x1b[2m{text}\x1b[0m" if colour() else text


def marked(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """`text` on one line with its matches highlighted where colour is wanted; `marks` are offsets into it."""
    parts, at = [], 0
    for start, end in marks:
        parts += [one_piece(text[at:start]), bold(one_piece(text[start:end]))]
        at = end
    return "".join([*parts, one_piece(text[at:])])


def one_piece(text: str) -> str:
    """`safe` with every white space as one blank, ends kept."""
    return re.sub(r"\s+", " ", safe(text))


def table(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """A table on a terminal, tab-separated lines with no heading in a pipe."""
    if not is_terminal():
        for line in lines:
            write("\t".join(one_line(cell) for cell in line))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        drawn.add_column(name, overflow="fold", justify="right" if name in ("id", "words") else "left")
    for line in lines:
        drawn.add_row(*(Text(one_line(cell)) for cell in line))
    Console(no_color=not colour()).print(drawn)


def pressed() -> str:
    """One key, in lower case, without Enter; "q" at the end of input and for Ctrl-C."""
    import click  # not on the way of who asks nothing

    try:
        return click.getchar().lower()[:1] or "q"
    except (EOFError, KeyboardInterrupt):
        return "q"


def as_json(value: Any) -> None:
    """A value as JSON."""
    write(json.dumps(value, ensure_ascii=False, indent=1 if is_terminal() else None))
