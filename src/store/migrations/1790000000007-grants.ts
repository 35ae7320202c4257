import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Grants1790000000007 implements MigrationInterface {
  readonly name = 'Grants1790000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE grants (
        id uuid PRIMARY KEY,
        user_id uuid REFERENCES users ON DELETE CASCADE,
        group_name text COLLATE "C" REFERENCES groups ON DELETE CASCADE,
        permission text COLLATE "C" NOT NULL CHECK (char_length(permission) BETWEEN 1 AND 200),
        action text NOT NULL CHECK (action IN ('*', 'read', 'write', 'subscribe')),
        granted_by text NOT NULL,
        granted_at timestamptz NOT NULL,
        CHECK (num_nonnulls(user_id, group_name) = 1)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX grants_user ON grants (user_id, permission, action) WHERE user_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX grants_group ON grants (group_name, permission, action) WHERE group_name IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE grants`);
    // Servers keep a snapshot of their grants for as long as the epoch stays.
    await runner.query(`UPDATE policy_epoch SET value = value + 1`);
  }
}
