import { chmod, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { OperatorError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { awaitOwner } from './await-owner.ts';
import { findOwner } from './directory-lock.ts';
import { shortPathTo } from './short-path.ts';
import type { WorkerInput, WorkerNews } from './worker.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Use the database of the process that has the directory open, if one has, instead of refusing; `only` that one. */
  readonly attach: boolean | 'only';
  readonly leaseMs: number;
  readonly log: Log;
}

/** Where `pg` finds the database: `host` is the socket's folder. */
export interface EmbeddedDatabase {
  readonly host: string;
  readonly port: number;
  /** Ends it, where this process started it. */
  readonly close: () => Promise<void>;
  /** Resolves where this process started it and it ended by itself: it can't be had back but by a restart. */
  readonly lost: Promise<void>;
}

const drainMs = 2_000;
const closeMs = 10_000;
/** The first start makes the database files. */
const bootMs = 30_000;

const heldBy = (dataDir: string): OperatorError =>
  new OperatorError(
    `Another process already uses the data directory ${dataDir}. Stop it first, or give this one a directory of its own with DATA_DIR.`,
  );

const unwritable = (dataDir: string, cause: unknown): OperatorError =>
  new OperatorError(
    `The data directory ${dataDir} can't be used: ${messageOf(cause)}. Give another one with DATA_DIR.`,
    cause,
  );

const unopened = (folder: string, cause: unknown): OperatorError =>
  new OperatorError(
    `The embedded database in ${folder} could not be opened: ${messageOf(cause)}. ` +
      'Restore the folder from a backup, or give another data directory with DATA_DIR.',
    cause,
  );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const silentOwner = (dataDir: string): OperatorError =>
  new OperatorError(
    `The process that uses the data directory ${dataDir} does not answer. Stop it, then try again.`,
  );

const unserved = (dataDir: string): OperatorError =>
  new OperatorError(`No server runs on the data directory ${dataDir}. Start it first, or name its DATA_DIR.`);

/** Sources run through tsx, which a worker thread does not inherit; a built worker runs as it is. */
function startWorker(input: WorkerInput): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./worker.js', import.meta.url), { workerData: input });
  // A jest module has no import.meta.resolve, and require finds the CommonJS half: its neighbour is meant.
  const found = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api'));
  const tsx = new URL('index.mjs', found).href;
  const entry = new URL('./worker.ts', import.meta.url).href;
  return new Worker(
    `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`,
    { eval: true, workerData: input, execArgv: [] },
  );
}

/** Starts the worker; resolves with its port, or `null` where another process took the directory first. */
async function own(
  input: WorkerInput,
  log: Log,
): Promise<Pick<EmbeddedDatabase, 'port' | 'close' | 'lost'> | null> {
  const worker = startWorker(input);
  let closing = false;
  const lost = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      if (!closing) resolve();
    });
  });
  const exited = new Promise<void>((done) => worker.once('exit', () => done()));
  const port = await new Promise<number | null>((done, fail) => {
    worker.on('message', (news: WorkerNews) => {
      switch (news.kind) {
        case 'ready':
          done(news.port);
          break;
        case 'held':
          done(null);
          break;
        case 'failed':
          fail(unopened(input.databaseFolder, news.error));
          break;
        case 'crashed':
          log.error(
            { event: 'database.crashed', err: news.error },
            'the embedded database crashed; restart the server',
          );
          break;
        case 'lease-ended':
          log.warn(
            { event: 'database.lease-ended', leaseMs: news.leaseMs },
            'a transaction kept the embedded database too long and was rolled back',
          );
          break;
      }
    });
    worker.once('error', (error) => {
      log.error(
        { event: 'database.crashed', err: error },
        'the embedded database crashed; restart the server',
      );
      fail(unopened(input.databaseFolder, error));
    });
    worker.once('exit', () => {
      if (!closing) log.error({ event: 'database.crashed' }, 'the embedded database has ended');
      fail(unopened(input.databaseFolder, new Error('it ended while it was being opened')));
    });
  });
  if (port === null) {
    closing = true;
    await exited;
    return null;
  }
  return {
    port,
    lost,
    async close() {
      closing = true;
      worker.postMessage('close');
      const late = new AbortController();
      await Promise.race([exited, sleep(closeMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      await worker.terminate();
    },
  };
}

/**
 * Opens the embedded database of a data directory, or with `attach` joins the process that has it. One process owns a
 * directory; PGlite itself does not lock it, and two writers lose nearly everything.
 */
export async function openEmbedded({
  dataDir,
  attach,
  leaseMs,
  log,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const directory = resolve(dataDir);
  const runFolder = join(directory, 'run');
  try {
    await mkdir(runFolder, { recursive: true, mode: 0o700 });
    await chmod(runFolder, 0o700);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
  const { folder, remove } = await shortPathTo(runFolder);
  const input: WorkerInput = {
    socketFolder: folder,
    databaseFolder: join(directory, 'database'),
    leaseMs,
    drainMs,
  };

  let tries = 3;
  try {
    for (;;) {
      const running = await findOwner(folder);
      if (running === null && attach === 'only') throw unserved(directory);
      if (running !== null && attach !== false) {
        if (await awaitOwner({ host: folder, port: running }, bootMs)) {
          return { host: folder, port: running, close: remove, lost: new Promise(() => undefined) };
        }
        tries -= 1;
        if (tries === 0) throw silentOwner(directory);
        continue;
      }
      const owned = running === null ? await own(input, log) : null;
      if (owned !== null) return { ...owned, host: folder, close: () => owned.close().finally(remove) };
      if (attach === false) throw heldBy(directory);
    }
  } catch (error) {
    await remove();
    throw error;
  }
}
