"""What the figures are held against: the engines alone, as their makers ship them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from whoosh import fields, index

from .measure import cost


def fts5(path: Path, texts: list[str]) -> float:
    """CPU seconds of FTS5 alone, over `texts` in one transaction."""
    db = sqlite3.connect(path)
    db.execute("create virtual table story using fts5(text, content='')")
    with cost() as spent, db:
        db.executemany("insert into story(rowid, text) values (?, ?)", enumerate(texts, 1))
    db.close()
    return spent.cpu


def stock_whoosh(folder: Path, texts: list[str]) -> float:
    """CPU seconds of Whoosh's stock writer over the whole of `texts`."""
    folder.mkdir()
    made = index.create_in(folder, fields.Schema(text=fields.TEXT))
    with cost() as spent:
        writer = made.writer(limitmb=256)
        for text in texts:
            writer.add_document(text=text)
        writer.commit()
    return spent.cpu
