import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Audit1790000000010 implements MigrationInterface {
  readonly name = 'Audit1790000000010';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign keys: a record outlives the account and the session that it tells of.
    await runner.query(`
      CREATE TABLE audit_records (
        id uuid PRIMARY KEY,
        happened_at timestamptz NOT NULL,
        event text COLLATE "C" NOT NULL,
        subject text COLLATE "C" NOT NULL,
        actor_id uuid,
        account_id uuid,
        authenticator text,
        session_id text,
        request_id text,
        address text,
        user_agent text,
        policy_version text,
        count integer NOT NULL,
        details jsonb NOT NULL
      )`);
    await runner.query(`CREATE INDEX audit_records_time ON audit_records (happened_at)`);
    await runner.query(`CREATE INDEX audit_records_event ON audit_records (event, id)`);
    await runner.query(`CREATE INDEX audit_records_subject ON audit_records (subject, id)`);
    await runner.query(
      `CREATE INDEX audit_records_actor ON audit_records (actor_id, id) WHERE actor_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX audit_records_account ON audit_records (account_id, id) WHERE account_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_records`);
  }
}
