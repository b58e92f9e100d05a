-- Everything that the first version stores. Instants are INTEGER milliseconds since 1970 (UTC),
-- civil dates TEXT as YYYY-MM-DD. Each index costs page writes in every batch or submission, so
-- each says what for.

CREATE TABLE unidades (
  id   INTEGER PRIMARY KEY,
  nome TEXT NOT NULL
) STRICT;

CREATE TABLE usuarios (
  id        INTEGER PRIMARY KEY,
  nome      TEXT NOT NULL,
  sobrenome TEXT NOT NULL,
  email     TEXT NOT NULL
) STRICT;

-- tecnico_responsavel has no foreign key: users may be known to the old server only.
CREATE TABLE empresas (
  id                  INTEGER PRIMARY KEY,
  cnpj                TEXT UNIQUE,
  caepf               TEXT UNIQUE,
  razao_social        TEXT NOT NULL,
  nome_fantasia       TEXT NOT NULL,
  cidade              TEXT,
  telefone            TEXT,
  periodicidade       INTEGER,
  data_renovacao      TEXT,
  tecnico_responsavel INTEGER,
  unidade_responsavel INTEGER REFERENCES unidades (id),
  ativo               INTEGER NOT NULL CHECK (ativo IN (0, 1)),
  CHECK ((cnpj IS NULL) <> (caepf IS NULL))
) STRICT;

-- A unit's companies ascending, the active ones without a look at the table: each submission reads it.
CREATE INDEX empresas_da_unidade ON empresas (unidade_responsavel, id, ativo);

CREATE TABLE tarefas (
  id             INTEGER PRIMARY KEY,
  empresa_id     INTEGER NOT NULL REFERENCES empresas (id),
  finalidade_id  INTEGER NOT NULL,
  prioridade     TEXT    NOT NULL,
  status         TEXT    NOT NULL,
  prazo          TEXT    NOT NULL,
  setor_id       INTEGER NOT NULL,
  responsavel_id INTEGER,
  created_by     INTEGER NOT NULL,
  unidade_id     INTEGER,
  created_at     INTEGER NOT NULL
) STRICT;

-- What a company has already. Led by the unit (always its company's) because a job writes the
-- companies of one unit: led by the company, each of 150 touches another leaf, twice the time.
CREATE INDEX tarefas_no_lugar ON tarefas (unidade_id, empresa_id, prazo);

-- An event has the id of its task: no second key, no index to find one from the other.
CREATE TABLE agenda (
  id          INTEGER PRIMARY KEY REFERENCES tarefas (id) ON DELETE CASCADE,
  title       TEXT NOT NULL,
  description TEXT NOT NULL,
  color       TEXT NOT NULL,
  start_date  TEXT NOT NULL,
  end_date    TEXT NOT NULL,
  usuario_id  INTEGER
) STRICT;

-- A technician's agenda. Without the date: new events then go to the end of each technician's part.
CREATE INDEX agenda_do_tecnico ON agenda (usuario_id);

-- state: 0 pending, 1 running, 2 paused, 3 cancelling, 4 completed, 5 failed, 6 cancelled.
-- lease_until is for stores that several processes write. The row with the highest number is never
-- pruned, so that a number is never given twice.
CREATE TABLE jobs (
  no            INTEGER PRIMARY KEY,
  id            BLOB    NOT NULL UNIQUE,  -- how everybody outside names it
  kind          TEXT    NOT NULL,
  user_id       INTEGER NOT NULL,
  unidade_id    INTEGER,
  arguments     TEXT    NOT NULL,
  request       TEXT    NOT NULL,
  dedupe_key    TEXT    NOT NULL,
  state         INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
  run           INTEGER NOT NULL,
  fence         INTEGER NOT NULL,
  owner         TEXT,
  lease_until   INTEGER,
  priority      INTEGER NOT NULL,
  turn          INTEGER NOT NULL,
  not_before    INTEGER NOT NULL,
  total         INTEGER NOT NULL,
  done          INTEGER NOT NULL CHECK (done BETWEEN 0 AND total),
  created       INTEGER NOT NULL,
  failed        INTEGER NOT NULL CHECK (failed BETWEEN 0 AND done),
  skipped       INTEGER NOT NULL,
  done_at_claim INTEGER NOT NULL,
  crash_count   INTEGER NOT NULL,
  error         TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  started_at    INTEGER,
  claimed_at    INTEGER,
  advanced_at   INTEGER,
  completed_at  INTEGER
) STRICT;

-- The double click: one unfinished job a request, decided here.
CREATE UNIQUE INDEX jobs_equal ON jobs (dedupe_key) WHERE state <= 2;
-- Whose turn it is, what an earlier process left, how many are unfinished. Small: ended jobs leave it.
CREATE INDEX jobs_unfinished ON jobs (state, priority DESC, turn) WHERE state <= 3;
-- A user's jobs, newest first.
CREATE INDEX jobs_of_user ON jobs (user_id, no);

-- Ascending ids, as differences. A table of its own: counting updates do not rewrite it.
CREATE TABLE job_scopes (
  job_no INTEGER PRIMARY KEY,
  items  BLOB NOT NULL
) STRICT;

-- The ledger. A row is written as its item ends. state: 1 done, 2 failed, 3 skipped.
CREATE TABLE job_items (
  job_no   INTEGER NOT NULL,
  item     INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  created  INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  error    TEXT,
  run      INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (job_no, item)
) STRICT, WITHOUT ROWID;

-- Per user a sequence without gaps, in order of commit.
CREATE TABLE job_events (
  user_id INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  job_no  INTEGER NOT NULL,
  run     INTEGER NOT NULL,
  kind    INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;

-- Ids from 1,000,001 up; as with jobs the highest is never pruned.
CREATE TABLE notificacoes (
  id          INTEGER PRIMARY KEY CHECK (id > 1000000),
  user_id     INTEGER NOT NULL,
  type        TEXT    NOT NULL,
  title       TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  entity_type TEXT    NOT NULL,
  entity_id   INTEGER,
  job_no      INTEGER NOT NULL,
  job_id      BLOB    NOT NULL,
  run         INTEGER NOT NULL,
  processed   INTEGER NOT NULL,
  created     INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  read_at     INTEGER,
  pushed_at   INTEGER
) STRICT;

-- One a run, whatever crashes in between.
CREATE UNIQUE INDEX notificacoes_uma_por_run ON notificacoes (job_no, run);
-- A user's, newest first.
CREATE INDEX notificacoes_do_usuario ON notificacoes (user_id);

CREATE TABLE idempotency_keys (
  user_id     INTEGER NOT NULL,
  key         TEXT    NOT NULL,
  request     TEXT    NOT NULL,  -- the dedupe key of what was asked with it
  job_no      INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
