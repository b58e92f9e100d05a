-- The place of a job's first event in its user's sequence: its history begins there. Written with the
-- job's own row, so that no index on job_events is needed. 0: not known.
ALTER TABLE jobs ADD COLUMN first_event INTEGER NOT NULL DEFAULT 0;
