import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Groups1790000000002 implements MigrationInterface {
  readonly name = 'Groups1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE groups (
        name text COLLATE "C" PRIMARY KEY CHECK (name ~ '^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$'),
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE memberships (
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        group_name text COLLATE "C" NOT NULL REFERENCES groups ON DELETE CASCADE,
        added_by text NOT NULL,
        added_at timestamptz NOT NULL,
        PRIMARY KEY (user_id, group_name)
      )`);
    await runner.query(`CREATE INDEX memberships_group ON memberships (group_name, user_id)`);
    await runner.query(`
      CREATE TABLE group_nestings (
        id uuid PRIMARY KEY,
        member text COLLATE "C" NOT NULL REFERENCES groups ON DELETE CASCADE,
        group_name text COLLATE "C" NOT NULL REFERENCES groups ON DELETE CASCADE,
        added_by text NOT NULL,
        added_at timestamptz NOT NULL,
        UNIQUE (member, group_name),
        CHECK (member <> group_name)
      )`);
    await runner.query(`
      CREATE TABLE policy_epoch (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        value integer NOT NULL CHECK (value >= 0)
      )`);
    await runner.query(`INSERT INTO policy_epoch (value) VALUES (0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE policy_epoch, group_nestings, memberships, groups`);
  }
}
