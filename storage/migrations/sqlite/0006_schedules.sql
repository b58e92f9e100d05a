-- Requests for jobs in times to come.

CREATE TABLE schedules (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,  -- a key of idempotency_keys may name a gone one
  owner          INTEGER NOT NULL,
  owner_admin    INTEGER NOT NULL,  -- the owner's rights when it was made
  owner_units    TEXT    NOT NULL,
  kind           TEXT    NOT NULL,
  arguments      TEXT    NOT NULL,
  each_unit      INTEGER NOT NULL,
  cron           TEXT    NOT NULL,  -- empty: once
  zone           TEXT    NOT NULL,
  callback_url   TEXT    NOT NULL,
  created_at     INTEGER NOT NULL,
  next_due       INTEGER,  -- NULL: it has ended
  unit           INTEGER,  -- of next_due settled up to here
  last_due       INTEGER,
  jobs           INTEGER NOT NULL DEFAULT 0,  -- of last_due
  job_ids        BLOB    NOT NULL DEFAULT x'',
  refusal        TEXT,
  refusal_detail TEXT,
  refusal_unit   INTEGER,
  refused_at     INTEGER,
  ended_at       INTEGER
) STRICT;

-- What is due; whose it is without a look at the rows.
CREATE INDEX schedules_due ON schedules (next_due, owner) WHERE next_due IS NOT NULL;
CREATE INDEX schedules_do_usuario ON schedules (owner);
CREATE INDEX schedules_ended ON schedules (ended_at) WHERE ended_at IS NOT NULL;
