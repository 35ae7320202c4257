import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UsedStates1790000000008 implements MigrationInterface {
  readonly name = 'UsedStates1790000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE used_states (
        digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
        expires_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX used_states_expiry ON used_states (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE used_states`);
  }
}
