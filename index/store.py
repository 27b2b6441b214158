"""Works into the catalogue: what was extracted, and the owner's corrections over it.

Everything here runs inside a transaction of the catalogue's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import CatalogError, NoSuchWork
from ..fields import to_record
from ..model import Document, Record, Source, Work
from . import corrections, layouts, packing, rows, story_text
from .corrections import Change
from .sequence import next_seq, now

Outcome = Literal["added", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a work that was stored."""

    id: int
    outcome: Outcome


def history(db: sqlite3.Connection, id_: int) -> list[tuple[str, Change]]:
    """When the owner made each change of a work, and what it was; oldest first."""
    found = db.execute("SELECT made, field, op, value FROM corrections WHERE work_id = ? ORDER BY id", (id_,))
    return [(made, Change(field, op, json.loads(value))) for made, field, op, value in found]


def changes_of(db: sqlite3.Connection, id_: int) -> list[Change]:
    """The owner's changes of a work, oldest first."""
    return [change for _, change in history(db, id_)]


def extracted(db: sqlite3.Connection, id_: int) -> Record:
    """What was extracted for a work, without the owner's changes.

    Raises:
        NoSuchWork: if there is none.
    """
    row = db.execute("SELECT corrected FROM extractions WHERE work_id = ?", (id_,)).fetchone()
    if not row:
        raise NoSuchWork(f"no work has the id {id_}")
    record: Record = json.loads(row[0]) if row[0] else rows.read(db, [id_])[id_]
    return record


