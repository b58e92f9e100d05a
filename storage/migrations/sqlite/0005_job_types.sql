-- What requests bring along for the items of their jobs, some hundred items a row, in the encoding of
-- the job's type. Nothing is written here for a job that lists its items from what is stored.
CREATE TABLE job_payloads (
  job_no     INTEGER NOT NULL,
  first_item INTEGER NOT NULL,
  bytes      BLOB    NOT NULL,
  PRIMARY KEY (job_no, first_item)
) STRICT;
