import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { StoreOptions } from '../../src/store/store-options.ts';
import { connectBeside } from './open-test-store.ts';

const connections = 10;

/**
 * Sends statements that carry a tag and must bring it back, in turn as simple, extended, many-row and transactional
 * ones, over ten connections at once. Counts the answers that are not the asker's own.
 */
export async function askTagged(
  options: StoreOptions,
  tag: string,
  count: number,
): Promise<{ asked: number; foreign: number }> {
  let asked = 0;
  let foreign = 0;
  const check = (expected: readonly string[], { rows }: pg.QueryResult<{ tag: string }>): void => {
    asked += 1;
    if (rows.length !== expected.length || rows.some((row, index) => row.tag !== expected[index]))
      foreign += 1;
  };
  const ask = async (client: pg.Client, turn: number): Promise<void> => {
    const own = `${tag}:${randomUUID()}`;
    if (turn % 8 === 0) {
      await client.query('BEGIN');
      check([own], await client.query('SELECT $1::text AS tag', [own]));
      await client.query('SELECT 1/(1 - $1::int)', [turn % 16 === 0 ? 1 : 0]).catch(() => undefined);
      await client.query('ROLLBACK');
    } else if (turn % 8 === 1) {
      check(
        [0, 1, 2].map((n) => `${own}${n}`),
        await client.query(`SELECT '${own}' || n AS tag FROM generate_series(0, 2) n`),
      );
    } else if (turn % 8 === 2) {
      check([own], await client.query(`SELECT '${own}' AS tag`));
    } else {
      check([own], await client.query('SELECT $1::text AS tag', [own]));
    }
  };
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await connectBeside(options);
      for (let turn = 0; turn < count / connections; turn += 1) await ask(client, turn);
      await client.end();
    }),
  );
  return { asked, foreign };
}
