"""Tables and views of the catalogue, and the migrations that make them.

Values as the owner sees them are normalised; what the extractor said (`extractions`) is kept whole beside
them, so that a correction can be taken back.
"""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x66696364
"""`fic` + `d` in ASCII: tells a catalogue from other SQLite files."""
VERSION = 1

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE files (
  path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, sha256 TEXT,
  first_seen TEXT, last_seen TEXT, missing_since TEXT
) WITHOUT ROWID;
CREATE TABLE works (
  id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, title TEXT, title_key TEXT,
  beta_status TEXT, site_id TEXT, url TEXT, rating TEXT, rating_level TEXT, summary TEXT, disclaimer TEXT,
  status TEXT, language TEXT, published TEXT, updated TEXT, words INTEGER,
  chapters_published INTEGER, chapters_planned INTEGER, extractor TEXT,
  first_seen TEXT NOT NULL, changed TEXT NOT NULL, seq INTEGER NOT NULL
);
CREATE INDEX works_title ON works(title_key);
CREATE INDEX works_seq ON works(seq);
CREATE INDEX works_site ON works(site_id);
CREATE TABLE sources (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL, uri TEXT NOT NULL,
  origin TEXT, media_type TEXT, sha256 TEXT, size INTEGER, mtime REAL, retrieved TEXT, missing_since TEXT,
  PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE INDEX sources_origin ON sources(origin);
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE authors (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people(id), PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE INDEX authors_person ON authors(person_id);
CREATE TABLE credits (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people(id), role TEXT NOT NULL, PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE INDEX credits_person ON credits(person_id);
CREATE TABLE fandoms (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE);
CREATE TABLE work_fandoms (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  fandom_id INTEGER NOT NULL REFERENCES fandoms(id), PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE INDEX work_fandoms_fandom ON work_fandoms(fandom_id);
CREATE TABLE characters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE work_characters (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  character_id INTEGER NOT NULL REFERENCES characters(id), forms TEXT NOT NULL, stage TEXT NOT NULL,
  mentions INTEGER NOT NULL, PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE INDEX work_characters_character ON work_characters(character_id);
CREATE TABLE relationships (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE TABLE notes (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  text TEXT NOT NULL, place TEXT NOT NULL, chapter INTEGER, PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE TABLE chapters (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  title TEXT NOT NULL, start INTEGER, PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE TABLE tags (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, kind TEXT NOT NULL, position INTEGER NOT NULL,
  name TEXT NOT NULL, PRIMARY KEY (work_id, kind, position)
) WITHOUT ROWID;
CREATE TABLE series (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, place INTEGER, PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE TABLE related (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  kind TEXT NOT NULL, text TEXT NOT NULL, chapters TEXT NOT NULL, PRIMARY KEY (work_id, position)
) WITHOUT ROWID;
CREATE TABLE stats (
  work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, name TEXT NOT NULL, value INTEGER,
  PRIMARY KEY (work_id, name)
) WITHOUT ROWID;
CREATE TABLE extractions (work_id INTEGER PRIMARY KEY REFERENCES works(id) ON DELETE CASCADE, data BLOB NOT NULL);
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY, work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE, batch INTEGER NOT NULL,
  field TEXT NOT NULL, op TEXT NOT NULL, value TEXT, made TEXT NOT NULL
);
CREATE INDEX corrections_work ON corrections(work_id);
CREATE TABLE import_log (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, uri TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT, work_id INTEGER
);
CREATE TABLE story_text (
  work_id INTEGER PRIMARY KEY REFERENCES works(id) ON DELETE CASCADE, sha256 TEXT NOT NULL,
  text BLOB NOT NULL, layout BLOB NOT NULL
);
CREATE VIRTUAL TABLE story_index USING fts5(text, content='', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE story_words USING fts5vocab(story_index, row);
CREATE TABLE removed (seq INTEGER PRIMARY KEY, work_id INTEGER NOT NULL);
"""


def _joined(value: str, table: str) -> str:
    return f"(SELECT group_concat(v, '; ') FROM (SELECT {value} AS v FROM {table} ORDER BY position))"


VIEWS = f"""
CREATE VIEW catalog AS SELECT
  w.id AS work_id, w.title,
  {_joined("p.name", "authors a JOIN people p ON p.id = a.person_id WHERE a.work_id = w.id")} AS authors,
  {_joined("f.title", "work_fandoms t JOIN fandoms f ON f.id = t.fandom_id WHERE t.work_id = w.id")} AS fandoms,
  {_joined("r.name", "relationships r WHERE r.work_id = w.id")} AS relationships,
  {
    _joined("c.name", "work_characters t JOIN characters c ON c.id = t.character_id WHERE t.work_id = w.id")
} AS characters,
  {_joined("t.name", "tags t WHERE t.kind = 'tags' AND t.work_id = w.id")} AS additional_tags,
  w.rating, w.rating_level,
  {_joined("t.name", "tags t WHERE t.kind = 'warnings' AND t.work_id = w.id")} AS warnings,
  {_joined("t.name", "tags t WHERE t.kind = 'categories' AND t.work_id = w.id")} AS categories,
  w.language, w.words, w.chapters_published || '/' || coalesce(w.chapters_planned, '?') AS chapters, w.status,
  w.published, w.updated, {_joined("s.name", "series s WHERE s.work_id = w.id")} AS series, w.summary, w.url,
  {
    _joined(
        "p.name || CASE c.role WHEN 'beta' THEN '' ELSE ' (' || c.role || ')' END",
        "credits c JOIN people p ON p.id = c.person_id WHERE c.work_id = w.id",
    )
} AS betas,
  w.beta_status, {_joined("n.text", "notes n WHERE n.work_id = w.id")} AS notes, w.disclaimer,
  {_joined("r.kind || ': ' || r.text", "related r WHERE r.work_id = w.id")} AS related,
  {_joined("t.name", "tags t WHERE t.kind = 'collections' AND t.work_id = w.id")} AS collections,
  w.kind, w.site_id, w.uri AS source, w.first_seen, w.changed
FROM works w;
CREATE VIEW beta_credits AS SELECT
  p.name AS person, c.role, w.id AS work_id, w.title, w.published
FROM credits c JOIN people p ON p.id = c.person_id JOIN works w ON w.id = c.work_id;
CREATE VIEW cast_list AS SELECT
  c.name AS character, t.stage, t.mentions, w.id AS work_id, w.title
FROM work_characters t JOIN characters c ON c.id = t.character_id JOIN works w ON w.id = t.work_id;
CREATE VIEW vanished AS SELECT work_id, uri, missing_since FROM sources WHERE missing_since IS NOT NULL;
"""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalogue, an empty file at first, to VERSION."""
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("ficdex")

    @migrations()
    def m001_tables(db: Database) -> None:
        for statement in filter(str.strip, (TABLES + VIEWS).split(";\n")):
            db.execute(statement)

    migrations.apply(Database(connection))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
