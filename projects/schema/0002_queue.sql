-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 2: the queue, and notes on runs.

CREATE TABLE queue (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  place       INTEGER NOT NULL,
  name        TEXT NOT NULL CHECK (name <> ''),
  config      TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state <> ''),
  run         INTEGER REFERENCES run (id) ON DELETE SET NULL,
  message     TEXT NOT NULL DEFAULT '',
  added_at    TEXT NOT NULL,
  owner_pid   INTEGER,
  owner_token TEXT
) STRICT;
CREATE INDEX queue_by_run ON queue (run);

CREATE TRIGGER queue_config_is_immutable BEFORE UPDATE OF config ON queue
BEGIN
  SELECT RAISE(ABORT, 'the configuration of a queue entry cannot be changed');
END;

CREATE TABLE note (
  run  INTEGER NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  text TEXT NOT NULL CHECK (text <> ''),
  at   TEXT NOT NULL
) STRICT;
