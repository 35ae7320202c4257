import pg from 'pg';

/**
 * Waits until whoever listens there serves: an owner that has just started makes its database first.
 *
 * @returns `false` where it went away instead
 */
export async function awaitOwner(address: { host: string; port: number }, ms: number): Promise<boolean> {
  const client = new pg.Client({
    ...address,
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    options: '-c portcullis.lease=1000',
    connectionTimeoutMillis: ms,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
