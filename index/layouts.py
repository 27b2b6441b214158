"""Works and documents as the catalogue keeps them, JSON: what was claimed, how a text was laid out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from ..model import (
    Block,
    Chapters,
    Character,
    Credit,
    Document,
    Evidence,
    Layout,
    Note,
    Part,
    Record,
    Related,
    Role,
    Series,
    Source,
    Span,
    Stat,
    Value,
    Work,
    plain,
)
from .packing import digest, to_json


def claims(items: Iterable[Evidence]) -> str:
    """Evidence as it is stored, JSON without the quotes; the view `evidence` spells it out."""
    return to_json(_rows(items))


def fingerprint(work: Work, record: Record, claimed: Sequence[str], layout: str, document: Document) -> bytes:
    """Tells whether a work, its evidence, its text, or the bytes it came from have changed."""
    from hashlib import blake2b

    bytes_of = [work.source.sha256, work.source.origin, *(part.source.sha256 for part in document.parts[1:])]
    said = [record, claimed, work.chapter_titles, layout, *bytes_of, digest(document.text)]
    return blake2b(to_json(said).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _rows(items: Iterable[Evidence]) -> list[list[object]]:
    return [
        [
            e.field,
            plain(e.value),
            None if e.span is None else e.span.start,
            None if e.span is None else e.span.end,
            e.rule,
            e.confidence,
        ]
        for e in items
    ]


def layout(document: Document) -> str:
    """A document but for its text and source, as JSON."""
    return to_json(
        {
            "blocks": [
                [b.span.end, b.layout, b.role, b.chapter, b.position, b.level, sorted(b.styles), b.rule]
                for b in document.blocks
            ],
            "declared": [
                [type(e.value).__name__, *row]
                for e, row in zip(document.declared, _rows(document.declared), strict=True)
            ],
            "repairs": document.repairs,
            "kind": document.kind,
            **({"parts": [[p.span.end, p.number] for p in document.parts]} if document.parts else {}),
        }
    )


def document(sources: Sequence[Source], text: str, layout: str) -> Document:
    """The document that was taken apart; `sources` are those of its parts."""
    stored = json.loads(layout)
    blocks, start = [], 0
    for end, how, role, chapter, position, level, styles, rule in stored["blocks"]:
        named = Role(role) if role else None
        blocks.append(Block(Span(start, end), Layout(how), named, chapter, position, level, frozenset(styles), rule))
        start = end
    declared = (
        Evidence(field, _value(kind, value), None if a is None else Span(a, b), rule, confidence)
        for kind, field, value, a, b, rule, confidence in stored["declared"]
    )
    ends = stored.get("parts", ())
    starts = (0, *(end for end, _ in ends))
    parts = (Part(source, Span(a, b), n) for source, a, (b, n) in zip(sources, starts, ends, strict=False))
    return Document(
        sources[0], text, tuple(blocks), tuple(declared), tuple(stored["repairs"]), stored["kind"], tuple(parts)
    )


def _value(kind: str, value: Any) -> Value:
    """A declared value from its JSON form."""
    match kind:
        case "Series":
            return Series(**value)
        case "Chapters":
            return Chapters(**value)
        case "Stat":
            return Stat(**value)
        case "Credit":
            return Credit(**value)
        case "Note":
            return Note(**value)
        case "Related":
            return Related(value["kind"], value["text"], tuple(value["chapters"]))
        case "Character":
            return Character(value["name"], tuple(value["as"]), value["stage"], value["mentions"])
    return value  # type: ignore[no-any-return]
