"""The catalogue: the truth about every work, in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..errors import AmbiguousWork, CatalogError, NoSuchWork
from ..text import bare
from . import editions, files, names, packing, people, rows, sequence, story_text
from .connection import connect, explained
from .figures import figures
from .files import FileState
from .lock import Lock

if TYPE_CHECKING:
    from ..lexicon import Lexicon
    from ..model import Document, Record, Work
    from .corrections import Change
    from .duplicates import Group
    from .people import Person
    from .progress import Progress
    from .review import Doubt
    from .store import Store, Stored
    from .strangers import Stranger


class Catalog:
    """An open catalogue; a context manager. `key` is the file's own, and names its search index."""

    def __init__(self, path: Path, db: sqlite3.Connection, lock: Lock | None) -> None:
        self.path, self.db, self._lock = path, db, lock
        self._depth = 0
        self.key = str(db.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()[0])

    @cached_property
    def _store(self) -> Store:
        from .store import Store  # not on the way of who only reads, as is all that knows of works and corrections

        return Store(self.db)

    @classmethod
    def open(cls, path: Path, *, create: bool = False, write: bool = False) -> Self:
        """Open the catalogue at `path`: to read, beside whoever writes, or as the one that writes.

        Raises:
            CatalogError: if there is none and `create` is not set, or it cannot be opened.
            CatalogBusy: if `write` is set and another run writes.
            CatalogDamaged: if the file is no catalogue, or a newer one.
        """
        try:
            if not create and not (path.exists() and path.stat().st_size):
                raise CatalogError(f"{path}: there is no catalogue yet; `ficdex import FOLDER` makes one")
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = Lock(path) if write else None
        except OSError as problem:
            raise CatalogError(f"{path}: {problem.strerror}; choose another place with --catalog") from problem
        try:
            db = connect(path, write=write)
            try:
                return cls(path, db, lock)
            except sqlite3.Error as problem:
                db.close()
                raise explained(path, problem) from problem
        except BaseException:
            if lock:
                lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; an error of SQLite's leaves as one of ours."""
        try:
            self.close()
        except sqlite3.Error as problem:
            raise explained(self.path, problem) from problem
        if isinstance(error, sqlite3.DatabaseError):
            raise explained(self.path, error) from error

    def close(self) -> None:
        """Forget names that are of no use any more, and let go of the file."""
        try:
            if self._lock and self._store.replaced and not self.db.in_transaction:
                with self.transaction():
                    names.tidy(self.db)
        finally:
            self.db.close()
            if self._lock:
                self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also of what is inside an outer one."""
        begin, end, undo = (
            (f"SAVEPOINT s{self._depth}", f"RELEASE s{self._depth}", f"ROLLBACK TO s{self._depth}")
            if self._depth
            else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        )
        self.db.execute(begin)
        self._depth += 1
        waiting = len(self._store.stories)
        try:
            yield
            if self._depth == 1:
                self._store.stories.carry_out()
            self.db.execute(end)
        except BaseException:
            self._store.writer.forget()
            self._store.stories.forget(waiting)
            if self.db.in_transaction:  # a full disk has ended it already
                self.db.execute(undo)
                if self._depth > 1:
                    self.db.execute(end)
            raise
        finally:
            self._depth -= 1

    # files

    def known(self) -> dict[str, FileState]:
        """Every file that was ever imported, by path."""
        return files.known(self.db)

    def seen(self, path: str, size: int, mtime_ns: int, sha256: str, found: Sequence[str] | None = None) -> None:
        """A file was met. `found`: the works in it, so that those it holds no longer are marked."""
        with self.transaction():
            files.seen(self.db, sequence.now(), path, size, mtime_ns, sha256, found)

    def copies(self, sha256: str, path: str) -> list[tuple[str, bool]]:
        """Other files of the same bytes, and whether works are known from them; those first."""
        return files.copies(self.db, sha256, path)

    def has_works(self, path: str) -> bool:
        """Whether works are known from the file at `path`."""
        return files.has_works(self.db, path)

    def move(self, old: str, new: str) -> None:
        """A file is at another place: so are its works, with their ids and corrections."""
        with self.transaction():
            self._store.move(rows.storable(old), rows.storable(new))

    def gather(self, uris: Sequence[str]) -> bool:
        """Make one of works that were each made of one of these parts; False if the owner has corrected one."""
        with self.transaction():
            return self._store.gather(uris)

    def mark_missing(self, paths: Iterable[str]) -> int:
        """Files that are gone: their works stay, and say so."""
        with self.transaction():
            return files.mark_missing(self.db, sequence.now(), paths)

    def mark_found(self, origin: str) -> None:
        """A place that was gone holds its works again."""
        with self.transaction():
            files.mark_found(self.db, origin)

    def log(self, uri: str, outcome: str, reason: str = "", work_id: int | None = None) -> None:
        """A line of the import log."""
        self.db.execute(
            "INSERT INTO import_log(at, uri, outcome, reason, work_id) VALUES (?, ?, ?, ?, ?)",
            (sequence.now(), rows.storable(uri), outcome, rows.storable(reason) or None, work_id),
        )

    def progress(self, limit: int) -> Progress:
        """How the newest import went, or is going; with the last `limit` lines of its log."""
        from .progress import progress

        return progress(self.db, limit)

    # works

    def store(self, work: Work, document: Document) -> Stored:
        """Add a work, or bring the one with its uri up to date; the owner's corrections stay."""
        with self.transaction():
            return self._store.put(work, document)

    def id_of(self, uri: str) -> int | None:
        """The id of the work from `uri`; None if there is none."""
        row = self.db.execute("SELECT id FROM works WHERE uri = ?", (rows.storable(uri),)).fetchone()
        return int(row[0]) if row else None

    def kind(self, id_: int) -> str:
        """Whether a work is known whole ("work") or from a listing only ("metadata").

        Raises:
            NoSuchWork: if there is none.
        """
        row = self.db.execute("SELECT kind FROM works WHERE id = ?", (id_,)).fetchone()
        if not row:
            raise _none(id_)
        return str(row[0])

    def find(self, wanted: str) -> int:
        """The id of the work that an id, a title, or the beginning of one names.

        Raises:
            NoSuchWork: if none does.
            AmbiguousWork: if several do.
        """
        wanted = rows.storable(wanted.strip())
        if wanted.isdecimal() and len(wanted) < 19:
            row = self.db.execute("SELECT id FROM works WHERE id = ?", (int(wanted),)).fetchone()
            if row:
                return int(row[0])
        key = bare(wanted)
        ranges = ((key, key), (key, key + "\U0010ffff")) if key else ()
        for first, last in ranges:
            found = self.db.execute(
                "SELECT id, title FROM works WHERE title_key BETWEEN ? AND ? ORDER BY id", (first, last)
            ).fetchall()
            exact = [row for row in found if row[1] == wanted] or found
            if len(exact) == 1:
                return int(exact[0][0])
            if exact:
                raise AmbiguousWork(wanted, [(int(i), str(t)) for i, t in exact])
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
        raise _none(id_)

    def records(self, ids: Iterable[int] | None = None, *, evidence: bool = False) -> Iterator[Record]:
        """Work records in the order of `ids`, of all works without; in constant memory."""
        for batch in rows.batched(self.ids() if ids is None else ids):
            found = rows.read(self.db, batch)
            for id_ in batch:
                if record := found.get(id_):
                    if evidence:
                        record["evidence"] = self._evidence(id_)[0]
                    yield record

    def rejected(self, id_: int) -> list[Record]:
        """The losing candidates of a work, in the form of its evidence; what the owner overruled comes last."""
        return self._evidence(id_)[1]

    def _evidence(self, id_: int) -> tuple[list[Record], list[Record]]:
        """What speaks for a work's values, the owner's word first, and what lost."""
        row = self.db.execute("SELECT evidence, rejected FROM extractions WHERE work_id = ?", (id_,)).fetchone()
        if not row:
            return [], []
        text = self.text(id_)
        found, lost = packing.evidence(row[0], text), packing.evidence(row[1], text)
        changes = self.corrections(id_)
        if not changes:
            return found, lost
        from . import corrections, store

        corrected = corrections.apply(store.extracted(self.db, id_), changes)
        owner = [packing.owner_evidence(f, v) for f, said in corrected.said.items() for v in said if v is not None]
        stands = [corrected.keeps(item) for item in found]
        kept = [item for item, keep in zip(found, stands, strict=True) if keep]
        return [*owner, *kept], [*lost, *(item for item, keep in zip(found, stands, strict=True) if not keep)]

    def text(self, id_: int) -> str:
        """A work's whole text.

        Raises:
            NoSuchWork: if there is none.
        """
        row = self.db.execute("SELECT text FROM story_text WHERE work_id = ?", (id_,)).fetchone()
        if not row:
            raise _none(id_)
        return packing.unpacked(row[0])

    def document(self, id_: int) -> Document:
        """The Document that a work was made from, rebuilt whole.

        Raises:
            NoSuchWork: if there is none.
        """
        row = self.db.execute("SELECT text, layout FROM story_text WHERE work_id = ?", (id_,)).fetchone()
        if not row:
            raise _none(id_)
        from ..model import Source
        from .layouts import document

        sources = self.db.execute(
            "SELECT uri, media_type, sha256, size, mtime, retrieved, origin FROM sources WHERE work_id = ?"
            " ORDER BY position",
            (id_,),
        )
        return document([Source(*source) for source in sources], *map(packing.unpacked, row))

    def chapters(self, id_: int) -> list[tuple[int, str, int | None]]:
        """(number, title, offset in the text) of a work's chapters."""
        found = self.db.execute("SELECT position, title, start FROM chapters WHERE work_id = ? ORDER BY 1", (id_,))
        return [(int(n), str(title), start) for n, title, start in found]

    def dates(self, id_: int) -> tuple[str, str]:
        """When a work was first seen, and when it changed last.

        Raises:
            NoSuchWork: if there is none.
        """
        row = self.db.execute("SELECT first_seen, changed FROM works WHERE id = ?", (id_,)).fetchone()
        if not row:
            raise _none(id_)
        return str(row[0]), str(row[1])

    def missing_since(self, id_: int) -> str | None:
        """When the work's file was found to be gone."""
        row = self.db.execute("SELECT max(missing_since) FROM sources WHERE work_id = ?", (id_,)).fetchone()
        return row[0] if row else None

    def reindex_text(self) -> None:
        """Build the index of story texts anew."""
        with self.transaction():
            self.db.execute("INSERT INTO story_index(story_index) VALUES ('delete-all')")
            self._store.stories.forget(0)  # all that is stored is indexed here
            for (id_,) in self.db.execute("SELECT work_id FROM story_text ORDER BY 1").fetchall():
                story_text.add(self.db, id_, self.text(id_))

    def learn_aliases(self) -> None:
        """Keep what this version's gazetteer calls the fandoms and people of the catalogue."""
        from . import aliases

        with self.transaction():
            aliases.learn_all(self.db)

    # the owner's changes

    def corrections(self, id_: int) -> list[Change]:
        """The owner's changes of a work, oldest first."""
        from .store import changes_of

        return changes_of(self.db, id_)

    def history(self, id_: int) -> list[tuple[str, Change]]:
        """When the owner made each change of a work, and what it was; oldest first."""
        from .store import history

        return history(self.db, id_)

    def correct(self, id_: int, changes: Sequence[Change]) -> None:
        """Apply the owner's changes, now and after every import to come.

        Raises:
            NoSuchWork: if there is no such work.
        """
        with self.transaction():
            self._store.correct(id_, changes)

    def doubts(self, fields: Sequence[str], below: float) -> list[Doubt]:
        """Values of these fields with less confidence that the owner has not judged, least certain first."""
        from . import review

        return review.doubts(self.db, fields, below)

    def fandom_called(self, name: str, listed: Lexicon) -> str | None:
        """The title under which works have the fandom of this name; None if none has it."""
        from . import strangers

        return strangers.title_of(self.db, listed, name)

    def strangers(self, listed: Lexicon, fandom: str | None, least: int) -> list[Stranger]:
        """People whom `least` works of a fandom, or of any, name and no list has, the most frequent first."""
        from . import strangers

        return strangers.find(self.db, listed, fandom, least)

    def places(self, stranger: Stranger) -> list[tuple[int, int, int]]:
        """(work, start, end) of a name of the person in the texts of a few works."""
        from . import strangers

        return list(strangers.places(self.db, stranger))

    def undo(self, id_: int | None = None) -> tuple[int, str]:
        """Take back the last command's corrections, of one work or of all; returns the work and what it was.

        Raises:
            CatalogError: if there is nothing to take back.
        """
        with self.transaction():
            return self._store.undo(id_)

    def remove(self, id_: int) -> None:
        """Forget a work and its corrections; its file is imported anew the next time it is met.

        Raises:
            NoSuchWork: if there is no such work.
        """
        with self.transaction():
            self._store.remove(id_)

    # works that are one

    def unsigned(self) -> int:
        """How many works `duplicates` has to read first."""
        from . import signatures

        return len(signatures.stale(self.db))

    def duplicates(self, threshold: float, observe: Callable[[int], None] = lambda count: None) -> list[Group]:
        """Groups of works that seem to be one, surest first. `observe` hears how many works were read for it."""
        from . import duplicates, signatures

        signatures.refresh(self.db, self.transaction, observe)
        return duplicates.find(self.db, self.transaction, threshold)

    def link(self, ids: Sequence[int]) -> None:
        """Make works editions of one work.

        Raises:
            NoSuchWork: if one of them is not there.
        """
        with self.transaction():
            editions.link(self.db, ids)

    def unlink(self, id_: int) -> bool:
        """Take a work out of its editions; whether it was in any."""
        with self.transaction():
            return editions.unlink(self.db, id_)

    def dismiss(self, ids: Sequence[int]) -> None:
        """No two of these works are one: they are not suggested again.

        Raises:
            NoSuchWork: if one of them is not there.
        """
        with self.transaction():
            editions.dismiss(self.db, ids)

    def format(self, id_: int) -> str:
        """The format that a work came in, as a person says it."""
        return editions.format_in(self.db, id_)

    def editions(self, id_: int) -> list[tuple[int, str]]:
        """(id, format) of the other editions of a work."""
        return editions.beside(self.db, id_)

    # for the search index, and about the whole

    def added(self, id_: int) -> str:
        """When a work came into the catalogue.

        Raises:
            NoSuchWork: if there is none.
        """
        row = self.db.execute("SELECT first_seen FROM works WHERE id = ?", (id_,)).fetchone()
        if not row:
            raise _none(id_)
        return str(row[0])

    def last_seq(self) -> int:
        """The number of the newest change."""
        return sequence.last_seq(self.db)

    def changed_since(self, seq: int) -> Iterator[tuple[int, int, bool]]:
        """(seq, work id, gone) of every work changed or removed after `seq`, in order."""
        found = self.db.execute(
            "SELECT seq, id, 0 FROM works WHERE seq > ?1"
            " UNION ALL SELECT seq, work_id, 1 FROM removed WHERE seq > ?1 ORDER BY 1",
            (seq,),
        )
        yield from ((int(s), int(i), bool(gone)) for s, i, gone in found)

    def older(self, extractor: str) -> list[int]:
        """Works that another version of code or data extracted."""
        found = self.db.execute("SELECT id FROM works WHERE extractor IS NOT ? ORDER BY id", (extractor,))
        return [int(row[0]) for row in found]

    def stats(self) -> dict[str, Any]:
        """Counts of the whole catalogue, and the most frequent values of some fields."""
        return figures(self.db, self.path.stat().st_size)

    def facets(
        self, ids: Sequence[int] | None, names: Sequence[str], limit: int = 10
    ) -> dict[str, list[tuple[str, int]]]:
        """How many of these works, None for all, have each value of some facets (facets.NAMES)."""
        from .facets import facets

        return facets(self.db, ids, names, limit)

    def person(self, name: str) -> Person:
        """What who has exactly this name wrote and betaed."""
        return people.person(self.db, name)

    def people(self, part: str, limit: int) -> list[str]:
        """Names that hold `part`, whatever its case; the shortest first."""
        return people.named(self.db, part, limit)

    def ties(self, limit: int, name: str | None = None) -> list[tuple[str, str, int]]:
        """(beta, author, number of works) of who betaed for whom, most works first; of one person only if given."""
        return people.ties(self.db, limit, name)

    def of_fandom(self, title: str) -> list[int]:
        """The works of a fandom."""
        return people.of_fandom(self.db, title)

    def backup(self, target: Path) -> None:
        """A whole copy, made while others read and write; `target` appears when it is complete.

        Raises:
            CatalogError: if it cannot be written.
        """
        if target.exists() and target.samefile(self.path):
            raise CatalogError(f"{target}: is the catalogue itself; choose another place")
        import tempfile  # not on the way of who only reads

        try:
            with tempfile.TemporaryDirectory(prefix=".ficdex-", dir=target.parent) as folder:
                partial = Path(folder) / target.name
                copy = sqlite3.connect(partial)
                try:
                    self.db.backup(copy)
                finally:
                    copy.close()
                partial.replace(target)
        except (OSError, sqlite3.Error) as problem:
            raise CatalogError(
                f"{target}: the backup could not be written ({problem}); choose another place"
            ) from problem


def _none(id_: int) -> NoSuchWork:
    return NoSuchWork(f"no work has the id {id_}")
