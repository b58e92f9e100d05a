-- Milliseconds of this run, in claims before the last: what a deadline counts. Waiting is not in it.
ALTER TABLE jobs ADD COLUMN ran_ms INTEGER NOT NULL DEFAULT 0;

-- Which processes live, by the owner that their jobs name.
CREATE TABLE nodes (
  owner       TEXT PRIMARY KEY,
  lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
