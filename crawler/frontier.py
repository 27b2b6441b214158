"""What to fetch, what became of it, and what was asked when: tables in the catalogue's database file.

They have migrations of their own and share the catalogue's transactions: completing a page, storing its works
and inserting its links is one transaction (one over two attached WAL files would not be atomic).
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

from .clock import Clock
from .politeness import LONGEST_BACKOFF, Host

State = Literal[
    "new", "queued", "leased", "done", "not_modified", "redirected", "retry", "gone", "denied_robots", "noindex",
    "gated_login", "gated_adult", "failed", "too_big", "blocked",
]  # fmt: skip
"""`new` was never asked for, `queued` is to be asked for again, `leased` is being asked for."""
STATES: tuple[State, ...] = get_args(State)
WAITING = "('new', 'queued', 'retry')"

TABLES = f"""
CREATE TABLE host (
  id INTEGER PRIMARY KEY, authority TEXT NOT NULL UNIQUE, min_delay_ms INTEGER NOT NULL, cur_delay_ms INTEGER NOT NULL,
  next_at REAL NOT NULL DEFAULT 0, parked_until REAL NOT NULL DEFAULT 0, park_reason TEXT NOT NULL DEFAULT '',
  strikes INTEGER NOT NULL DEFAULT 0, ok_run INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE robots (
  host_id INTEGER PRIMARY KEY REFERENCES host(id) ON DELETE CASCADE, fetched_at REAL NOT NULL, expires_at REAL NOT NULL,
  status INTEGER, body BLOB, final_url TEXT, outcome TEXT NOT NULL
);
CREATE TABLE run (id INTEGER PRIMARY KEY, pid INTEGER, started_at REAL NOT NULL, ended_at REAL);
CREATE TABLE body (sha256 TEXT PRIMARY KEY, gz BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE url (
  id INTEGER PRIMARY KEY, canon TEXT NOT NULL UNIQUE, fetch_url TEXT NOT NULL,
  host_id INTEGER NOT NULL REFERENCES host(id), kind TEXT NOT NULL, depth INTEGER NOT NULL, prio INTEGER NOT NULL,
  hops INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  next_at REAL NOT NULL DEFAULT 0, lease_run INTEGER REFERENCES run(id), etag TEXT, last_modified TEXT, status INTEGER,
  body_sha256 TEXT, final_url_id INTEGER REFERENCES url(id) ON DELETE SET NULL, error_class TEXT, signals TEXT,
  discovered_from INTEGER REFERENCES url(id) ON DELETE SET NULL, fetched_at REAL
);
CREATE INDEX url_waiting ON url(host_id, prio, id) WHERE state IN {WAITING};
CREATE INDEX url_state ON url(state, host_id);
CREATE INDEX url_body ON url(body_sha256) WHERE body_sha256 IS NOT NULL;
CREATE INDEX url_final ON url(final_url_id) WHERE final_url_id IS NOT NULL;
CREATE INDEX url_from ON url(discovered_from) WHERE discovered_from IS NOT NULL;
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, url_id INTEGER REFERENCES url(id) ON DELETE SET NULL, run_id INTEGER REFERENCES run(id),
  host_id INTEGER REFERENCES host(id), url TEXT NOT NULL, started_at REAL NOT NULL, wall_ms INTEGER, status INTEGER,
  bytes INTEGER, error_class TEXT
);
CREATE INDEX attempt_host ON attempt(host_id, id);
CREATE INDEX attempt_url ON attempt(url_id) WHERE url_id IS NOT NULL;
CREATE TABLE fill (
  site TEXT NOT NULL, run_id INTEGER NOT NULL REFERENCES run(id), field TEXT NOT NULL, filled INTEGER NOT NULL,
  PRIMARY KEY (site, run_id, field)
) WITHOUT ROWID;
"""

ROBOTS = """
CREATE TABLE robots (
  place TEXT PRIMARY KEY, host_id INTEGER NOT NULL REFERENCES host(id) ON DELETE CASCADE, fetched_at REAL NOT NULL,
  expires_at REAL NOT NULL, status INTEGER, body BLOB, final_url TEXT, outcome TEXT NOT NULL
) WITHOUT ROWID
"""
"""`place` is where the file lies: http and https, and each port, have their own (RFC 9309, 2.3)."""
DEATHS = 5
"""Runs in a row that may die at one page: a parser in C can take the process down, and would each time."""
LONGEST_WAIT = 4 * LONGEST_BACKOFF
"""Seconds that a URL waits at the most; a time further ahead was written before the clock was set back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A URL that is to be asked for now.

    `fetch` is what is sent, `hops` how many redirects led here, `reach` how many steps were followed from it before.
    """

    id: int
    host_id: int
    canon: str
    fetch: str
    kind: str
    depth: int
    hops: int
    attempts: int
    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    reach: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A URL to be added: `canon` names it, `fetch` is what to ask for; `again`: also if an earlier run asked for it.

    `reach` is how many steps this crawl goes on from it: what an earlier one followed less far is asked for again.
    """

    canon: str
    fetch: str
    authority: str
    kind: str = "page"
    depth: int = 0
    hops: int = 0
    again: bool = False
    reach: int = 0


@dataclass(frozen=True, slots=True)
class RobotsText:
    """A robots.txt as it was fetched; `outcome` is "rules", "allow" or "deny"."""

    fetched_at: float
    expires_at: float
    status: int | None
    body: bytes
    final_url: str
    outcome: str


CLAIM = "id, host_id, canon, fetch_url, kind, depth, hops, attempts, etag, last_modified, body_sha256, reach"
HOST = (
    "id, authority, min_delay_ms / 1000.0, cur_delay_ms / 1000.0, next_at, parked_until, park_reason, strikes, ok_run"
)


def migrate(db: sqlite3.Connection) -> None:
    """Make the crawler's tables in a catalogue that has none yet."""
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("ficdex.crawl")

    @migrations()
    def m001_tables(db: Database) -> None:
        for statement in filter(str.strip, TABLES.split(";\n")):
            db.execute(statement)

    @migrations()
    def m002_robots_of_each_origin(db: Database) -> None:
        db.execute("DROP TABLE robots")  # it holds for a day at the most: asking again is simpler than taking apart
        db.execute(ROBOTS)

    @migrations()
    def m003_reach(db: Database) -> None:
        db.execute("ALTER TABLE url ADD COLUMN reach INTEGER")

    migrations.apply(Database(db))


def exists(db: sqlite3.Connection) -> bool:
    """Whether this catalogue was ever crawled into."""
    found = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'attempt'").fetchone()
    return found is not None


class Frontier:
    """The tables above. `transaction()` is the catalogue's; what writes opens one, or joins the one that is open."""

    def __init__(
        self, db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]], clock: Clock
    ) -> None:
        self.db, self.transaction, self.clock = db, transaction, clock
        self.run_id = 0

    # runs

    def begin(self, pid: int) -> None:
        """Start a run; what a run that was killed had in hand waits again."""
        with self.transaction():
            self.recover()
            self.db.execute(
                f"UPDATE url SET next_at = 0 WHERE state IN {WAITING} AND next_at > ?",
                (self.clock.wall() + LONGEST_WAIT,),
            )
            row = self.db.execute("INSERT INTO run(pid, started_at) VALUES (?, ?)", (pid, self.clock.wall()))
            self.run_id = int(row.lastrowid or 0)

    def recover(self) -> int:
        """What runs that were killed had in hand waits again; how many URLs that were. No run may be under way.

        A page in whose hands several runs in a row died is what they died of, and has failed.
        """
        with self.transaction():
            self.db.execute(
                "UPDATE url SET state = 'failed', error_class = 'killed', lease_run = NULL WHERE state = 'leased' AND ("
                " SELECT count(*) FROM attempt a WHERE a.url_id = url.id AND a.wall_ms IS NULL AND a.id > coalesce(("
                "  SELECT max(b.id) FROM attempt b WHERE b.url_id = url.id AND b.wall_ms IS NOT NULL), 0)) >= ?",
                (DEATHS,),
            )
            count = self._release()
            self.db.execute("UPDATE run SET ended_at = started_at WHERE ended_at IS NULL")
        return count

    def end(self) -> None:
        """Close the run; what it still had in hand waits again."""
        with self.transaction():
            self._release()
            self.db.execute("UPDATE run SET ended_at = ? WHERE id = ?", (self.clock.wall(), self.run_id))

    def _release(self) -> int:
        released = self.db.execute(
            "UPDATE url SET state = CASE WHEN fetched_at IS NULL THEN 'new' ELSE 'queued' END,"
            " attempts = max(attempts - 1, 0), lease_run = NULL WHERE state = 'leased'"
        )
        return released.rowcount

    def clear(self) -> None:
        """Forget every URL; hosts, their delays and what robots.txt says stay, and so does the audit."""
        with self.transaction():
            self.db.execute("DELETE FROM url")
            self._sweep_bodies()

    # hosts

    def host(self, authority: str, delay: float) -> Host:
        """The host's record, made with `delay` seconds between requests if it is new."""
        row = self.db.execute(f"SELECT {HOST} FROM host WHERE authority = ?", (authority,)).fetchone()
        if row:
            return Host(*row)
        ms = round(delay * 1000)
        with self.transaction():
            self.db.execute(
                "INSERT INTO host(authority, min_delay_ms, cur_delay_ms) VALUES (?, ?, ?)", (authority, ms, ms)
            )
        return self.host(authority, delay)

    def waiting_hosts(self) -> list[str]:
        """The authorities that have URLs to be asked for."""
        found = self.db.execute(
            f"SELECT authority FROM host h WHERE EXISTS (SELECT 1 FROM url WHERE host_id = h.id AND state IN {WAITING})"
            " ORDER BY id"
        )
        return [str(row[0]) for row in found]

    def save_host(self, host: Host) -> None:
        """Write a host's politeness down."""
        self.db.execute(
            "UPDATE host SET min_delay_ms = ?, cur_delay_ms = ?, next_at = ?, parked_until = ?, park_reason = ?,"
            " strikes = ?, ok_run = ? WHERE id = ?",
            (
                round(host.min_delay * 1000), round(host.cur_delay * 1000), host.next_at, host.parked_until,
                host.park_reason, host.strikes, host.ok_run, host.id,
            ),
        )  # fmt: skip

    def robots(self, place: str) -> RobotsText | None:
        """What is known of the robots.txt at `place`."""
        row = self.db.execute(
            "SELECT fetched_at, expires_at, status, body, final_url, outcome FROM robots WHERE place = ?", (place,)
        ).fetchone()
        return RobotsText(*row) if row else None

    def save_robots(self, place: str, host_id: int, text: RobotsText) -> None:
        """Keep the robots.txt at `place`, a URL of the host."""
        self.db.execute(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (place, host_id, text.fetched_at, text.expires_at, text.status, text.body, text.final_url, text.outcome),
        )

    # urls

    def add(self, found: Iterable[Found], host_id: Callable[[str], int], source: int | None = None) -> int:
        """Add URLs that are not known yet; one that waits already does so at the shortest way to it.

        Those to be asked for `again`, and those that this crawl goes further from, wait once more if this run has not
        asked for them. Returns how many were added or changed.
        """
        count = 0
        for one in found:
            row = self.db.execute(
                "INSERT INTO url(canon, fetch_url, host_id, kind, depth, prio, hops, state, discovered_from)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'new', ?) ON CONFLICT(canon) DO UPDATE"
                " SET depth = min(depth, excluded.depth), prio = min(prio, excluded.prio)"
                f" WHERE (depth > excluded.depth OR prio > excluded.prio) AND state IN {WAITING}",
                (
                    one.canon, one.fetch, host_id(one.authority), one.kind, one.depth, _priority(one, source), one.hops,
                    source,
                ),
            )  # fmt: skip
            if row.rowcount == 0:
                row = self.db.execute(
                    "UPDATE url SET state = 'queued', attempts = 0, next_at = 0, hops = ?1, depth = min(depth, ?2),"
                    " fetch_url = ?3, prio = ?4"
                    f" WHERE canon = ?5 AND state NOT IN ('leased', 'gone') AND state NOT IN {WAITING}"
                    " AND (?6 OR reach < ?7)"
                    " AND NOT EXISTS (SELECT 1 FROM attempt WHERE url_id = url.id AND run_id = ?8)",
                    (
                        one.hops, one.depth, one.fetch, _priority(one, source), one.canon, one.again, one.reach,
                        self.run_id,
                    ),
                )  # fmt: skip
            count += max(row.rowcount, 0)
        return count

    def id_of(self, canon: str) -> int | None:
        """A URL's id."""
        row = self.db.execute("SELECT id FROM url WHERE canon = ?", (canon,)).fetchone()
        return int(row[0]) if row else None

    def state_of(self, canon: str) -> str | None:
        """A URL's state; None if it is not known."""
        row = self.db.execute("SELECT state FROM url WHERE canon = ?", (canon,)).fetchone()
        return str(row[0]) if row else None

    def fetched_at(self, canon: str) -> float | None:
        """When a URL was last answered; None if it never was."""
        row = self.db.execute("SELECT fetched_at FROM url WHERE canon = ?", (canon,)).fetchone()
        return row[0] if row else None

    def next(self, host_id: int) -> Claim | None:
        """The URL of a host that is to be asked for now, if one is."""
        row = self.db.execute(
            f"SELECT {CLAIM} FROM url INDEXED BY url_waiting WHERE host_id = ? AND state IN {WAITING} AND next_at <= ?"
            " ORDER BY prio, id LIMIT 1",
            (host_id, self.clock.wall()),
        ).fetchone()
        return Claim(*row) if row else None

    def next_at(self, host_id: int) -> float | None:
        """When the first of a host's waiting URLs may be asked for; None if none waits."""
        if self.next(host_id):
            return self.clock.wall()
        row = self.db.execute(
            f"SELECT min(next_at) FROM url WHERE host_id = ? AND state IN {WAITING}", (host_id,)
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def lease(self, claim: Claim | None, url: str, host: Host) -> int:
        """Before a request is sent: the URL is leased, the host's next time and the audit's line are written.

        Robots.txt has no claim. Returns the number of the attempt.
        """
        with self.transaction():
            self.save_host(host)
            if claim:
                self.db.execute(
                    "UPDATE url SET state = 'leased', attempts = attempts + 1, lease_run = ? WHERE id = ?",
                    (self.run_id, claim.id),
                )
            row = self.db.execute(
                "INSERT INTO attempt(url_id, run_id, host_id, url, started_at) VALUES (?, ?, ?, ?, ?)",
                (claim.id if claim else None, self.run_id, host.id, url, self.clock.wall()),
            )
        return int(row.lastrowid or 0)

    def answered(self, attempt: int, wall_ms: int, status: int | None, size: int | None, error: str | None) -> None:
        """Complete the audit's line."""
        self.db.execute(
            "UPDATE attempt SET wall_ms = ?, status = ?, bytes = ?, error_class = ? WHERE id = ?",
            (wall_ms, status, size, error, attempt),
        )

    def postpone(self, claim: Claim, until: float) -> None:
        """A URL that waits lets others of its host go first until then."""
        self.db.execute("UPDATE url SET next_at = ? WHERE id = ?", (until, claim.id))

    def settle(self, claim: Claim, state: State, **values: object) -> None:
        """A URL's new state, with other columns of its row."""
        columns = {"state": state, "lease_run": None, **values}
        names = ", ".join(f"{name} = ?" for name in columns)
        self.db.execute(f"UPDATE url SET {names} WHERE id = ?", (*columns.values(), claim.id))

    def leads_to(self, start: int, wanted: int) -> bool:
        """Whether the redirects from `start` come by `wanted`: then one from `wanted` to `start` closes a loop."""
        found = self.db.execute(
            "WITH RECURSIVE chain(id, n) AS (SELECT ?, 0 UNION ALL"
            " SELECT u.final_url_id, n + 1 FROM chain c JOIN url u ON u.id = c.id"
            " WHERE u.state = 'redirected' AND u.final_url_id IS NOT NULL AND n < 50)"
            " SELECT 1 FROM chain WHERE id = ?",
            (start, wanted),
        ).fetchone()
        return found is not None

    # bodies

    def keep_body(self, data: bytes) -> str:
        """Keep a page, compressed and once; returns its hash."""
        digest = sha256(data).hexdigest()
        if not self.has_body(digest):
            self.db.execute("INSERT INTO body VALUES (?, ?)", (digest, zlib.compress(data, 6, wbits=31)))
        return digest

    def has_body(self, digest: str | None) -> bool:
        """Whether a page is kept."""
        return (
            digest is not None
            and self.db.execute("SELECT 1 FROM body WHERE sha256 = ?", (digest,)).fetchone() is not None
        )

    def body(self, digest: str) -> bytes | None:
        """A page that was kept."""
        row = self.db.execute("SELECT gz FROM body WHERE sha256 = ?", (digest,)).fetchone()
        return zlib.decompress(row[0], wbits=31) if row else None

    def drop_body(self, digest: str | None) -> None:
        """Forget a page that no URL has any more."""
        if digest is not None:
            self.db.execute(
                "DELETE FROM body WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM url WHERE body_sha256 = ?1)",
                (digest,),
            )

    def _sweep_bodies(self) -> None:
        self.db.execute(
            "DELETE FROM body WHERE sha256 NOT IN (SELECT body_sha256 FROM url WHERE body_sha256 IS NOT NULL)"
        )

    def count_fields(self, site: str, fields: Iterable[str]) -> None:
        """A work of a site was read, and these fields were filled from its page; "" counts the works."""
        self.db.executemany(
            "INSERT INTO fill VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET filled = filled + 1",
            [(site, self.run_id, field) for field in ("", *fields)],
        )

    # what the owner asks for

    def retry(self, state: State) -> int:
        """Let the URLs of a state wait again; returns how many."""
        with self.transaction():
            changed = self.db.execute(
                "UPDATE url SET state = 'queued', attempts = 0, next_at = 0, hops = 0 WHERE state = ?", (state,)
            )
        return changed.rowcount

    def forget(self, canon: str) -> bool:
        """Forget a URL and its page; whether it was known."""
        with self.transaction():
            gone = self.db.execute("DELETE FROM url WHERE canon = ?", (canon,)).rowcount
            if gone:
                self._sweep_bodies()
        return bool(gone)


def _priority(found: Found, source: int | None) -> int:
    """What was named first, then nearer pages; at one distance listings, which say most for a request, then works."""
    named = 4 if source is None else 0
    return found.depth * 4 + {"listing": 0, "work": 1}.get(found.kind, 2) - named
