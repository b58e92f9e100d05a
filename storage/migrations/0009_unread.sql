-- A user's unread notifications, to be counted without reading them.
CREATE INDEX notificacoes_por_ler ON notificacoes (user_id, read_at) WHERE read_at IS NULL;
