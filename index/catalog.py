"""The catalogue: the truth about every work, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ..errors import AmbiguousWork, CatalogDamaged, CatalogError, NoSuchWork
from ..fields import to_record
from ..model import Document, Record, Work
from ..text import bare
from . import corrections, packing, rows, schema, story_text
from .lock import Lock


@dataclass(frozen=True, slots=True)
class FileState:
    """What is known of a file on disk."""

    size: int
    mtime_ns: int
    sha256: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a work that was stored."""

    id: int
    outcome: Literal["added", "updated", "unchanged"]


class Catalog:
    """An open catalogue; a context manager. `key` is the file's own, and names its search index."""

    def __init__(self, path: Path, db: sqlite3.Connection, lock: Lock | None) -> None:
        self.path, self.db, self._lock = path, db, lock
        self._writer = rows.Writer(db)
        self._depth = 0
        self.key = str(self._meta("key"))

    @classmethod
    def open(cls, path: Path, *, create: bool = False, write: bool = False) -> Self:
        """Open the catalogue at `path`.

        Raises:
            CatalogError: if there is none and `create` is not set.
            CatalogBusy: if `write` is set and another run writes.
            CatalogDamaged: if the file is no catalogue, or a newer one.
        """
        if not path.exists() and not create:
            raise CatalogError(f"{path}: there is no catalogue yet; `ficdex import FOLDER` makes one")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = Lock(path) if write else None
        except OSError as problem:
            raise CatalogError(f"{path}: {problem.strerror}; choose another place with --catalog") from problem
        try:
            return cls(path, cls._connect(path), lock)
        except BaseException:
            if lock:
                lock.release()
            raise

    @staticmethod
    def _connect(path: Path) -> sqlite3.Connection:
        db = sqlite3.connect(path, timeout=10, isolation_level=None)
        try:
            application, version = (db.execute(f"PRAGMA {p}").fetchone()[0] for p in ("application_id", "user_version"))
            tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if tables and application != schema.APPLICATION_ID:
                raise CatalogDamaged(f"{path}: not a ficdex catalogue; choose another with --catalog")
            if version > schema.VERSION:
                raise CatalogDamaged(f"{path}: made by a newer ficdex (schema {version}); update ficdex")
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -32000"):
                db.execute(f"PRAGMA {pragma}")
            if version < schema.VERSION:
                schema.migrate(db)
                db.execute("INSERT OR IGNORE INTO meta VALUES ('key', ?), ('seq', '0')", (uuid.uuid4().hex,))
        except sqlite3.DatabaseError as problem:
            db.close()
            raise CatalogDamaged(f"{path}: {problem}; restore it from a backup, or choose another") from problem
        except BaseException:
            db.close()
            raise
        return db

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()
        if self._lock:
            self._lock.release()

    def _meta(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner one joins the outer."""
        if self._depth == 0:
            self.db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self.db.execute("ROLLBACK")
                self._writer.forget()
            raise
        self._depth -= 1
        if self._depth == 0:
            self.db.execute("COMMIT")

    def _next_seq(self) -> int:
        self.db.execute("UPDATE meta SET value = value + 1 WHERE key = 'seq'")
        return self.last_seq()

    # files

    def known(self) -> dict[str, FileState]:
        """Every file that was ever imported, by path."""
        found = self.db.execute("SELECT path, size, mtime_ns, sha256, missing_since FROM files")
        return {path: FileState(size, mtime, sha, missing is not None) for path, size, mtime, sha, missing in found}

    def seen(self, path: str, size: int, mtime_ns: int, sha256: str, found: Sequence[str] | None = None) -> None:
        """A file was met. `found`: the works in it, so that those it holds no longer are marked."""
        now = _now()
        with self.transaction():
            self.db.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT(path) DO UPDATE"
                " SET size = excluded.size, mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256,"
                " last_seen = excluded.last_seen, missing_since = NULL",
                (path, size, mtime_ns, sha256, now, now),
            )
            if found is None:
                self.db.execute("UPDATE sources SET missing_since = NULL WHERE origin = ?", (path,))
                return
            marks = ",".join("?" * min(len(found), 30_000)) or "NULL"
            self.db.execute(
                "UPDATE sources SET missing_since = ? WHERE origin = ? AND missing_since IS NULL"
                f" AND uri NOT IN ({marks})",
                (now, path, *found[:30_000]),
            )

    def mark_missing(self, paths: Iterable[str]) -> int:
        """Files that are gone: their works stay, and say so."""
        now, marked = _now(), 0
        with self.transaction():
            for path in paths:
                changed = self.db.execute(
                    "UPDATE files SET missing_since = ? WHERE path = ? AND missing_since IS NULL", (now, path)
                )
                marked += changed.rowcount
                self.db.execute(
                    "UPDATE sources SET missing_since = ? WHERE origin = ? AND missing_since IS NULL", (now, path)
                )
        return marked

    def log(self, uri: str, outcome: str, reason: str = "", work_id: int | None = None) -> None:
        """A line of the import log."""
        self.db.execute(
            "INSERT INTO import_log(at, uri, outcome, reason, work_id) VALUES (?, ?, ?, ?, ?)",
            (_now(), uri, outcome, reason or None, work_id),
        )

    # works

    def store(self, work: Work, document: Document) -> Stored:
        """Add a work, or bring the one with its uri up to date; the owner's corrections stay."""
        extraction = packing.extraction(work, document.text)
        with self.transaction():
            found = self.db.execute("SELECT id FROM works WHERE uri = ?", (work.source.uri,)).fetchone()
            if found and self._is_same(found[0], extraction, document):
                return Stored(found[0], "unchanged")
            id_ = int(found[0]) if found else self._insert(work)
            self._sources(id_, work)
            self._text(id_, document, work)
            self.db.execute("INSERT OR REPLACE INTO extractions VALUES (?, ?)", (id_, extraction))
            self._apply(id_, to_record(work, document.text, id_), work.extractor)
            return Stored(id_, "updated" if found else "added")

    def _is_same(self, id_: int, extraction: bytes, document: Document) -> bool:
        row = self.db.execute(
            "SELECT e.data, t.sha256, s.sha256, s.missing_since FROM extractions e"
            " JOIN story_text t ON t.work_id = e.work_id"
            " JOIN sources s ON s.work_id = e.work_id AND s.position = 0 WHERE e.work_id = ?",
            (id_,),
        ).fetchone()
        expected = (extraction, packing.digest(document.text), document.source.sha256, None)
        return row is not None and tuple(row) == expected

    def _insert(self, work: Work) -> int:
        now = _now()
        added = self.db.execute(
            "INSERT INTO works(uri, kind, first_seen, changed, seq) VALUES (?, ?, ?, ?, 0)",
            (work.source.uri, work.kind, now, now),
        )
        return int(added.lastrowid or 0)

    def _sources(self, id_: int, work: Work) -> None:
        self.db.execute("DELETE FROM sources WHERE work_id = ?", (id_,))
        s = work.source
        first = (id_, 0, s.uri, s.origin, s.media_type, s.sha256, s.size, s.mtime, s.retrieved)
        rest = [(id_, n, uri, uri, None, None, None, None, None) for n, uri in enumerate(work.parts) if n]
        self.db.executemany("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", [first, *rest])

    def _text(self, id_: int, document: Document, work: Work) -> None:
        old = self.db.execute("SELECT sha256, text FROM story_text WHERE work_id = ?", (id_,)).fetchone()
        digest = packing.digest(document.text)
        layout = packing.layout(document)
        if old and old[0] == digest:
            self.db.execute("UPDATE story_text SET layout = ? WHERE work_id = ?", (layout, id_))
        else:
            if old:
                story_text.remove(self.db, id_, packing.text(old[1]))
            story_text.add(self.db, id_, document.text)
            self.db.execute(
                "INSERT OR REPLACE INTO story_text VALUES (?, ?, ?, ?)",
                (id_, digest, packing.packed_text(document.text), layout),
            )
        self.db.execute("DELETE FROM chapters WHERE work_id = ?", (id_,))
        headings = [e for e in work.evidence if e.field == "chapter_titles"]
        headings.sort(key=lambda e: e.span.start if e.span else 0)
        self.db.executemany(
            "INSERT INTO chapters VALUES (?, ?, ?, ?)",
            [(id_, n, str(e.value), e.span.start if e.span else None) for n, e in enumerate(headings, 1)],
        )

    def _apply(self, id_: int, extracted: Record, extractor: str | None = None) -> None:
        """Write the effective values: what was extracted, and the corrections over it."""
        self._writer.write(id_, corrections.apply(extracted, self._changes(id_)))
        self.db.execute(
            "UPDATE works SET seq = ?, changed = ?, extractor = coalesce(?, extractor) WHERE id = ?",
            (self._next_seq(), _now(), extractor, id_),
        )

    def find(self, wanted: str) -> int:
        """The id of the work that an id, a title, or the beginning of one names.

        Raises:
            NoSuchWork: if none does.
            AmbiguousWork: if several do.
        """
        if wanted.isdigit():
            row = self.db.execute("SELECT id FROM works WHERE id = ?", (int(wanted[:18]),)).fetchone()
            if row:
                return int(row[0])
        key = bare(wanted)
        for clause, value in (("title_key = ?", key), ("title_key LIKE ? ESCAPE '!'", _like(key))):
            found = self.db.execute(f"SELECT id, title FROM works WHERE {clause} LIMIT 50", (value,)).fetchall()
            if len(found) == 1:
                return int(found[0][0])
            if found and key:
                raise AmbiguousWork(wanted, [(int(i), str(t)) for i, t in found])
        raise NoSuchWork(f"no work has the id or title {wanted!r}; `ficdex search` finds its id")

    def ids(self) -> Iterator[int]:
        """Every work's id, in order."""
        last = 0
        while found := self.db.execute("SELECT id FROM works WHERE id > ? ORDER BY id LIMIT 5000", (last,)).fetchall():
            yield from (int(row[0]) for row in found)
            last = found[-1][0]

    def record(self, id_: int) -> Record:
        """One work's record with its evidence.

        Raises:
            NoSuchWork: if there is none.
        """
        for record in self.records([id_], evidence=True):
            return record
        raise NoSuchWork(f"no work has the id {id_}")

    def records(self, ids: Iterable[int] | None = None, *, evidence: bool = False) -> Iterator[Record]:
        """Work records in the order of `ids`, of all works without; in constant memory."""
        for batch in rows.batched(self.ids() if ids is None else ids):
            found = rows.read(self.db, batch)
            for id_ in batch:
                if record := found.get(id_):
                    if evidence:
                        record["evidence"] = self._evidence(id_, "evidence")
                    yield record

    def rejected(self, id_: int) -> list[Record]:
        """The losing candidates of a work, in the form of its evidence."""
        return self._evidence(id_, "rejected")

    def _extraction(self, id_: int) -> dict[str, Any]:
        row = self.db.execute("SELECT data FROM extractions WHERE work_id = ?", (id_,)).fetchone()
        return packing.unpacked(row[0]) if row else {"record": {}, "evidence": [], "rejected": []}

    def _evidence(self, id_: int, kind: str) -> list[Record]:
        changes = self._changes(id_)
        owned = {c.field for c in changes if c.op in ("=", "unset")}
        text = self.text(id_)
        found = packing.evidence(self._extraction(id_)[kind], text)
        if kind == "rejected":
            beaten = packing.evidence(self._extraction(id_)["evidence"], text)
            return found + [e for e in beaten if e["field"] in owned]
        owner = [packing.owner_evidence(c.field, c.value) for c in changes if c.op in ("=", "+=")]
        return [*owner, *(e for e in found if e["field"] not in owned)]

    def text(self, id_: int) -> str:
        """A work's whole text."""
        row = self.db.execute("SELECT text FROM story_text WHERE work_id = ?", (id_,)).fetchone()
        return packing.text(row[0]) if row else ""

    def document(self, id_: int) -> Document:
        """The Document that a work was made from, rebuilt whole.

        Raises:
            NoSuchWork: if there is none.
        """
        row = self.db.execute("SELECT text, layout FROM story_text WHERE work_id = ?", (id_,)).fetchone()
        if not row:
            raise NoSuchWork(f"no work has the id {id_}")
        return packing.document(packing.text(row[0]), row[1])

    def chapters(self, id_: int) -> list[tuple[int, str, int | None]]:
        """(number, title, offset in the text) of a work's chapters."""
        found = self.db.execute("SELECT position, title, start FROM chapters WHERE work_id = ? ORDER BY 1", (id_,))
        return [(int(n), str(title), start) for n, title, start in found]

    def missing_since(self, id_: int) -> str | None:
        """When the work's file was found to be gone."""
        row = self.db.execute("SELECT max(missing_since) FROM sources WHERE work_id = ?", (id_,)).fetchone()
        return row[0] if row else None

    def reindex_text(self) -> None:
        """Build the index of story texts anew."""
        with self.transaction():
            self.db.execute("INSERT INTO story_index(story_index) VALUES ('delete-all')")
            for id_ in self.ids():
                story_text.add(self.db, id_, self.text(id_))

    # the owner's changes

    def _changes(self, id_: int) -> list[corrections.Change]:
        found = self.db.execute("SELECT field, op, value FROM corrections WHERE work_id = ? ORDER BY id", (id_,))
        return [corrections.Change(field, op, json.loads(value)) for field, op, value in found]

    def correct(self, id_: int, changes: Sequence[corrections.Change]) -> None:
        """Apply the owner's changes, now and after every import to come."""
        with self.transaction():
            batch = self.db.execute("SELECT coalesce(max(batch), 0) + 1 FROM corrections").fetchone()[0]
            for c in changes:
                self.db.execute(
                    "INSERT INTO corrections(work_id, batch, field, op, value, made) VALUES (?, ?, ?, ?, ?, ?)",
                    (id_, batch, c.field, c.op, json.dumps(c.value, ensure_ascii=False), _now()),
                )
            self._reapply(id_)

    def undo(self, id_: int | None = None) -> tuple[int, str]:
        """Take back the last command's corrections, of one work or of all; returns the work and what it was.

        Raises:
            CatalogError: if there is nothing to take back.
        """
        where, values = ("WHERE work_id = ?", (id_,)) if id_ is not None else ("", ())
        with self.transaction():
            batch = self.db.execute(f"SELECT max(batch) FROM corrections {where}", values).fetchone()[0]
            if batch is None:
                raise CatalogError("there is no correction to undo")
            found = self.db.execute(
                "SELECT work_id, field, op, value FROM corrections WHERE batch = ?", (batch,)
            ).fetchall()
            self.db.execute("DELETE FROM corrections WHERE batch = ?", (batch,))
            self._reapply(found[0][0])
        said = ", ".join(f"{field} {op} {value if op != 'unset' else ''}".strip() for _, field, op, value in found)
        return int(found[0][0]), said

    def _reapply(self, id_: int) -> None:
        extracted = self._extraction(id_)["record"]
        self._apply(id_, {**extracted, "id": id_})

    def remove(self, id_: int) -> None:
        """Forget a work and its corrections; its file is imported anew the next time it is met."""
        with self.transaction():
            origins = self.db.execute("SELECT origin FROM sources WHERE work_id = ?", (id_,)).fetchall()
            story_text.remove(self.db, id_, self.text(id_))
            self.db.execute("DELETE FROM works WHERE id = ?", (id_,))
            self.db.executemany("DELETE FROM files WHERE path = ?", origins)
            self.db.execute("INSERT INTO removed VALUES (?, ?)", (self._next_seq(), id_))

    # for the search index, and about the whole

    def last_seq(self) -> int:
        """The number of the newest change."""
        return int(self._meta("seq") or 0)

    def changed_since(self, seq: int) -> Iterator[tuple[int, int, bool]]:
        """(seq, work id, gone) of every work changed or removed after `seq`, in order."""
        yield from (
            (int(s), int(i), bool(gone))
            for s, i, gone in self.db.execute(
                "SELECT seq, id, 0 FROM works WHERE seq > ?1"
                " UNION ALL SELECT seq, work_id, 1 FROM removed WHERE seq > ?1 ORDER BY 1",
                (seq,),
            )
        )

    def older(self, extractor: str) -> list[int]:
        """Works that another version of code or data extracted."""
        found = self.db.execute("SELECT id FROM works WHERE extractor IS NOT ? ORDER BY id", (extractor,))
        return [int(row[0]) for row in found]

    def stats(self) -> dict[str, Any]:
        """Counts of the whole catalogue, and the most frequent values of some fields."""

        def one(sql: str) -> Any:
            return self.db.execute(sql).fetchone()[0]

        def top(sql: str) -> dict[str, int]:
            return dict(self.db.execute(f"{sql} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10").fetchall())

        return {
            "works": one("SELECT count(*) FROM works"),
            "words": one("SELECT coalesce(sum(words), 0) FROM works"),
            "authors": one("SELECT count(DISTINCT person_id) FROM authors"),
            "betas": one("SELECT count(DISTINCT person_id) FROM credits"),
            "notes": one("SELECT count(*) FROM notes"),
            "characters": one("SELECT count(DISTINCT character_id) FROM work_characters"),
            "missing": one("SELECT count(DISTINCT work_id) FROM sources WHERE missing_since IS NOT NULL"),
            "corrections": one("SELECT count(*) FROM corrections"),
            "bytes": self.path.stat().st_size,
            "top_fandoms": top("SELECT f.title, count(*) FROM work_fandoms t JOIN fandoms f ON f.id = t.fandom_id"),
            "top_betas": top("SELECT p.name, count(*) FROM credits c JOIN people p ON p.id = c.person_id"),
            "ratings": top("SELECT coalesce(rating_level, 'none'), count(*) FROM works"),
            "languages": top("SELECT coalesce(language, 'unknown'), count(*) FROM works"),
            "years": top("SELECT coalesce(substr(published, 1, 4), 'unknown'), count(*) FROM works"),
        }

    def backup(self, target: Path) -> None:
        """A whole copy, made while others read and write; `target` appears when it is complete.

        Raises:
            CatalogError: if it cannot be written.
        """
        partial = target.with_name(target.name + ".partial")
        try:
            partial.unlink(missing_ok=True)
            copy = sqlite3.connect(partial)
            with copy:
                self.db.backup(copy)
            copy.close()
            partial.replace(target)
        except (OSError, sqlite3.Error) as problem:
            raise CatalogError(
                f"{target}: the backup could not be written ({problem}); choose another place"
            ) from problem


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _like(key: str) -> str:
    return "".join(f"!{c}" if c in "!%_" else c for c in key) + "%"
