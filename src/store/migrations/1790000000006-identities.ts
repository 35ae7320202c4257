import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Identities1790000000006 implements MigrationInterface {
  readonly name = 'Identities1790000000006';

  async up(runner: QueryRunner): Promise<void> {
    // "C": an issuer's subject is compared byte by byte (OIDC Core 1.0, section 2). Octets, so that both fit an index.
    await runner.query(`
      CREATE TABLE identities (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        authenticator text NOT NULL,
        issuer text COLLATE "C" NOT NULL CHECK (octet_length(issuer) BETWEEN 1 AND 500),
        subject text COLLATE "C" NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 255),
        label text NOT NULL CHECK (char_length(label) <= 200),
        linked_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        UNIQUE (issuer, subject)
      )`);
    await runner.query(`CREATE INDEX identities_user ON identities (user_id)`);
    // A membership stands once for each who gave it: an administrator (no identity), and the claims of each identity.
    // Servers of the version before insert with ON CONFLICT DO NOTHING and no target, so they go on as they did.
    await runner.query(
      `ALTER TABLE memberships ADD COLUMN identity_id uuid REFERENCES identities ON DELETE CASCADE`,
    );
    await runner.query(`ALTER TABLE memberships DROP CONSTRAINT memberships_pkey`);
    await runner.query(
      `CREATE UNIQUE INDEX memberships_given ON memberships (user_id, group_name) WHERE identity_id IS NULL`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX memberships_claimed ON memberships (identity_id, user_id, group_name) WHERE identity_id IS NOT NULL`,
    );
    // For the statement of every request, which asks of both kinds.
    await runner.query(`CREATE INDEX memberships_user ON memberships (user_id, group_name)`);
    // At most one address for each identity. It stays, as the account's own, when the identity goes.
    await runner.query(
      `ALTER TABLE email_addresses ADD COLUMN identity_id uuid UNIQUE REFERENCES identities ON DELETE SET NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // What claims gave goes with the claims: as an administrator's, nobody would ever take it away.
    await runner.query(`DELETE FROM memberships WHERE identity_id IS NOT NULL`);
    await runner.query(`DROP INDEX memberships_given, memberships_claimed, memberships_user`);
    await runner.query(`ALTER TABLE memberships DROP COLUMN identity_id`);
    await runner.query(`ALTER TABLE memberships ADD PRIMARY KEY (user_id, group_name)`);
    await runner.query(`ALTER TABLE email_addresses DROP COLUMN identity_id`);
    await runner.query(`DROP TABLE identities`);
  }
}
