/**
 * For TypeORM's own command line: `npx tsx node_modules/typeorm/cli.js migration:show -d ormconfig.ts`.
 *
 * It works on the database at DATABASE_URL, or else on the embedded one of the server that runs on DATA_DIR (./data).
 * To migrate, prefer `portcullis migrate`, which takes a lock.
 */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from './src/core/errors.ts';
import { silentLog, type Log } from './src/core/log.ts';
import { Secret } from './src/core/secret.ts';
import { createDataSource, type Address } from './src/store/data-source.ts';
import { defaultDeadlines } from './src/store/deadlines.ts';
import { findOwner } from './src/store/embedded/directory-lock.ts';

async function addressFromEnvironment(): Promise<Address> {
  const url = process.env['DATABASE_URL'] ?? '';
  if (url !== '') return { kind: 'postgresql', url: new Secret(url) };
  const dataDir = process.env['DATA_DIR'] ?? 'data';
  const host = await realpath(join(dataDir, 'run')).catch(() => null);
  const port = host === null ? null : await findOwner(host);
  if (host === null || port === null) {
    throw new OperatorError(
      `There is no DATABASE_URL, and no server runs on the data directory ${dataDir}. Set DATABASE_URL or DATA_DIR, or start the server.`,
    );
  }
  return { kind: 'embedded', host, port };
}

const print = (_: object, message: string): void => void process.stdout.write(`${message}\n`);
const log: Log = { ...silentLog, debug: print, warn: print };

export default createDataSource({
  address: await addressFromEnvironment(),
  poolSize: 2,
  deadlines: { connect: defaultDeadlines.connect, query: defaultDeadlines.migrate },
  transactionMs: defaultDeadlines.migrate,
  log,
}).dataSource;
