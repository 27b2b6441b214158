"""Works in pieces: which of several documents are the parts of one work, and that work as one Document.

Names of files propose (numbered.py), the texts decide: what states another title, author or address is no part of
the same work; numbers that may mean anything ("story_1") need a text that says so too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise

from ..model import Block, Chapters, Document, Evidence, Part, Role, Span, Work
from ..text import bare
from .numbered import LAST, Place, place_of

STATED = 0.95
"""From here a title is stated by a header or a site; below, a chapter's name may look like one."""
HEAD = 1_500
"""Characters in which a text says which part it is; bytes, before it is read."""
PARAGRAPH = 80
"""Characters of a block that two parts of a work do not share, but two copies of it do."""
_NUMBERED = re.compile(
    r"[\[(]\s*(?:part|pt\.?|chapter|ch\.?)?\s*(?P<n>\d{1,3})\s*(?:/|of)\s*(?P<of>\d{1,3}|\?|x)\s*[\])]"
    r"|\b(?:part|pt\.?|chapter|ch\.?|teil|partie|parte|kapitel)[ \t]*#?(?P<n2>\d{1,3})[ \t]*(?:/|of|von|de)[ \t]*"
    r"(?P<of2>\d{1,3}|\?|x)(?![\d/])",
    re.IGNORECASE,
)


