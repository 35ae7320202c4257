import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createClient } from '../http/client.ts';
import { answerOf, ask, password, prepareSite, root, type Site } from '../system/start-portcullis.ts';

/** `pid` says which process answered, `hold` takes 700 ms, `mark` how often `started` was called is in a file. */
const config = (marks: string): string => `
import { appendFileSync } from 'node:fs';
import { defineModule, operator } from '${root}/dist/index.js';
const probes = defineModule({
  name: 'probes',
  typeDefs: 'type Query { pid: Int hold: Int }',
  resolvers: { Query: {
    pid: () => process.pid,
    hold: () => new Promise((resolve) => setTimeout(resolve, 700, process.pid)),
  } },
});
export default {
  modules: [probes],
  throttle: { perAccountAndNetwork: 6, perNetwork: 1_000, overall: 1_000 },
  async started({ accounts }) {
    appendFileSync('${marks}', process.pid + '\\n');
    // On a machine that is busy with other tests a hash may come too late once.
    const create = (account) => accounts.create(account, operator);
    const createSurely = (account) => create(account).catch(() => create(account));
    for (const [username, groups] of [['ann', []], ['ben', []], ['root', ['superusers']]])
      if ((await accounts.findByUsername(username)) === null)
        await createSurely({ username, password: '${password}', groups });
  },
};
`;

export interface Served {
  readonly supervisor: ChildProcess;
  readonly port: number;
  readonly metricsPort: number;
  readonly output: () => string;
  /** The workers that take requests: of each number, its newest process. */
  readonly workers: () => ReadonlyMap<number, number>;
  /** The process of the worker with this number; the signal goes to it. Returns its id. */
  readonly signal: (worker: number, signal: NodeJS.Signals) => number;
  /** Every worker that ever took requests. */
  readonly everReady: () => readonly number[];
  /** Its code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  client(): ReturnType<typeof createClient>;
  loggedIn(username: string): Promise<ReturnType<typeof createClient>>;
}

export interface WorkersSite extends Site {
  /** How often, and by which process, the configuration's `started` was called. */
  started(): Promise<readonly number[]>;
  /** What the processes find in their environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly configFile: string;
  serve(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Served>;
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';

/** A place for `portcullis serve`, built, on that housing. */
export async function prepareWorkers(housing: string): Promise<WorkersSite> {
  const site = await prepareSite(housing);
  const folder = dirname(site.policies);
  const marks = join(folder, 'started');
  const configFile = join(folder, 'portcullis.config.ts');
  await writeFile(configFile, config(marks));
  await writeFile(marks, '');
  await writeFile(
    join(site.policies, 'probes.csv'),
    'p, everyone, Query.pid, *, allow\np, everyone, Query.hold, *, allow\n',
  );
  const { databaseUrl, redisUrl, redisPrefix } = site.config;
  // What it knows of the prefix stands in the file: there is no variable for it.
  await writeFile(
    configFile,
    config(marks).replace('modules:', `redisPrefix: '${redisPrefix ?? ''}', modules:`),
  );
  const running = new Set<Served>();
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: databaseUrl ?? '',
    REDIS_URL: redisUrl ?? '',
    DATA_DIR: join(folder, 'data'),
    POLICY_DIR: site.policies,
    HOST: '127.0.0.1',
    PUBLIC_URL: 'http://localhost:4000',
  };
  return {
    ...site,
    env,
    configFile,
    started: async () => (await readFile(marks, 'utf8')).split('\n').filter(Boolean).map(Number),
    async serve(args = ['--workers', '2'], more = {}) {
      const [port, metricsPort] = [await freePort(), await freePort()];
      const supervisor = spawn(
        process.execPath,
        ['dist/cli/main.js', 'serve', '--config', configFile, ...args],
        {
          cwd: root,
          env: { ...env, PORT: String(port), METRICS_PORT: String(metricsPort), ...more },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      const served = await follow(supervisor, port, metricsPort);
      running.add(served);
      return served;
    },
    async remove() {
      for (const { supervisor, ended } of running) {
        supervisor.kill('SIGKILL');
        await ended;
      }
      await site.remove();
    },
  };
}

/** Resolves when it says that it is ready. */
async function follow(supervisor: ChildProcess, port: number, metricsPort: number): Promise<Served> {
  let output = '';
  const ended = once(supervisor, 'exit').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
  );
  await new Promise<void>((ready, fail) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      if (/rules cover \d+ of \d+ fields/.test(output)) ready();
    };
    supervisor.stdout?.on('data', take);
    supervisor.stderr?.on('data', take);
    void ended.then(() => {
      fail(new Error(`It ended: ${output}`));
    });
  });
  const readyLines = (): readonly { worker: number; pid: number }[] =>
    output
      .split('\n')
      // The last may not be whole yet.
      .slice(0, -1)
      .filter((line) => line.includes('"event":"worker.ready"'))
      .map((line) => JSON.parse(line) as { worker: number; pid: number });
  const client = () => createClient({ address: '127.0.0.1', family: 'IPv4', port });
  const workers = () => new Map(readyLines().map(({ worker, pid }) => [worker, pid]));
  // The log and the banner are written by different means: its last lines may come after it.
  const expected = Number(/Workers +(\d+) processes/.exec(output)?.[1] ?? 0);
  await until('what the log says of every worker', () => workers().size === expected);
  return {
    signal(worker, signal) {
      const pid = workers().get(worker);
      if (pid === undefined) throw new Error(`There is no worker ${worker}.`);
      process.kill(pid, signal);
      return pid;
    },
    supervisor,
    port,
    metricsPort,
    ended,
    output: () => output,
    workers,
    everReady: () => readyLines().map(({ pid }) => pid),
    client,
    async loggedIn(username) {
      const each = client();
      const { status, text } = await ask(each, LOGIN, { input: { username, password } });
      if (status !== 200 || text.includes('errors')) throw new Error(`${username} could not log in: ${text}`);
      return each;
    },
  };
}

/** Asks until every worker has answered; what each said of the field, by its process. */
export async function askAll(
  served: Served,
  client: ReturnType<typeof createClient>,
  query: string,
): Promise<readonly string[]> {
  const answers = new Map<number, string>();
  const wanted = [...served.workers().values()];
  // Connections are handed out in turn, and each request here is one: many more than two mean that one is left out.
  for (let turn = 0; turn < 40 && !wanted.every((pid) => answers.has(pid)); turn += 1) {
    const { data, codes } = await answerOf(client, query.replace('{', '{ pid '));
    const { pid, ...rest } = data ?? {};
    answers.set(Number(pid), JSON.stringify({ ...rest, codes }));
  }
  if (!wanted.every((pid) => answers.has(pid))) throw new Error('A worker answers nobody.');
  return [...answers.values()];
}

/** Waits until it holds; says what it waited for where it never does. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 30_000,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It never came: ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
