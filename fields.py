"""The work record: one table that maps every key to its JSON form, CSV column, view column and query field.

`to_record` and the catalogue build the same dict; exporters, `ficdex show` and the search schema read
FIELDS and list no field of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .model import Evidence, Record, Work

Shape = Literal["text", "number", "date", "list", "people", "objects"]


@dataclass(frozen=True, slots=True)
class Field:
    """One key of the work record.

    `key` in the record; `column` in CSV and in the `catalog` view; `query` names it in a search, the
    first is the documented one; `shape` says what its values are; `editable`: `ficdex set` may change it.
    """

    key: str
    column: str
    query: tuple[str, ...]
    shape: Shape
    label: str
    editable: bool = True


FIELDS: tuple[Field, ...] = (
    Field("id", "work_id", ("id",), "number", "Id", editable=False),
    Field("title", "title", ("title",), "text", "Title"),
    Field("authors", "authors", ("author", "authors", "creator", "creators"), "list", "Author"),
    Field("fandoms", "fandoms", ("fandom", "fandoms"), "list", "Fandom"),
    Field(
        "relationships",
        "relationships",
        ("relationship", "relationships", "ship", "ships", "pairing", "pairings"),
        "list",
        "Relationship",
    ),
    Field("characters", "characters", ("character", "characters"), "objects", "Character"),
    Field("tags", "additional_tags", ("tag", "tags", "freeform", "freeforms"), "list", "Tags"),
    Field("rating", "rating", ("rating",), "text", "Rating"),
    Field("rating_level", "rating_level", ("rating_level", "level"), "text", "Rating level"),
    Field("warnings", "warnings", ("warning", "warnings"), "list", "Warnings"),
    Field("categories", "categories", ("category", "categories"), "list", "Category"),
    Field("language", "language", ("language", "lang"), "text", "Language"),
    Field("words", "words", ("words", "word_count"), "number", "Words"),
    Field("chapters", "chapters", ("chapters", "chapter"), "objects", "Chapters"),
    Field("status", "status", ("status", "complete"), "text", "Status"),
    Field("published", "published", ("published",), "date", "Published"),
    Field("updated", "updated", ("updated", "revised"), "date", "Updated"),
    Field("series", "series", ("series",), "objects", "Series"),
    Field("summary", "summary", ("summary",), "text", "Summary"),
    Field("url", "url", ("url",), "text", "URL"),
    Field("betas", "betas", ("beta", "betas", "credit", "credits"), "people", "Beta"),
    Field("beta_status", "beta_status", ("beta_status",), "text", "Beta status"),
    Field("notes", "notes", ("note", "notes"), "objects", "Notes"),
    Field("disclaimer", "disclaimer", ("disclaimer",), "text", "Disclaimer"),
    Field("usage", "usage", ("usage",), "text", "Usage", editable=False),
    Field("related", "related", ("related",), "objects", "Related"),
    Field("collections", "collections", ("collection", "collections"), "list", "Collections"),
    Field("stats", "stats", ("stats",), "objects", "Stats", editable=False),
    Field("kind", "kind", ("kind",), "text", "Kind", editable=False),
    Field("site_id", "site_id", ("site_id",), "text", "Site id"),
    Field("source", "source", ("source", "path"), "text", "Source", editable=False),
    Field("parts", "parts", ("parts",), "list", "Parts", editable=False),
)
BY_KEY = {f.key: f for f in FIELDS}
ROLES = (
    "beta", "alpha-reader", "brit-picker", "editor", "proofreader", "cold-reader", "sensitivity-reader",
    "medic-check", "language-check", "translator", "cheerleader", "artist", "other",
)  # fmt: skip
"""What somebody credited may have done; a record says no other."""
STAGES = ("main", "present", "mentioned")
"""How far a character is there."""
BY_QUERY = {name: f for f in FIELDS for name in f.query}


def people(betas: Iterable[Mapping[str, str]]) -> str:
    """Credits as one line: "Trisha, Old Tom (brit-picker)"."""
    return ", ".join(b["name"] if b["role"] == "beta" else f"{b['name']} ({b['role']})" for b in betas)


def _evidence(item: Evidence, text: str) -> dict[str, object]:
    from .model import plain

    span = item.span
    return {
        "field": item.field,
        "value": plain(item.value),
        "start": span.start if span is not None else None,
        "end": span.end if span is not None else None,
        "quote": text[span.start : span.end] if span is not None else None,
        "rule": item.rule,
        "confidence": item.confidence,
    }


def to_record(work: Work, text: str, id_: int | None = None) -> Record:
    """The work record of docs/design.md; `text` is the Document's, for the quotes."""
    from .model import plain  # a search gets by without the types of works, and their loading takes a tenth of it

    record: Record = {"source": work.source.uri, "parts": list(work.parts), "id": id_}
    for field in FIELDS:
        if field.key in record:
            continue
        value = getattr(work, field.key)
        if field.key == "stats":
            value = {s.name: s.value for s in work.stats}
        elif isinstance(value, tuple):
            value = [plain(v) for v in value]
        else:
            value = plain(value)
        record[field.key] = value
    record["evidence"] = [_evidence(e, text) for e in work.evidence]
    return record
