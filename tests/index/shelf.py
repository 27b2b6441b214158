"""A small catalogue to search in: the four works of docs/search.md."""

from __future__ import annotations

from datetime import date
from typing import Any

from ficdex.index.catalog import Catalog
from ficdex.model import Block, Chapters, Character, Credit, Document, Note, Series, Source, Span, Work

BUFFY = "Buffy the Vampire Slayer"


def put(catalog: Catalog, name: str, text: str = "", **values: Any) -> int:
    """Store a work of these values; its id."""
    source = Source(f"/shelf/{name}", "text/plain", name, len(text))
    text = text or f"Nothing happens in {name}."
    document = Document(source, text, (Block(Span(0, len(text))),))
    return catalog.store(Work(source, (source.uri,), **values), document).id


def fill(catalog: Catalog) -> None:
    """The works 1 to 4."""
    put(
        catalog,
        "1.txt",
        "Willow filled the kettle. “Don’t you dare,” said Tara Maclay.",
        title="A Kettle for Two Sinners",
        authors=("Mina Oakes", "João Sá"),
        fandoms=(BUFFY,),
        characters=(Character("Willow Rosenberg", stage="main"), Character("Tara Maclay")),
        relationships=("Spike/Willow Rosenberg",),
        betas=(Credit("Petra"), Credit("Odd Ludwig", "brit-picker")),
        beta_status="credited",
        rating="PG-13",
        rating_level="teen",
        status="complete",
        language="en",
        words=12_000,
        chapters=Chapters(3, 3),
        published="2003-05-17",
        series=(Series("Household Goods", 2),),
    )
    put(
        catalog,
        "2.txt",
        "魔法少女 slept.",
        title="Clef",
        authors=("Joan",),
        fandoms=("Firefly", "Angel"),
        characters=(Character("Willow Rosenberg", stage="mentioned"),),
        status="in-progress",
        words=300,
        published="2003",
        updated=date.today().isoformat()[:7],
    )
    put(
        catalog,
        "3.txt",
        "A/N: Thank you for feeding my vanity.\n\nNothing happens.",
        title="Moth Season",
        authors=("Fenn",),
        fandoms=(BUFFY,),
        characters=(Character("Willow Rosenberg"), Character("Tara Maclay"), Character("Spike")),
        relationships=("Willow Rosenberg/Tara Maclay", "Spike & Dawn Summers"),
        notes=(Note("Thank you for feeding my vanity.", "start"),),
        tags=("Fluff",),
        rating="NC-17",
        rating_level="explicit",
    )
    put(catalog, "4.txt", "He walked to the refrigerator.", title="Nobody's Harbour")
