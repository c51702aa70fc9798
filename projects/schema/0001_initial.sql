-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 1. What every column means stands in schema.md. Once released, a migration is never edited: add the next one.

CREATE TABLE project (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE asset (
  id    INTEGER PRIMARY KEY,
  kind  TEXT NOT NULL CHECK (kind <> ''),
  name  TEXT NOT NULL,
  path  TEXT NOT NULL CHECK (path <> ''),
  facts TEXT NOT NULL,
  UNIQUE (kind, path)
) STRICT;

CREATE TABLE run (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE,
  state       TEXT NOT NULL CHECK (state <> ''),
  created_at  TEXT NOT NULL,
  finished_at TEXT,
  total_steps INTEGER NOT NULL DEFAULT 0,
  started     TEXT NOT NULL DEFAULT 'null',
  message     TEXT NOT NULL DEFAULT '',
  owner_pid   INTEGER,
  owner_token TEXT
) STRICT;

CREATE TABLE config (
  run  INTEGER NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  json TEXT NOT NULL
) STRICT;

CREATE TRIGGER config_is_immutable BEFORE UPDATE ON config
BEGIN
  SELECT RAISE(ABORT, 'the configuration of a run cannot be changed');
END;

-- INSERT OR REPLACE would go round the trigger above.
CREATE TRIGGER config_is_written_once BEFORE INSERT ON config
WHEN EXISTS (SELECT 1 FROM config WHERE run = NEW.run)
BEGIN
  SELECT RAISE(ABORT, 'the configuration of a run cannot be changed');
END;

-- Key order (run, name, step): a curve lies together, and its last point is one look-up.
CREATE TABLE metric (
  run   INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  name  TEXT NOT NULL CHECK (name <> ''),
  step  INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (run, name, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE spectrum (
  run              INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  site             TEXT NOT NULL CHECK (site <> ''),
  step             INTEGER NOT NULL,
  singular_values  BLOB NOT NULL CHECK (length(singular_values) % 4 = 0),
  effective_rank   REAL,
  stable_rank      REAL,
  frobenius        REAL,
  magnitude_change REAL,
  direction_change REAL,
  energy_rank_90   INTEGER NOT NULL,
  energy_rank_95   INTEGER NOT NULL,
  energy_rank_99   INTEGER NOT NULL,
  PRIMARY KEY (run, site, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  id     INTEGER PRIMARY KEY,
  run    INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  step   INTEGER NOT NULL,
  type   TEXT NOT NULL CHECK (type <> ''),
  detail TEXT NOT NULL,
  at     TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_run ON event (run, id);

CREATE TABLE checkpoint (
  run    INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  step   INTEGER NOT NULL,
  path   TEXT NOT NULL CHECK (path <> ''),
  sha256 TEXT NOT NULL,
  bytes  INTEGER NOT NULL CHECK (bytes >= 0),
  at     TEXT NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifact (
  id             INTEGER PRIMARY KEY,
  run            INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  step           INTEGER NOT NULL,
  format         TEXT NOT NULL CHECK (format <> ''),
  path           TEXT NOT NULL CHECK (path <> ''),
  at             TEXT NOT NULL,
  bytes          INTEGER NOT NULL CHECK (bytes >= 0),
  max_difference REAL
) STRICT;
CREATE INDEX artifact_by_run ON artifact (run, id);
