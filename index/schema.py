"""Tables and views of the catalogue, and the migrations that make them.

Values as the owner sees them are normalised, a table a kind. What the extractor said for them stands in
`extractions`, compact JSON that the view `evidence` spells out; its record is kept only where corrections cover it.
"""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x66696364
"""`fic` + `d` in ASCII: tells a catalogue from other SQLite files."""
VERSION = 4


def _of_work(name: str, columns: str, key: str = "work_id, position") -> str:
    """A table of values that a work has several of, gone with their work."""
    return (
        f"CREATE TABLE {name} (work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE,"
        f" position INTEGER NOT NULL, {columns}, PRIMARY KEY ({key})) WITHOUT ROWID;\n"
    )


STORY_INDEX = (
    "CREATE VIRTUAL TABLE story_index USING fts5(text, content='', tokenize=\"unicode61 remove_diacritics 2\")",
    "INSERT INTO story_index(story_index, rank) VALUES ('automerge', 16)",
    "INSERT INTO story_index(story_index, rank) VALUES ('crisismerge', 32)",
)
"""Merging the story index less eagerly than FTS5 does by itself makes a commit a story cheaper: 1.0 for 1.34 ms."""

TABLES = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE files (
  path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, sha256 TEXT,
  first_seen TEXT, last_seen TEXT, missing_since TEXT
) WITHOUT ROWID;
CREATE TABLE works (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, title TEXT, title_key TEXT,
  beta_status TEXT, site_id TEXT, url TEXT, rating TEXT, rating_level TEXT, summary TEXT, disclaimer TEXT,
  status TEXT, language TEXT, published TEXT, updated TEXT, words INTEGER,
  chapters_published INTEGER, chapters_planned INTEGER, extractor TEXT, fingerprint BLOB,
  first_seen TEXT NOT NULL, changed TEXT NOT NULL, seq INTEGER NOT NULL
);
CREATE INDEX works_title ON works(title_key);
CREATE INDEX works_seq ON works(seq);
CREATE INDEX works_site ON works(site_id) WHERE site_id IS NOT NULL;
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE fandoms (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, ao3 TEXT);
CREATE TABLE characters (id INTEGER PRIMARY KEY, name TEXT NOT NULL, fandom_id INTEGER REFERENCES fandoms(id));
CREATE UNIQUE INDEX characters_name ON characters(name, coalesce(fandom_id, 0));
CREATE INDEX characters_fandom ON characters(fandom_id);
CREATE TABLE extractions (
  work_id INTEGER PRIMARY KEY REFERENCES works(id) ON DELETE CASCADE,
  evidence TEXT NOT NULL, rejected TEXT NOT NULL, corrected TEXT
);
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY AUTOINCREMENT, work_id INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE,
  batch INTEGER NOT NULL, field TEXT NOT NULL, op TEXT NOT NULL, value TEXT, made TEXT NOT NULL
);
CREATE INDEX corrections_work ON corrections(work_id);
CREATE TABLE import_log (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, uri TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT, work_id INTEGER
);
CREATE TABLE story_text (
  work_id INTEGER PRIMARY KEY REFERENCES works(id) ON DELETE CASCADE, sha256 TEXT NOT NULL,
  text BLOB NOT NULL, layout BLOB NOT NULL
);
CREATE TABLE removed (seq INTEGER PRIMARY KEY, work_id INTEGER NOT NULL);
"""
    + "".join(f"{statement};\n" for statement in STORY_INDEX)
    + _of_work(
        "sources",
        "uri TEXT NOT NULL, origin TEXT, media_type TEXT, sha256 TEXT, size INTEGER, mtime REAL, retrieved TEXT,"
        " missing_since TEXT",
    )
    + _of_work("authors", "person_id INTEGER NOT NULL REFERENCES people(id)")
    + _of_work("credits", "person_id INTEGER NOT NULL REFERENCES people(id), role TEXT NOT NULL")
    + _of_work("work_fandoms", "fandom_id INTEGER NOT NULL REFERENCES fandoms(id)")
    + _of_work(
        "work_characters",
        "character_id INTEGER NOT NULL REFERENCES characters(id), forms TEXT NOT NULL, stage TEXT NOT NULL,"
        " mentions INTEGER NOT NULL",
    )
    + _of_work("relationships", "name TEXT NOT NULL")
    + _of_work("notes", "text TEXT NOT NULL, place TEXT NOT NULL, chapter INTEGER")
    + _of_work("chapters", "title TEXT NOT NULL, start INTEGER, end INTEGER")
    + _of_work("tags", "kind TEXT NOT NULL, name TEXT NOT NULL", key="work_id, kind, position")
    + _of_work("series", "name TEXT NOT NULL, place INTEGER")
    + _of_work("related", "kind TEXT NOT NULL, text TEXT NOT NULL, chapters TEXT NOT NULL")
    + _of_work("stats", "name TEXT NOT NULL, value INTEGER")
    + """
