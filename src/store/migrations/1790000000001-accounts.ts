import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1790000000001 implements MigrationInterface {
  readonly name = 'Accounts1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    // "C": names are compared and listed byte by byte, the same in every locale.
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        username text COLLATE "C" NOT NULL UNIQUE CHECK (char_length(username) BETWEEN 1 AND 64),
        name text NOT NULL CHECK (char_length(name) <= 200),
        status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
        attributes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'),
        session_epoch integer NOT NULL DEFAULT 0 CHECK (session_epoch >= 0),
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE passwords (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        hash text NOT NULL CHECK (hash LIKE '$%'),
        changed_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE email_addresses (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        address text NOT NULL CHECK (char_length(address) BETWEEN 3 AND 320),
        is_primary boolean NOT NULL,
        verified_at timestamptz,
        UNIQUE (user_id, address)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX email_addresses_one_primary ON email_addresses (user_id) WHERE is_primary`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE email_addresses, passwords, users`);
  }
}
