"""Works of every shape, made by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import get_args

from hypothesis import strategies as st

from ficdex.fields import ROLES
from ficdex.model import (
    Block,
    Chapters,
    Character,
    Credit,
    Document,
    Evidence,
    Layout,
    Note,
    Part,
    Position,
    Related,
    Role,
    Series,
    Source,
    Span,
    Stat,
    Work,
)

words = st.text(max_size=12)
names = st.one_of(st.sampled_from(["Willow Rosenberg", "Spike", "Trisha", "Élodie"]), st.text(min_size=1, max_size=8))
numbers = st.integers(0, 1 << 40)
notes = st.builds(Note, words, st.sampled_from(get_args(Position)), st.none() | numbers)
credits_ = st.builds(Credit, names, st.sampled_from(ROLES))
stages = st.sampled_from(["main", "present", "mentioned"])
characters = st.builds(Character, names, st.lists(names, max_size=2).map(tuple), stages, numbers)
series = st.builds(Series, names, st.none() | numbers)
kinds = st.sampled_from(["during", "sequel", "prequel", "inspired-by", "same-series"])
related = st.builds(Related, kinds, words, st.lists(numbers, max_size=3).map(tuple))
chapters = st.builds(Chapters, numbers, st.none() | numbers)
stats = st.builds(Stat, names, numbers)


def several(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=3).map(tuple)


@st.composite
def claims(draw: st.DrawFn, length: int) -> Evidence:
    start = draw(st.integers(0, length))
    span = draw(st.none() | st.builds(Span, st.just(start), st.integers(start, length)))
    value = draw(st.one_of(words, numbers, notes, credits_, characters, series, related, chapters, stats))
    return Evidence(draw(names), value, span, draw(words), draw(st.floats(0, 1)))


@st.composite
def documents(draw: st.DrawFn, uri: str = "/shelf/a.txt") -> Document:
    text = draw(st.text(max_size=60))
    source = Source(uri, "text/plain", draw(words), len(text), draw(st.none() | st.floats(0, 1e10)), None, uri)
    cuts = sorted({*draw(st.lists(st.integers(0, len(text)), max_size=3)), 0, len(text)})
    blocks = tuple(
        Block(
            Span(a, b),
            draw(st.sampled_from(Layout)),
            draw(st.none() | st.sampled_from(Role)),
            draw(st.none() | numbers),
            draw(st.none() | st.sampled_from(get_args(Position))),
            draw(st.integers(0, 6)),
            frozenset(draw(st.lists(st.sampled_from(["bold", "list"])))),
            draw(words),
        )
        for a, b in pairwise(cuts)
    )
    declared = draw(several(claims(len(text))))
    kind = draw(st.sampled_from(["work", "metadata"]))
    cut = draw(st.integers(0, len(text)))
    number = draw(st.none() | numbers)
    second = replace(source, uri=f"{uri}.2", sha256=draw(words))
    parts = (Part(source, Span(0, cut), number), Part(second, Span(cut, len(text))))
    joined = parts if draw(st.booleans()) else ()
    return Document(source, text, blocks, declared, draw(several(words)), kind, joined)


@st.composite
def works(draw: st.DrawFn, document: Document) -> Work:
    maybe = st.none() | words
    length = len(document.text)
    plain = ("title", "site_id", "url", "rating", "rating_level", "summary", "disclaimer", "status", "language")
    lists = ("fandoms", "relationships", "warnings", "categories", "tags", "collections", "authors", "chapter_titles")
    return Work(
        document.source,
        tuple(part.source.uri for part in document.parts) or (document.source.uri,),
        document.kind,
        **{key: draw(maybe) for key in (*plain, "published", "updated")},
        **{key: draw(several(names)) for key in lists},
        characters=draw(several(characters)),
        notes=draw(several(notes)),
        betas=draw(several(credits_)),
        beta_status=draw(words),
        words=draw(numbers),
        chapters=draw(chapters),
        series=draw(several(series)),
        related=draw(several(related)),
        stats=tuple(draw(st.lists(stats, max_size=3, unique_by=lambda s: s.name))),
        evidence=draw(several(claims(length))),
        rejected=draw(several(claims(length))),
        extractor="1",
    )
