-- What pruning needs. Nothing here is written when a job runs: only with a key, and when a user
-- reads a notification.

-- Jobs that are gone while other rows of theirs are left: a job vanishes in one transaction, its
-- ledger and events in as many small ones as they take.
CREATE TABLE pruned_jobs (
  no      INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL
) STRICT;

-- Keys by age, as numbers ascend with it: the oldest are found without an index of their times.
CREATE TABLE keys_by_age (
  no          INTEGER PRIMARY KEY,
  user_id     INTEGER NOT NULL,
  key         TEXT    NOT NULL,
  request     TEXT    NOT NULL,  -- the dedupe key of what was asked with it
  job_no      INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  UNIQUE (user_id, key)
) STRICT;
INSERT INTO keys_by_age (user_id, key, request, job_no, created_at)
  SELECT user_id, key, request, job_no, created_at FROM idempotency_keys ORDER BY created_at;
DROP TABLE idempotency_keys;
ALTER TABLE keys_by_age RENAME TO idempotency_keys;

-- Whether a job is still named by a key. Job numbers ascend, so new ones go to the end.
CREATE INDEX idempotency_keys_do_job ON idempotency_keys (job_no);

-- Those that were read, oldest first.
CREATE INDEX notificacoes_lidas ON notificacoes (read_at) WHERE read_at IS NOT NULL;
