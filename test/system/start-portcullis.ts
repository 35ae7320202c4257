import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseSettings } from '../../src/config/load-config.ts';
import type { PortcullisConfig } from '../../src/config/settings.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import type { Log } from '../../src/core/log.ts';
import { silentLog } from '../../src/core/log.ts';
import { openServer, type Portcullis } from '../../src/server.ts';
import { createClient, type Client } from '../http/client.ts';
import { layEmbeddedDatabase } from '../store/embedded-template.ts';
import { createDatabase } from '../store/open-test-store.ts';

export const root = resolve(import.meta.dirname, '../..');
export const password = 'correct horse battery staple';

/** A folder of its own with a copy of the shipped policy, and an empty database. */
export interface Site {
  readonly policies: string;
  readonly config: PortcullisConfig;
  remove(): Promise<void>;
}

export async function prepareSite(housing: string, changes: PortcullisConfig = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-system-'));
  const policies = join(folder, 'policies');
  await cp(join(root, 'policies'), policies, { recursive: true });
  const dataDir = join(folder, 'data');
  const database = housing.startsWith('postgresql') ? await createDatabase() : null;
  if (database === null) await layEmbeddedDatabase(dataDir);
  return {
    policies,
    config: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'http://localhost:4000',
      dataDir,
      policyFolders: [policies],
      databaseUrl: database === null ? null : database.url.reveal(),
      redisUrl: housing.endsWith('redis') ? (process.env['REDIS_URL'] ?? '') : null,
      redisPrefix: `portcullis-test:${randomBytes(6).toString('hex')}:`,
      ...changes,
    },
    async remove() {
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface RunningServer extends Portcullis {
  readonly port: number;
  readonly metricsPort: number | null;
  readonly setupUrl: URL | null;
  client(): Client;
  /** A client that has logged in. */
  loggedIn(username: string): Promise<Client>;
}

/** The composition root itself, on a free port. */
export async function startPortcullis(
  site: Site,
  log: Log = silentLog,
  clock: Clock = systemClock,
): Promise<RunningServer> {
  const portcullis = await openServer(parseSettings(site.config, root), { log, clock });
  const { port, metricsPort, setupUrl } = await portcullis.listen();
  const client = () => createClient({ address: '127.0.0.1', family: 'IPv4', port });
  return {
    ...portcullis,
    port,
    metricsPort,
    setupUrl,
    client,
    async loggedIn(username) {
      const each = client();
      const { status, text } = await ask(each, LOGIN, { input: { username, password } });
      if (status !== 200 || text.includes('errors')) throw new Error(`${username} could not log in: ${text}`);
      return each;
    },
  };
}

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';

export const ask = (client: Client, query: string, variables: object = {}) =>
  client.json('/graphql', { query, variables });

/** The answer's data and the codes of its errors. */
export async function answerOf(client: Client, query: string, variables: object = {}) {
  const { text } = await ask(client, query, variables);
  const { data, errors = [] } = JSON.parse(text) as {
    data?: Record<string, unknown> | null;
    errors?: { extensions?: { code?: string } }[];
  };
  return { data: data ?? null, codes: errors.map(({ extensions }) => extensions?.code) };
}
