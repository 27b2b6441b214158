"""Credits and their like as people write them, each set into a small story."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .score import Labels
from .sets import Record, record, text_document

_STORY = (
    "The ferry was late again, and nobody on the landing seemed to mind it but the gulls.\n\n"
    "“You might have telephoned,” Hester said, and put the basket down between them.\n\n"
    "He looked at the water for a while. There was a light on the far side, low and yellow, and it did not move.\n\n"
)
_END = "They went up the hill together in the end, one behind the other, because the path allowed nothing else.\n"


def rows(path: Path) -> list[dict[str, Any]]:
    """The tables of a phrasings.toml."""
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["phrasing"]
    return found


def composed(row: dict[str, Any], number: int) -> str:
    """A story whose note is the phrasing; of kind "prose" it stands within the story."""
    head = f"The Far Landing, Number {number}\nby Wren Abbott\n\n"
    if row["kind"] == "prose":
        return f"{head}{_STORY}{row['note']}\n\n{_END}"
    return f"{head}{row['marker']} {row['note']}".rstrip() + f"\n\n* * *\n\n{_STORY}{_END}"


def paired(path: Path) -> Iterator[tuple[Labels, Record]]:
    """Each phrasing as labels with the record of its story."""
    for number, row in enumerate(rows(path), 1):
        is_prose = row["kind"] == "prose"
        labels = {
            "file": f"{path.parent.name}/phrasings.toml, {number}: {row['note'][:60]}",
            "betas": row.get("betas", []),
            "betas_optional": row.get("optional", []),
            "beta_status": row["status"],
            "notes": [] if is_prose else [{"text": row["note"], "position": "start"}],
        }
        yield labels, record(text_document(composed(row, number).encode(), f"{number}.txt"))
