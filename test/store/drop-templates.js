import process from 'node:process';
import pg from 'pg';

/** When all tests are over, no template of theirs stays in the server of DATABASE_URL. Under the lock of open-test-store.ts. */
export default async function dropTemplates() {
  const url = process.env['DATABASE_URL'] ?? '';
  if (url === '') return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(7072275)');
    const { rows } = await client.query(
      "SELECT datname FROM pg_database WHERE datname ~ '^portcullis_template_[0-9a-f]{12}(_draft)?$'",
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