class Store:
    """Writes works; remembers ids of names between them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.writer = rows.Writer(db)
        self.stories = story_text.Waiting(db)
        self.replaced = False

    def put(self, work: Work, document: Document) -> Stored:
        """Add a work, or bring the one with its uri up to date; the owner's corrections stay."""
        record = to_record(work, document.text)
        del record["evidence"]
        claims = (layouts.claims(work.evidence), layouts.claims(work.rejected))
        layout, digest = layouts.layout(document), packing.digest(document.text)
        fingerprint = layouts.fingerprint(work, record, claims, layout, document)
        uri = rows.storable(work.source.uri)
        found = self.db.execute("SELECT id, fingerprint FROM works WHERE uri = ?", (uri,)).fetchone()
        if found and found[1] == fingerprint:
            self._touch(found[0], work)
            return Stored(found[0], "unchanged")
        id_ = int(found[0]) if found else self._insert(uri, work.kind)
        self._sources(id_, [part.source for part in document.parts] or [work.source])
        self._text(id_, document.text, digest, layout)
        self._chapters(id_, work, len(document.text))
        self._extraction(id_, record, claims, is_new=not found)
        self.db.execute(
            "UPDATE works SET fingerprint = ?, extractor = ? WHERE id = ?", (fingerprint, work.extractor, id_)
        )
        return Stored(id_, "updated" if found else "added")

    def _touch(self, id_: int, work: Work) -> None:
        """What may change of a work that has not."""
        self.db.execute("UPDATE works SET extractor = ?1 WHERE id = ?2 AND extractor <> ?1", (work.extractor, id_))
        self.db.execute(
            "UPDATE sources SET mtime = ?1, retrieved = ?2"
            " WHERE work_id = ?3 AND position = 0 AND (mtime IS NOT ?1 OR retrieved IS NOT ?2)",
            (work.source.mtime, work.source.retrieved, id_),
        )

    def gather(self, uris: Sequence[str]) -> bool:
        """Make room for a work of several parts, the first of which names it: works that were made of one of them
        alone are one with it, under the oldest id. False, and nothing done, if the owner has corrected a later one.
        """
        marks = ", ".join("?" * len(uris))
        found = self.db.execute(
            f"SELECT id, uri, EXISTS (SELECT 1 FROM corrections WHERE work_id = works.id) FROM works"
            f" WHERE uri IN ({marks}) ORDER BY uri <> ?, id",
            (*map(rows.storable, uris), rows.storable(uris[0])),
        ).fetchall()
        if any(corrected for _, _, corrected in found[1:]):
            return False
        for id_, _, _ in found[1:]:
            self.remove(id_, forget_files=False)
        if found and found[0][1] != uris[0]:
            self.db.execute("UPDATE works SET uri = ? WHERE id = ?", (rows.storable(uris[0]), found[0][0]))
        return True

    def _insert(self, uri: str, kind: str) -> int:
        at = now()
        added = self.db.execute(
            "INSERT INTO works(uri, kind, first_seen, changed, seq) VALUES (?, ?, ?, ?, 0)", (uri, kind, at, at)
        )
        return int(added.lastrowid or 0)

    def _sources(self, id_: int, sources: Sequence[Source]) -> None:
        """Where a work comes from; that a file is gone stays known until it is met again (files.seen)."""
        gone = dict(self.db.execute("SELECT uri, missing_since FROM sources WHERE work_id = ?", (id_,)).fetchall())
        self.db.execute("DELETE FROM sources WHERE work_id = ?", (id_,))
        named = [(rows.storable(s.uri), rows.storable(s.origin), s) for s in sources]
        self.db.executemany(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (id_, n, uri, origin, s.media_type, s.sha256, s.size, s.mtime, s.retrieved, gone.get(uri))
                for n, (uri, origin, s) in enumerate(named)
            ],
        )

    def _text(self, id_: int, text: str, digest: str, layout: str) -> None:
        old = self.db.execute("SELECT sha256, text FROM story_text WHERE work_id = ?", (id_,)).fetchone()
        if old and old[0] == digest:
            self.db.execute("UPDATE story_text SET layout = ? WHERE work_id = ?", (packing.packed(layout), id_))
            return
        if old:
            self.stories.remove(id_, packing.unpacked(old[1]))
        self.stories.add(id_, text)
        self.db.execute(
            "INSERT OR REPLACE INTO story_text VALUES (?, ?, ?, ?)",
            (id_, digest, packing.packed(text), packing.packed(layout)),
        )

    def _chapters(self, id_: int, work: Work, length: int) -> None:
        self.db.execute("DELETE FROM chapters WHERE work_id = ?", (id_,))
        places: dict[object, list[int]] = {}
        for claim in work.evidence:
            if claim.field == "chapter_titles" and claim.span is not None:
                places.setdefault(claim.value, []).append(claim.span.start)
        starts = [places[t].pop(0) if places.get(t) else None for t in work.chapter_titles]
        found = sorted(s for s in starts if s is not None)
        ends = dict(zip(found, [*found[1:], length], strict=False))
        self.db.executemany(
            "INSERT INTO chapters VALUES (?, ?, ?, ?, ?)",
            [
                (id_, n, rows.storable(title), start, None if start is None else ends[start])
                for n, (title, start) in enumerate(zip(work.chapter_titles, starts, strict=True), 1)
            ],
        )

    def _extraction(self, id_: int, record: Record, claims: Sequence[str], *, is_new: bool) -> None:
        changes = [] if is_new else changes_of(self.db, id_)
        self.db.execute(
            "INSERT OR REPLACE INTO extractions VALUES (?, ?, ?, ?)",
            (id_, *map(rows.storable, claims), rows.storable(packing.to_json(record)) if changes else None),
        )
        old = None if is_new else rows.read(self.db, [id_])[id_]
        self._effective(id_, corrections.apply(record, changes).record, old)

    def _effective(self, id_: int, record: Record, old: Record | None) -> None:
        self.writer.write(id_, record, old)
        self.replaced |= old is not None
        self.db.execute("UPDATE works SET seq = ?, changed = ? WHERE id = ?", (next_seq(self.db), now(), id_))

    def move(self, old: str, new: str) -> None:
        """A file is at another place: so are its works, which stay what they are."""
        found = self.db.execute(
            "SELECT DISTINCT w.id, w.uri FROM works w JOIN sources s ON s.work_id = w.id WHERE s.origin = ?", (old,)
        ).fetchall()
        for id_, uri in found:
            if uri.startswith(old):
                self.db.execute("UPDATE works SET uri = ? WHERE id = ?", (new + uri[len(old) :], id_))
            self.db.execute("UPDATE works SET seq = ?, changed = ? WHERE id = ?", (next_seq(self.db), now(), id_))
        self.db.execute(
            "UPDATE sources SET uri = ?1 || substr(uri, length(?2) + 1), origin = ?1, missing_since = NULL"
            " WHERE origin = ?2",
            (new, old),
        )
        self.db.execute("DELETE FROM files WHERE path = ?", (old,))

    # the owner's changes

    def correct(self, id_: int, changes: Sequence[Change]) -> None:
        """Write the owner's changes down, and the work as they make it.

        Raises:
            NoSuchWork: if there is none.
        """
        before = extracted(self.db, id_)
        batch = self.db.execute("SELECT coalesce(max(batch), 0) + 1 FROM corrections").fetchone()[0]
        self.db.executemany(
            "INSERT INTO corrections(work_id, batch, field, op, value, made) VALUES (?, ?, ?, ?, ?, ?)",
            [(id_, batch, c.field, c.op, json.dumps(c.value), now()) for c in changes],
        )
        self._reapply(id_, before)

    def _reapply(self, id_: int, before: Record) -> None:
        """`before` is what was extracted; it is kept as long as corrections cover it."""
        changes = changes_of(self.db, id_)
        kept = rows.storable(packing.to_json(before)) if changes else None
        self.db.execute("UPDATE extractions SET corrected = ? WHERE work_id = ?", (kept, id_))
        self._effective(id_, corrections.apply(before, changes).record, rows.read(self.db, [id_])[id_])

    def undo(self, id_: int | None) -> tuple[int, str]:
        """Take back the last command's corrections, of one work or of all; the work, and what it was.

        Raises:
            CatalogError: if there is nothing to take back.
        """
        where, values = ("WHERE work_id = ?", (id_,)) if id_ is not None else ("", ())
        batch = self.db.execute(f"SELECT max(batch) FROM corrections {where}", values).fetchone()[0]
        if batch is None:
            raise CatalogError("there is no correction to undo")
        found = self.db.execute(
            "SELECT work_id, field, op, value FROM corrections WHERE batch = ? ORDER BY id", (batch,)
        ).fetchall()
        work_id = int(found[0][0])
        before = extracted(self.db, work_id)
        self.db.execute("DELETE FROM corrections WHERE batch = ?", (batch,))
        self._reapply(work_id, before)
        said = (str(Change(field, op, json.loads(value))) for _, field, op, value in found)
        return work_id, ", ".join(said)

    def remove(self, id_: int, *, forget_files: bool = True) -> None:
        """Forget a work and its corrections; unless told otherwise, the next import reads its files again.

        Raises:
            NoSuchWork: if there is none.
        """
        row = self.db.execute("SELECT text FROM story_text WHERE work_id = ?", (id_,)).fetchone()
        if not row:
            raise NoSuchWork(f"no work has the id {id_}")
        self.stories.remove(id_, packing.unpacked(row[0]))
        if forget_files:
            self.db.execute("DELETE FROM files WHERE path IN (SELECT origin FROM sources WHERE work_id = ?)", (id_,))
        self.db.execute("DELETE FROM works WHERE id = ?", (id_,))
        self.db.execute("INSERT INTO removed VALUES (?, ?)", (next_seq(self.db), id_))
        self.replaced = True