_TAG = re.compile(r"<[^<>]*>")
_LABEL = re.compile(r"^(?:\s*(?:(?:subject|title|re|fwd?):|\[[^\]]*\]))*", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """A document that may be a part, the work that it makes alone, and the place that its name states."""

    document: Document
    work: Work
    name: Place | None = None

    @cached_property
    def text_place(self) -> Place | None:
        """The place that its site, its title or its first lines state: "Salt (2/3)"."""
        if self.site_chapter:
            return Place(self.work.site_id or "", self.site_chapter, self.work.chapters.planned, sure=True)
        titles = (str(e.value) for e in self.document.declared if e.field == "title")
        for text in (*titles, self.document.text[:HEAD]):
            if found := _NUMBERED.search(text):
                total = found["of"] or found["of2"]
                number, of = int(found["n"] or found["n2"]), int(total) if total.isdigit() else None
                if of is None or 0 <= number <= of:
                    return Place(bare(self.work.title or ""), number, of, sure=True)
        return None

    @property
    def says_its_place(self) -> bool:
        """Whether name, site or text say that it is a part."""
        return bool(self.name or self.text_place)

    @cached_property
    def site_chapter(self) -> int | None:
        """The number of the only chapter that a site's page of a work holds."""
        chapters = {block.chapter for block in self.document.blocks if block.role in (None, Role.STORY)}
        return next(iter(chapters)) if self.work.site_id and len(chapters) == 1 else None

    @cached_property
    def paragraphs(self) -> frozenset[str]:
        """Its longer blocks."""
        words = (self.document.text[b.span.start : b.span.end].strip() for b in self.document.blocks)
        return frozenset(w for w in words if len(w) >= PARAGRAPH)


def headline(head: bytes) -> str | None:
    """What a file calls its work where its beginning numbers a part, folded: "Subject: Salt (2/3)" is salt."""
    text = head.decode("latin-1")
    found = _NUMBERED.search(text)
    if not found:
        return None
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    return bare(_LABEL.sub("", _TAG.sub(" ", line))) or None


def piece(document: Document, work: Work) -> Piece:
    """A piece with the place that its source's name states."""
    name = document.source.uri.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return Piece(document, work, place_of(stem if dot and len(suffix) < 9 else name))


@dataclass(frozen=True, slots=True)
class Joined:
    """Pieces of one work in order, the number of each, and why they are one."""

    pieces: tuple[Piece, ...]
    numbers: tuple[int, ...]
    total: int | None
    why: str


def groups(pieces: Iterable[Piece]) -> list[Joined | Piece]:
    """Pieces of one folder, mailbox or archive: those that are parts of one work together, the others alone.

    By their sites, then by their names, then by what their texts call themselves; in the order of the first piece
    of each.
    """
    found: list[Joined | Piece] = list(pieces)
    for key in (_by_site, _by_name, _by_text):
        together: dict[object, list[Joined | Piece]] = {}
        for n, one in enumerate(found):
            together.setdefault((key(one) if isinstance(one, Piece) else None) or n, []).append(one)
        found = list(chain.from_iterable(map(_joined, together.values())))
    return found


def _by_site(one: Piece) -> tuple[str, ...] | None:
    return (_folder(one), one.work.site_id or "") if one.site_chapter else None


def _by_name(one: Piece) -> tuple[str, ...] | None:
    suffix = one.document.source.uri.rpartition(".")[2].lower()
    return (_folder(one), one.name.work, suffix) if one.name else None


def _by_text(one: Piece) -> tuple[str, ...] | None:
    return (_folder(one), bare(one.work.title), *one.work.authors) if one.text_place and one.work.title else None


def _folder(one: Piece) -> str:
    return one.document.source.uri.rpartition("/")[0]


def _joined(alone: list[Joined | Piece]) -> list[Joined | Piece]:
    group = [one for one in alone if isinstance(one, Piece)]
    if len(group) < 2 or _contradict(group):
        return alone
    by_text = [one.text_place for one in group]
    places = by_text if all(by_text) else [one.name for one in group]
    if not all(places) or len({p.number for p in places if p}) < len(group):
        return alone
    ordered = sorted(zip(places, group, strict=True), key=lambda pair: pair[0].number if pair[0] else 0)
    named = [place for place, _ in ordered if place]
    parts = tuple(one for _, one in ordered)
    total = max((p.total for p in named if p.total), default=None)
    why = _reason(named, parts, by_text=all(by_text))
    return [Joined(parts, tuple(p.number for p in named), total, why)] if why and _whole(named, total) else alone


def _contradict(group: Sequence[Piece]) -> bool:
    """Whether two pieces say that they are of different works: by address, author or stated title."""
    stated = {bare(one.work.title or "") for one in group if _stated_title(one)}
    authors = [{bare(name) for name in one.work.authors} for one in group if one.work.authors]
    return (
        len({one.work.site_id for one in group if one.work.site_id}) > 1
        or any(not one & other for one, other in pairwise(authors))
        or len(stated) > 1
        or any(_copies(one, other) for one, other in pairwise(group))
    )


def _copies(one: Piece, other: Piece) -> bool:
    """Whether two pieces tell the same: "Salt (1).html" is what a browser makes of a second copy."""
    fewer = min(len(one.paragraphs), len(other.paragraphs))
    return 2 * len(one.paragraphs & other.paragraphs) > fewer


def _stated_title(one: Piece) -> bool:
    claims = (e for e in one.work.evidence if e.field == "title")
    return any(e.confidence >= STATED and not e.rule.startswith("title.chapter") for e in claims)


def _whole(places: Sequence[Place], total: int | None) -> bool:
    """Whether more than half of the parts are here; the rest is read as what it is, a piece."""
    last = max((p.number for p in places if p.number != LAST), default=0)
    return 2 * len(places) > max(total or 0, last)


def _reason(places: Sequence[Place], parts: Sequence[Piece], *, by_text: bool) -> str:
    """Why numbered pieces that do not contradict one another are one work; "" if nothing says so."""
    if all(one.site_chapter for one in parts):
        return "their pages are chapters of one work"
    if by_text:
        return "their texts number them as parts"
    numbered = [one.text_place or _heading(one) for one in parts]
    if all(found and found.number == place.number for found, place in zip(numbered, places, strict=True)):
        return "their names and headings number them"
    if all(place.sure for place in places) and _one_head(parts):
        return "their names number them as parts"
    titles = {bare(one.work.title or "") for one in parts}
    if len(titles) == 1 and titles != {""}:
        return "their names number them, and they have one title"
    return ""


def _one_head(parts: Sequence[Piece]) -> bool:
    """Whether at most the first piece has an author and a title of its own, or all of them the same title."""
    titles = {bare(one.work.title or "") for one in parts[1:] if one.work.authors}
    return not titles or titles == {bare(parts[0].work.title or "")}


def _heading(one: Piece) -> Place | None:
    """The number of the first chapter heading, where a piece begins with one."""
    return place_of(one.work.chapter_titles[0]) if one.work.chapter_titles else None


def as_document(joined: Joined) -> Document:
    """One Document of all parts: texts laid end to end, blocks and claims moved along."""
    blocks: list[Block] = []
    declared: list[Evidence] = []
    parts: list[Part] = []
    start = 0
    for one, number in zip(joined.pieces, joined.numbers, strict=True):
        document = one.document
        blocks += [replace(b, span=_moved(b.span, start)) for b in document.blocks]
        declared += [e if e.span is None else replace(e, span=_moved(e.span, start)) for e in document.declared]
        end = start + len(document.text)
        parts.append(Part(document.source, Span(start, end), None if number == LAST else number))
        start = end
    pieces = [one.document for one in joined.pieces]
    declared.append(Evidence("chapters", Chapters(len(parts), joined.total), None, "joined.parts", 0.75))
    repairs = dict.fromkeys(chain.from_iterable(d.repairs for d in pieces))
    return Document(
        pieces[0].source,
        "".join(d.text for d in pieces),
        tuple(blocks),
        tuple(_once(declared)),
        (*repairs, f"joined from {len(parts)} pieces: {joined.why}", *_gaps(joined)),
        parts=tuple(parts),
    )


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _once(declared: Iterable[Evidence]) -> Iterable[Evidence]:
    """What every part states again is said once, where it stands first; the last date is the update's."""
    seen: dict[tuple[str, object, str], Evidence] = {}
    for claim in declared:
        seen.setdefault((claim.field, claim.value, claim.rule), claim)
    return seen.values()


def _gaps(joined: Joined) -> list[str]:
    """Parts that are not there, in words; none if the numbers run on."""
    here = {n for n in joined.numbers if n != LAST}
    missing = [str(n) for n in range(1, max(joined.total or 0, *here) + 1) if n not in here]
    return [f"missing: part {', '.join(missing)}"] if missing else []
