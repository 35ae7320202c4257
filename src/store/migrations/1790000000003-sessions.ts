import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Sessions1790000000003 implements MigrationInterface {
  readonly name = 'Sessions1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    // Room on each page, and no index on last_used_at, so that writing the last use touches no index.
    await runner.query(`
      CREATE TABLE sessions (
        id_hash bytea PRIMARY KEY CHECK (octet_length(id_hash) = 32),
        public_id text NOT NULL UNIQUE,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        authenticator text NOT NULL,
        amr text[] NOT NULL,
        aal smallint NOT NULL CHECK (aal BETWEEN 0 AND 3),
        auth_time timestamptz NOT NULL,
        session_epoch integer NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        address text,
        user_agent text,
        data jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(data) = 'object'),
        ended_at timestamptz
      ) WITH (fillfactor = 80)`);
    await runner.query(`CREATE INDEX sessions_user ON sessions (user_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE sessions`);
  }
}
