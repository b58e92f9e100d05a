-- Who may sign in: users who have a password.

ALTER TABLE usuarios ADD COLUMN senha TEXT;          -- its Argon2id hash, as libsodium writes it
ALTER TABLE usuarios ADD COLUMN senha_desde INTEGER;
ALTER TABLE usuarios ADD COLUMN desativado_desde INTEGER;
ALTER TABLE usuarios ADD COLUMN admin INTEGER NOT NULL DEFAULT 0 CHECK (admin IN (0, 1));
ALTER TABLE usuarios ADD COLUMN cargo_id INTEGER;
ALTER TABLE usuarios ADD COLUMN cargo TEXT;

-- An address signs in one user. Others may share one, as those who were imported do.
CREATE UNIQUE INDEX usuarios_com_senha ON usuarios (lower(email)) WHERE senha IS NOT NULL;

CREATE TABLE usuarios_unidades (
  usuario_id INTEGER NOT NULL REFERENCES usuarios (id),
  unidade_id INTEGER NOT NULL REFERENCES unidades (id),
  PRIMARY KEY (usuario_id, unidade_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE usuarios_setores (
  usuario_id INTEGER NOT NULL REFERENCES usuarios (id),
  setor_id   INTEGER NOT NULL,
  nome       TEXT    NOT NULL,
  PRIMARY KEY (usuario_id, setor_id)
) STRICT, WITHOUT ROWID;
