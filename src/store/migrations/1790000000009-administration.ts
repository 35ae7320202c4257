import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Administration1790000000009 implements MigrationInterface {
  readonly name = 'Administration1790000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE administration (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        revision bigint NOT NULL CHECK (revision >= 0)
      )`);
    await runner.query(`INSERT INTO administration (revision) VALUES (0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE administration`);
  }
}
