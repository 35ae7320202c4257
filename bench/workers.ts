/**
 * Two workers against one: how many `{ viewer { subject } }` are answered, cookie to answer. Everything runs on the same
 * cores: the workers, this load generator, the database. So beside what came out by the clock it counts whose processor time
 * it took, and says how many the workers alone could answer, were the others on machines of their own.
 * Run: npx tsx bench/workers.ts [rounds]; DATABASE_URL and REDIS_URL say on what. Linux only.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../test/store/open-test-store.ts';
import { load } from './workers-load.ts';
import { idleSeconds, processorSeconds } from './workers-processor.ts';
import { type Server, startServer, writeConfig } from './workers-server.ts';

const rounds = Number(process.argv[2] ?? 10);
/** Connections for each worker: one with fewer of them does less at a turn, and needs more time for a request. */
const [connections, roundMs, bar] = [16, 2_000, 1.8];
const query = '{ viewer { subject } }';
const [databaseUrl = '', redisUrl = ''] = [process.env['DATABASE_URL'], process.env['REDIS_URL']];
const housing = { database: databaseUrl === '' ? 'embedded' : 'postgresql', redis: redisUrl !== '' };
const cores = availableParallelism();
const services = ['postgres', 'redis-server'];

if (!existsSync('/proc/self/stat')) {
  console.log('Left out: processor time is read from /proc, which this system does not have.');
  process.exit();
}

/** What one round came to: milliseconds of processor time for each request, by whose it was. */
async function measure({ process: { pid = 0 }, port, cookie, workers }: Server) {
  const read = () => {
    const { tree, named } = processorSeconds(pid, services);
    const { user, system } = process.cpuUsage();
    return { server: tree, services: named, generator: (user + system) / 1e6, idle: idleSeconds() };
  };
  const before = read();
  const { answered, seconds } = await load(port, cookie, query, connections * workers, roundMs);
  const after = read();
  const each = (of: 'server' | 'services' | 'generator'): number =>
    ((after[of] - before[of]) * 1_000) / answered;
  const idle = (after.idle - before.idle) / seconds;
  return {
    rate: answered / seconds,
    server: each('server'),
    services: each('services'),
    generator: each('generator'),
    idle,
  };
}
type Round = Awaited<ReturnType<typeof measure>>;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const tidy = (value: number, digits = 3): number => Number(value.toFixed(digits));

const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const database = databaseUrl === '' ? null : await createDatabase();
const servers: Server[] = [];
try {
  await writeConfig(folder);
  const url = database?.url.reveal() ?? '';
  for (const [name, workers] of [
    ['one', 1],
    ['two', 2],
    ['one again', 1],
  ] as const)
    servers.push(await startServer(folder, name, workers, url));

  // The first ones are slower: nothing is compiled yet.
  for (const server of servers)
    for (let warm = 0; warm < Math.min(rounds, 3); warm += 1) await measure(server);
  const taken: Readonly<Record<string, Round>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sample: Record<string, Round> = {};
    // Each comes first as often as the others: what else the machine does comes and goes.
    for (const at of servers.keys()) {
      const server = servers[(at + round) % servers.length];
      if (server !== undefined) sample[server.name] = await measure(server);
    }
    taken.push(sample);
  }

  const read = (name: string, what: (round: Round) => number): number[] =>
    taken.flatMap(({ [name]: round }) => (round === undefined ? [] : [what(round)]));
  const ratio = (of: readonly number[], to: readonly number[]): number =>
    tidy(median(of.map((each, at) => each / (to[at] ?? NaN))));
  const ours = ({ server, services, generator }: Round): number => server + services + generator;
  const rows = servers.map(({ name, workers }) => {
    const middle = (what: (round: Round) => number, digits?: number): number =>
      tidy(median(read(name, what)), digits);
    return {
      server: name,
      'a second, by the clock': middle(({ rate }) => rate, 0),
      'server ms': middle(({ server }) => server),
      'database ms': middle(({ services }) => services),
      'generator ms': middle(({ generator }) => generator),
      'cores idle': middle(({ idle }) => idle, 2),
      'cores with others': middle((each) => cores - each.idle - (ours(each) * each.rate) / 1_000, 2),
      'a second, workers alone': middle(({ server }) => (workers * 1_000) / server, 0),
    };
  });
  console.table(rows);
  const rate = (name: string): number[] => read(name, (each) => each.rate);
  const cost = (name: string): number[] => read(name, ({ server }) => server);
  const result = {
    byTheClock: ratio(rate('two'), rate('one')),
    byTheClockAA: ratio(rate('one again'), rate('one')),
    accounted: tidy(2 * ratio(cost('one'), cost('two'))),
    accountedAA: ratio(cost('one'), cost('one again')),
    ceiling: Math.round((cores * 1_000) / median(read('two', ours))),
  };
  const { byTheClock, byTheClockAA, accounted, accountedAA, ceiling } = result;
  console.log(
    `By the clock ${byTheClock} x (A/A ${byTheClockAA}). The limit: workers, generator and database`,
  );
  console.log(`together use up ${cores} cores at ${ceiling} requests a second.`);
  console.log(
    `With a generator and a database on other machines ${accounted} x (A/A ${accountedAA}); the bar is ${bar} x.`,
  );
  console.log(
    'That is derived: what one worker needs of its core for a request, supervisor included, by what each of',
  );
  console.log(
    'two needs, times two. It leaves out waiting for the database, which the column of idle cores would show.',
  );
  if (Math.abs(accountedAA - 1) > 0.05)
    console.log('The A/A ratio is off: the machine did something else (cores with others). The run is void.');
  if (databaseUrl === '')
    console.log('The embedded database works inside the server: its time is in the server ms.');
  await mkdir(new URL('results/', import.meta.url), { recursive: true });
  await writeFile(
    new URL('results/workers.json', import.meta.url),
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, cores, ...housing, rounds, ...result, taken }, null, 2)}\n`,
  );
} finally {
  for (const { process: child } of servers) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
}