CREATE INDEX sources_origin ON sources(origin);
CREATE INDEX authors_person ON authors(person_id);
CREATE INDEX credits_person ON credits(person_id);
CREATE INDEX work_fandoms_fandom ON work_fandoms(fandom_id);
CREATE INDEX work_characters_character ON work_characters(character_id);
"""
)
_WORK = "INTEGER NOT NULL REFERENCES works(id) ON DELETE CASCADE"
_SIGNED = "INTEGER NOT NULL REFERENCES signatures(work_id) ON DELETE CASCADE"
EDITIONS = f"""
CREATE TABLE signatures (
  work_id INTEGER PRIMARY KEY REFERENCES works(id) ON DELETE CASCADE, sha256 TEXT NOT NULL, maker INTEGER NOT NULL,
  digest BLOB NOT NULL, shingles INTEGER NOT NULL, minhash BLOB NOT NULL, sample BLOB NOT NULL
);
CREATE TABLE compared (
  a {_SIGNED}, b {_SIGNED}, likeness REAL NOT NULL, contained REAL NOT NULL, same INTEGER NOT NULL, PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX compared_b ON compared(b);
CREATE TABLE editions (work_id INTEGER PRIMARY KEY REFERENCES works(id) ON DELETE CASCADE, edition INTEGER NOT NULL);
CREATE INDEX editions_edition ON editions(edition);
CREATE TABLE dismissed (a {_WORK}, b {_WORK}, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX dismissed_b ON dismissed(b);
"""
"""`signatures` and `compared` can be made anew at any time; the other two are the owner's word."""

SEARCH = """
CREATE TABLE aliases (
  field TEXT NOT NULL, alias TEXT NOT NULL, name TEXT NOT NULL, strength INTEGER NOT NULL,
  fandom_id INTEGER NOT NULL REFERENCES fandoms(id) ON DELETE CASCADE, PRIMARY KEY (field, alias, name, fandom_id)
) WITHOUT ROWID;
CREATE INDEX aliases_fandom ON aliases(fandom_id);
CREATE TABLE saved_searches (name TEXT PRIMARY KEY, query TEXT NOT NULL, made TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE story_words USING fts5vocab(story_index, row);
CREATE INDEX relationships_name ON relationships(name);
CREATE INDEX series_name ON series(name);
"""
"""`aliases` is what the gazetteer knows of the catalogue's fandoms, for a search to widen names by."""


def _joined(value: str, rows: str) -> str:
    """The values of a work in one cell, as CSV has them: a semicolon within a value is doubled."""
    return (
        "(SELECT group_concat(replace(v, ';', ';;'), '; ')"
        f" FROM (SELECT {value} AS v FROM {rows} AND t.work_id = w.id ORDER BY t.position))"
    )


def _tags(kind: str) -> str:
    return _joined("t.name", f"tags t WHERE t.kind = '{kind}'")


_CREDIT = "p.name || CASE t.role WHEN 'beta' THEN '' ELSE ' (' || t.role || ')' END"
_EVIDENCE = " UNION ALL ".join(
    f"""SELECT e.work_id, json_extract(j.value, '$[0]') AS field, json_extract(j.value, '$[1]') AS value,
  json_extract(j.value, '$[2]') AS start, json_extract(j.value, '$[3]') AS end,
  json_extract(j.value, '$[4]') AS rule, json_extract(j.value, '$[5]') AS confidence, {chosen} AS chosen
FROM extractions e, json_each(e.{column}) j"""
    for column, chosen in (("evidence", 1), ("rejected", 0))
)

VIEWS = f"""
CREATE VIEW catalog AS SELECT
  w.id AS work_id, w.title,
  {_joined("p.name", "authors t JOIN people p ON p.id = t.person_id WHERE 1")} AS authors,
  {_joined("f.title", "work_fandoms t JOIN fandoms f ON f.id = t.fandom_id WHERE 1")} AS fandoms,
  {_joined("t.name", "relationships t WHERE 1")} AS relationships,
  {_joined("c.name", "work_characters t JOIN characters c ON c.id = t.character_id WHERE 1")} AS characters,
  {_tags("tags")} AS additional_tags, w.rating, w.rating_level,
  {_tags("warnings")} AS warnings, {_tags("categories")} AS categories, w.language, w.words,
  w.chapters_published || '/' || coalesce(w.chapters_planned, '?') AS chapters, w.status, w.published, w.updated,
  {_joined("t.name || coalesce(' #' || t.place, '')", "series t WHERE 1")} AS series, w.summary, w.url,
  {_joined(_CREDIT, "credits t JOIN people p ON p.id = t.person_id WHERE 1")} AS betas, w.beta_status,
  {_joined("t.text", "notes t WHERE 1")} AS notes, w.disclaimer, w.usage,
  {_joined("t.kind || ': ' || t.text", "related t WHERE 1")} AS related,
  {_tags("collections")} AS collections, {_joined("t.name || ': ' || t.value", "stats t WHERE 1")} AS stats,
  w.kind, w.site_id, w.uri AS source, {_joined("t.uri", "sources t WHERE 1")} AS parts, w.first_seen, w.changed
FROM works w;
CREATE VIEW beta_credits AS SELECT
  p.name AS person, c.role, w.id AS work_id, w.title, w.published
FROM credits c JOIN people p ON p.id = c.person_id JOIN works w ON w.id = c.work_id;
CREATE VIEW cast_list AS SELECT
  c.name AS character, f.title AS fandom, t.stage, t.mentions, t.forms, w.id AS work_id, w.title
FROM work_characters t JOIN characters c ON c.id = t.character_id JOIN works w ON w.id = t.work_id
LEFT JOIN fandoms f ON f.id = c.fandom_id;
CREATE VIEW evidence AS {_EVIDENCE};
CREATE VIEW vanished AS SELECT work_id, uri, missing_since FROM sources WHERE missing_since IS NOT NULL;
"""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalogue, an empty file at first, to VERSION; goes on where a run that was killed left off."""
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("ficdex")

    @migrations()
    def m001_tables(db: Database) -> None:
        for statement in filter(str.strip, TABLES.split(";\n")):
            db.execute(statement)
        db.execute("INSERT INTO meta VALUES ('key', lower(hex(randomblob(16)))), ('seq', '0')")

    @migrations()
    def m002_usage(db: Database) -> None:
        db.execute("ALTER TABLE works ADD COLUMN usage TEXT")

    @migrations()
    def m003_editions(db: Database) -> None:
        for statement in filter(str.strip, EDITIONS.split(";\n")):
            db.execute(statement)

    @migrations()
    def m004_copies(db: Database) -> None:
        db.execute("CREATE INDEX files_sha256 ON files(sha256)")

    @migrations()
    def m005_search(db: Database) -> None:
        from .aliases import learn_all

        for statement in filter(str.strip, SEARCH.split(";\n")):
            db.execute(statement)
        learn_all(connection)

    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA journal_mode = WAL")
    migrations.apply(Database(connection))
    for (view,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        connection.execute(f"DROP VIEW {view}")  # views are made anew: what they show follows the newest tables
    for statement in filter(str.strip, VIEWS.split(";\n")):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
