"""A work as a person wants to read it, and the evidence of each of its values."""

from __future__ import annotations

import textwrap
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from .console import bold, dim, one_line, safe
from .fields import FIELDS, people
from .model import Record

WIDTH = 96
LABEL = 14
_ABOVE = ("title", "authors", "id", "notes", "characters", "parts", "beta_status", "rating_level", "kind")


def shown(key: str, value: Any) -> str:
    """A value of the record as a person reads it; "" for nothing."""
    if value in (None, [], {}, ""):
        return ""
    if key == "betas":
        return people(value)
    if key == "chapters":
        alone = value == {"published": 1, "planned": None}
        return "" if alone else f"{value['published']}/{value['planned'] or '?'}"
    if key == "series":
        return "; ".join(s["name"] + (f" #{s['position']}" if s["position"] else "") for s in value)
    if key == "related":
        return "; ".join(f"{r['kind']}: {r['text']}" for r in value)
    if key == "stats":
        return ", ".join(f"{name} {count}" for name, count in value.items())
    if key == "characters":
        return ", ".join(c["name"] for c in value)
    if key == "notes":
        return " / ".join(n["text"] for n in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _line(label: str, text: str) -> Iterator[str]:
    wrapped = textwrap.wrap(one_line(text), WIDTH - LABEL) or [""]
    yield dim(f"{label:{LABEL}}") + wrapped[0]
    yield from (" " * LABEL + more for more in wrapped[1:])


def work_lines(record: Record, repairs: Iterable[str] = ()) -> Iterator[str]:
    """The work on a screen: title and authors above, then the fields that say something, the cast, the notes.

    `repairs` are those of its Document: what was found and mended, joined, or missed.
    """
    data: Any = record
    number = f"{data['id']}  " if data["id"] is not None else ""
    yield (
        number
        + bold(one_line(data["title"] or "(no title)"))
        + (f"  by {one_line(', '.join(data['authors']))}" if data["authors"] else "")
    )
    for field in FIELDS:
        if field.key not in _ABOVE and (text := shown(field.key, data[field.key])):
            yield from _line(field.label, text)
    if data["beta_status"] != "none" and not data["betas"]:
        yield from _line("Beta status", data["beta_status"])
    for stage, label in (("main", "Main"), ("present", "Present"), ("mentioned", "Mentioned")):
        names = [_named(c) for c in data["characters"] if c["stage"] == stage]
        if names:
            yield from _line(label, ", ".join(names))
    for note in data["notes"]:
        chapter = f" {note['chapter']}" if note["chapter"] else ""
        yield from _line(f"Note, {note['position'].replace('_', ' ')}{chapter}"[: LABEL - 1], note["text"])
    if len(data["parts"]) > 1:
        yield from _line("Parts", ", ".join(data["parts"]))
    if said := "; ".join(repairs):
        yield from _line("Found", said)


def _named(character: Any) -> str:
    return str(character["name"]) + (f" ({', '.join(character['as'])})" if character["as"] else "")


def evidence_lines(items: Iterable[Record], text: str, mark: str = " ") -> Iterator[str]:
    """Each value with the words it came from, line and offset, rule and confidence."""
    starts = [0, *(n + 1 for n, c in enumerate(text) if c == "\n")]
    for item in items:
        data: Any = item
        value = _claimed(data["field"], data["value"])
        place = "not in the text"
        if data["start"] is not None:
            place = f"line {bisect_right(starts, data['start'])}, offset {data['start']}-{data['end']}"
        yield f"{mark} {data['field']:14} {_short(value)}"
        yield dim(f"    {place}; {data['rule']}, {data['confidence']:.2f}")
        if data["quote"] and one_line(data["quote"]) != one_line(value):
            yield dim(f"    “{_short(data['quote'])}”")


def _claimed(field: str, value: Any) -> str:
    """One value of a field; those of most objects stand in lists in the record."""
    if field == "stats":
        return f"{value['name']} {value['value']}"
    return shown(field, [value] if isinstance(value, dict) and field != "chapters" else value)


def _short(text: object) -> str:
    line = one_line(safe(text))
    return line if len(line) <= 200 else line[:198] + " …"
