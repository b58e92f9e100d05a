-- What others are to be told of jobs. Nothing here is written for a job that nobody is told of.

-- Whether a job has a row below.
ALTER TABLE jobs ADD COLUMN callbacks INTEGER NOT NULL DEFAULT 0;

-- URLs that a job's requests gave.
CREATE TABLE job_callbacks (
  job_no INTEGER NOT NULL,
  url    TEXT    NOT NULL,
  PRIMARY KEY (job_no, url)
) STRICT, WITHOUT ROWID;

-- One body for one URL, written with the event that it tells of.
-- state: 0 pending, 1 waiting behind an earlier one of its job and URL, 2 delivered, 3 dead.
CREATE TABLE webhook_deliveries (
  id          INTEGER PRIMARY KEY,
  job_no      INTEGER NOT NULL,
  run         INTEGER NOT NULL,
  kind        INTEGER NOT NULL,  -- as in job_events
  message     TEXT    NOT NULL,  -- webhook-id
  url         TEXT    NOT NULL,
  receiver    TEXT    NOT NULL,  -- scheme, host and port of the URL
  callback    INTEGER NOT NULL,  -- the job's own URL; 0: an operator's
  body        TEXT    NOT NULL,
  event_at    INTEGER NOT NULL,
  state       INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
  next_try_at INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  last_try_at INTEGER,
  last_status INTEGER NOT NULL DEFAULT 0,
  last_error  TEXT    NOT NULL DEFAULT ''
) STRICT;

-- What is due, receiver by receiver. Small: settled ones leave it.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (receiver, next_try_at) WHERE state = 0;
-- How many are left, and since when.
CREATE INDEX webhook_deliveries_unsettled ON webhook_deliveries (event_at) WHERE state <= 1;
-- A job's, in order.
CREATE INDEX webhook_deliveries_do_job ON webhook_deliveries (job_no);
