/**
 * A whole request, cookie to answer, guarded, against stock Yoga in Koa, unguarded and anonymous. The servers are processes of
 * their own and so is the client; rounds alternate; the figure is the processor time that a server uses for a request, as it
 * counts it itself. Stock stands beside another stock (A/A): what that ratio is off 1, ours may be off too.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { askProcessorTime } from './requests-processor-time.ts';
import type { Work, Worked } from './requests-load.ts';
import type { Bar } from './requests-report.ts';

interface Server {
  readonly process: ChildProcess;
  readonly port: number;
  readonly username?: string;
}

const bar = '{ viewer { user { id name } } }';
const shortest = '{ viewer { subject kind } }';
/** Fewer than these rounds only show that it runs. */
const fewestRounds = 5;
const perRound = (rounds: number): number => (rounds < fewestRounds ? 100 : 1_000);
const atOnce = 8;

const [databaseUrl = '', redisUrl = ''] = [process.env['DATABASE_URL'], process.env['REDIS_URL']];
const housings = [
  { housing: 'embedded', env: { DATABASE_URL: '', REDIS_URL: '' }, least: null },
  ...(databaseUrl === ''
    ? []
    : [
        { housing: 'PostgreSQL', env: { DATABASE_URL: databaseUrl, REDIS_URL: '' }, least: 1.5 },
        ...(redisUrl === ''
          ? []
          : [{ housing: 'Redis', env: { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl }, least: 2.5 }]),
      ]),
];

async function start(file: string, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const child = fork(new URL(file, import.meta.url), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [said] = (await once(child, 'message')) as [{ port: number; username?: string }];
  return { process: child, ...said };
}

async function logIn({ port, username = '' }: Server): Promise<string> {
  const query = `mutation { login(input: { username: "${username}", password: "correct horse battery" }) { viewer { subject } } }`;
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const tidy = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** What is asked of which server, and what each round of it came to: microseconds for a request. */
interface Asked {
  readonly server: Server;
  readonly work: Work;
  readonly processor: number[];
  readonly elapsed: number[];
}

async function runRound(client: ChildProcess, { server, work, processor, elapsed }: Asked): Promise<void> {
  const before = await askProcessorTime(server.process);
  client.send(work);
  const [worked] = (await once(client, 'message')) as [Worked];
  processor.push(((await askProcessorTime(server.process)) - before) / work.count);
  elapsed.push((worked.elapsed * 1_000) / work.count);
}

async function measure(rounds: number, { housing, env, least }: (typeof housings)[number]): Promise<Bar[]> {
  const ours = await start('requests-server.ts', { ...env, BENCH_PEOPLE: '1' });
  const [stock, otherStock] = [await start('requests-stock.ts'), await start('requests-stock.ts')];
  const floor = await start('requests-floor.ts');
  const client = fork(new URL('requests-load.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  // It has said what was answered wrongly.
  client.once('exit', (code) => {
    if (code !== null && code !== 0) process.exit(1);
  });
  const cookie = await logIn(ours);
  const ask = (server: Server, query: string | null, more: Partial<Work> = {}): Asked => ({
    server,
    work: {
      port: server.port,
      cookie: server === ours ? cookie : '',
      path: '/graphql',
      body: query === null ? null : JSON.stringify({ query }),
      status: 200,
      count: perRound(rounds),
      atOnce,
      ...more,
    },
    processor: [],
    elapsed: [],
  });
  const parts = [ask(ours, null, { path: '/healthz' }), ask(ours, null, { body: '{', status: 400 })] as const;
  const documents = [bar, shortest].map((query) => ({
    query,
    asked: [ask(ours, query), ask(stock, query), ask(otherStock, query)] as const,
  }));
  const nothing = ask(floor, bar);
  const all = [nothing, ...parts, ...documents.flatMap(({ asked }) => asked)];
  // The first ones are slower: nothing is compiled yet, and what is compiled is compiled better later.
  for (let time = 0; time < Math.min(rounds, 6); time += 1)
    for (const each of all) await runRound(client, each);
  for (const { processor, elapsed } of all) processor.length = elapsed.length = 0;
  for (let round = 0; round < rounds; round += 1)
    for (const each of round % 2 === 0 ? all : [...all].reverse()) await runRound(client, each);
  client.kill();
  ours.process.send('stop');
  await once(ours.process, 'exit');
  for (const server of [stock, otherStock, floor]) server.process.kill();

  const [before = NaN, session = NaN] = parts.map(({ processor }) => median(processor));
  return documents.map(({ query, asked: [mine, theirs, others] }): Bar => {
    const [a, b, c] = [median(mine.processor), median(theirs.processor), median(others.processor)];
    const stockTime = (b + c) / 2;
    const ratios = mine.processor.map(
      (used, round) => ((theirs.processor[round] ?? NaN) + (others.processor[round] ?? NaN)) / 2 / used,
    );
    const toOther = theirs.processor.map((used, round) => used / (others.processor[round] ?? NaN));
    return {
      housing,
      request: query,
      ours: tidy(a, 0),
      stock: tidy(stockTime, 0),
      ratio: tidy(median(ratios)),
      stockToStock: tidy(median(toOther)),
      oursPerSecond: Math.round(1e6 / median(mine.elapsed)),
      floor: tidy(median(nothing.processor), 0),
      stockPerSecond: Math.round(1e6 / median(theirs.elapsed)),
      least: query === bar ? least : null,
      parts: [tidy(before, 0), tidy(session - before, 0), tidy(a - session, 0)],
    };
  });
}

/** Every housing that the environment has. */
export async function measureBars(rounds: number): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  for (const housing of housings) bars.push(...(await measure(rounds, housing)));
  return bars;
}
