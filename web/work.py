"""The page of a work: its values, each with the words it came from, and where it can be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from starlette.responses import Response

from ..fields import FIELDS, Field
from ..index.corrections import can_be_set, written
from ..model import Record
from ..text import bare
from . import reading, render
from .ask import Ask
from .jsonld import described
from .marks import name
from .reading import Section
from .shelf import Shelf
from .state import State, of_facet

LINKED = {
    "fandoms": "fandom", "relationships": "relationship", "tags": "tag", "rating_level": "rating",
    "language": "language", "status": "status",
}  # fmt: skip
"""Fields whose values lead to the works that share them, and their facet."""
TABLE = (
    "fandoms", "relationships", "rating", "rating_level", "warnings", "categories", "tags", "series", "status", "words",
    "chapters", "language", "published", "updated", "collections", "stats", "disclaimer", "usage", "url", "site_id",
)  # fmt: skip
"""What stands in the table, in this order; the rest of the record has a place of its own."""
AROUND = 60
"""Characters shown on each side of a few words."""
NOTHING: dict[str, object] = {"beta_status": "none", "chapters": {"published": 1, "planned": None}}
"""Values that say nothing."""


class Why(NamedTuple):
    """What speaks for a value: the words and those around them, the rule, how certain it is, where to read them."""

    before: str
    quote: str
    after: str
    rule: str
    confidence: float
    url: str


class Said(NamedTuple):
    """A value as it is read, where it leads ("" for nowhere), and why it is there."""

    text: str
    url: str
    why: list[Why]


class Row(NamedTuple):
    """A field with its values, and how it is typed."""

    field: Field
    values: list[Said]
    typed: str
    can_be_set: bool
    is_owners: bool


def show(shelf: Shelf, ask: Ask, problem: str = "") -> Response:
    """The work; `problem` is what was wrong with a correction."""
    catalog, id_ = shelf.catalog, ask.number("id")
    record = catalog.record(id_)
    document, cut = reading.of_work(catalog, id_)
    reasons = Reasons(record, document.text, cut)
    rows = {field.key: reasons.row(field) for field in FIELDS}
    others = {cast("int", r["id"]): r for r in catalog.records([other for other, _ in catalog.editions(id_)])}
    return render.page(
        ask,
        "work.html",
        400 if problem else 200,
        work=record,
        problem=problem,
        rows=rows,
        known=[rows[key] for key in TABLE if rows[key].values],
        unknown=[rows[key] for key in TABLE if rows[key].can_be_set and not rows[key].values],
        why=reasons.of,
        notes=_by_chapter(cast("list[dict[str, Any]]", record["notes"])),
        sections=cut,
        format=catalog.format(id_),
        repairs=document.repairs,
        editions=[(others[other], form) for other, form in catalog.editions(id_) if other in others],
        rejected=[(item, name(item["value"])) for item in catalog.rejected(id_)],
        history=catalog.history(id_),
        dates=catalog.dates(id_),
        missing=catalog.missing_since(id_),
        jsonld=described(record),
    )


def _by_chapter(notes: Sequence[dict[str, Any]]) -> list[tuple[int | None, list[dict[str, Any]]]]:
    """Notes under their chapters, in order; those of the whole work under None, first."""
    chapters = sorted({note["chapter"] for note in notes}, key=lambda n: n or 0)
    return [(chapter, [n for n in notes if n["chapter"] == chapter]) for chapter in chapters]


class Reasons:
    """The evidence of a record, by field and value."""

    def __init__(self, record: Record, text: str, cut: Sequence[Section]) -> None:
        self.record, self.text, self.cut = record, text, cut
        self.evidence = cast("list[dict[str, Any]]", record["evidence"])

    def row(self, field: Field) -> Row:
        """A field of the record."""
        value: Any = self.record[field.key]
        typed = written(value) if can_be_set(field) else ""
        owners = any(e["rule"] == "owner" for e in self.evidence if e["field"] == field.key)
        return Row(field, list(self._values(field, value)), typed, can_be_set(field), owners)

    def _values(self, field: Field, value: Any) -> list[Said]:
        if value in (None, "", [], {}, NOTHING.get(field.key)):
            return []
        if field.key == "stats":
            return [Said(f"{counter} {count:,}", "", self.of("stats", counter)) for counter, count in value.items()]
        if not isinstance(value, list):
            return [self._said(field, value)]
        return [self._said(field, v) for v in value]

    def _said(self, field: Field, value: Any) -> Said:
        key, text = field.key, written(value)
        url = ""
        if key in LINKED:
            facet = str(value).partition("-")[0].lower() if key == "language" else str(value)
            url = of_facet(LINKED[key], facet)
        elif key == "series":
            url = State(q=f'series:="{value["name"].replace(chr(34), " ")}"', sort="title").url()
        elif key == "url" and str(value).startswith(("http://", "https://")):
            url = str(value)
        elif key == "words":
            text = f"{value:,}"
        return Said(text, url, self.of(key, value))

    def of(self, field: str, value: Any) -> list[Why]:
        """What speaks for one value of a field."""
        wanted = bare(_named(value))
        return [
            Why(*self._quoted(e["start"], e["end"]), e["rule"], e["confidence"], self._url(e["start"]))
            for e in self.evidence
            if e["field"] == field and (not isinstance(self.record[field], list) or bare(_named(e["value"])) == wanted)
            if field != "stats" or e["value"]["name"] == value
        ]

    def _quoted(self, start: int | None, end: int | None) -> tuple[str, str, str]:
        """The words at some offsets, and of a few words the line around them."""
        if start is None or end is None:
            return "", "", ""
        around = AROUND if end - start < AROUND else 0
        before, after = self.text[max(0, start - around) : start], self.text[end : end + around]
        cut = "" if start <= around else before.partition(" ")[0]
        whole = len(after) < around or not around
        return before.removeprefix(cut), self.text[start:end], after if whole else after.rpartition(" ")[0]

    def _url(self, start: int | None) -> str:
        """Where the words stand in the reading view."""
        if start is None:
            return ""
        page = reading.page_of(self.cut, start)
        return f"/work/{self.record['id']}/read/{page}?marks=1#at{start}"


def _named(value: Any) -> str:
    """What tells a value of a list from others."""
    if isinstance(value, dict):
        return str(value.get("name") or value.get("text") or "")
    return str(value)
