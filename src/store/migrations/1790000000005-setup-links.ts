import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SetupLinks1790000000005 implements MigrationInterface {
  readonly name = 'SetupLinks1790000000005';

  async up(runner: QueryRunner): Promise<void> {
    // One row at most: a new link replaces the old one, whoever issues it.
    await runner.query(`
      CREATE TABLE setup_links (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        digest bytea NOT NULL CHECK (octet_length(digest) = 32),
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE setup_links`);
  }
}
