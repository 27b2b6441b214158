"""What an engine calls the parts of its pages: CSS selectors, kept as data/phrases/ENGINE.toml's table `element`."""

from __future__ import annotations

from ...lexicon import tables


def elements(engine: str, part: str) -> tuple[str, ...]:
    """The selectors of one part of an engine's pages, in the order tried."""
    return tables(engine)["element"][part]


def any_of(engine: str, part: str) -> str:
    """One selector that means every element of a part."""
    return ", ".join(elements(engine, part))
