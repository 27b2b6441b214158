"""What a crawl did and has yet to do, for the owner: counts, the audit, how well a site's pages are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from .frontier import HOST, WAITING
from .politeness import Host


@dataclass(frozen=True, slots=True)
class Attempt:
    """A line of the audit."""

    started_at: float
    authority: str
    url: str
    status: int | None
    wall_ms: int | None
    bytes: int | None
    error_class: str | None


class Ledger:
    """Reads the frontier's tables and writes nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def counts(self) -> dict[str, dict[str, int]]:
        """Authority -> state -> URLs."""
        found = self.db.execute(
            "SELECT h.authority, u.state, count(*) FROM url u JOIN host h ON h.id = u.host_id"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )
        counted: dict[str, dict[str, int]] = {}
        for authority, state, count in found:
            counted.setdefault(authority, {})[state] = count
        return counted

    def hosts(self) -> list[Host]:
        """Every host that was ever met."""
        return [Host(*row) for row in self.db.execute(f"SELECT {HOST} FROM host ORDER BY authority")]

    def leased(self) -> int:
        """How many URLs are being asked for, or were when their run was killed."""
        return int(self.db.execute("SELECT count(*) FROM url WHERE state = 'leased'").fetchone()[0])

    def waiting(self, host_id: int) -> Iterator[str]:
        """What will be asked for at a host, for every URL that waits, in order."""
        found = self.db.execute(
            f"SELECT fetch_url FROM url WHERE host_id = ? AND state IN {WAITING} ORDER BY prio, id", (host_id,)
        )
        yield from (str(row[0]) for row in found)

    def log(self, authority: str | None = None, limit: int = 1000) -> list[Attempt]:
        """The audit's last lines, the oldest first."""
        where, values = ("WHERE h.authority = ?", [authority]) if authority else ("", [])
        found = self.db.execute(
            "SELECT a.started_at, h.authority, a.url, a.status, a.wall_ms, a.bytes, a.error_class"
            f" FROM attempt a JOIN host h ON h.id = a.host_id {where} ORDER BY a.id DESC LIMIT ?",
            (*values, limit),
        ).fetchall()
        return [Attempt(*row) for row in reversed(found)]

    def emptied_fields(self, run_id: int, fewest: int = 20) -> list[tuple[str, str, float, float]]:
        """(site, field, share filled before, share filled in a run) where the run fills less than half as often.

        Only sites with `fewest` works on both sides are judged.
        """
        found = self.db.execute(
            "WITH before AS (SELECT site, field, sum(filled) AS filled FROM fill WHERE run_id < ?1 GROUP BY 1, 2),"
            " total AS (SELECT site, sum(filled) AS pages FROM fill WHERE run_id < ?1 AND field = '' GROUP BY 1),"
            " this AS (SELECT site, filled AS pages FROM fill WHERE run_id = ?1 AND field = '')"
            " SELECT b.site, b.field, 1.0 * b.filled / t.pages, 1.0 * coalesce(f.filled, 0) / n.pages"
            " FROM before b JOIN total t ON t.site = b.site JOIN this n ON n.site = b.site"
            " LEFT JOIN fill f ON f.site = b.site AND f.field = b.field AND f.run_id = ?1"
            " WHERE b.field <> '' AND t.pages >= ?2 AND n.pages >= ?2 AND 1.0 * b.filled / t.pages >= 0.2"
            " AND 1.0 * coalesce(f.filled, 0) / n.pages < 0.5 * b.filled / t.pages ORDER BY 1, 2",
            (run_id, fewest),
        )
        return [(str(site), str(field), float(was), float(is_)) for site, field, was, is_ in found]
