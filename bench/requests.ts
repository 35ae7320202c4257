/**
 * What a request costs a whole server: its processor time for each, as it tells itself in its metrics, and the time that a
 * client waits, one at a time and eight at a time. Processor time is what tells how many a machine can take, and what other
 * work on it disturbs least. Run: npx tsx bench/requests.ts [rounds]; DATABASE_URL and REDIS_URL say on what.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { measureBars } from './requests-bar.ts';
import { printBars } from './requests-report.ts';
import { parseMetrics, sumOf } from '../test/telemetry/read-metrics.ts';

const perRound = 200;
const rounds = Number(process.argv[2] ?? 10);

const stale = new URL('../test/build-when-stale.js', import.meta.url).href;
((await import(stale)) as { buildWhenStale: () => void }).buildWhenStale();
const child = fork(new URL('requests-server.ts', import.meta.url), {
  execArgv: ['--import', 'tsx'],
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const [{ port, metricsPort, username, kept }] = (await once(child, 'message')) as [
  { port: number; metricsPort: number; username: string; kept: string },
];
const agent = new Agent({ keepAlive: true });
let cookie = '';

const send = (path: string, query?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { cookie, ...(query === undefined ? {} : { 'content-type': 'application/json' }) };
    const outgoing = request(
      { host: '127.0.0.1', port, agent, path, method: query === undefined ? 'GET' : 'POST', headers },
      (incoming) => {
        const [begun] = incoming.headers['set-cookie'] ?? [];
        let text = '';
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        incoming.on('end', () => {
          if (query?.startsWith('mutation') === true) cookie = begun?.split(';')[0] ?? '';
          if (incoming.statusCode === 200 && !text.includes('"errors"')) resolve(text);
          else reject(new Error(`${path} answered ${incoming.statusCode ?? 0}: ${text}`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(query === undefined ? undefined : JSON.stringify({ query }));
  });

/** Seconds of processor time that the server has used since its start, and its memory in bytes. */
async function readProcess(): Promise<{ cpu: number; memory: number }> {
  const samples = parseMetrics(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text());
  return {
    cpu: sumOf(samples, 'process_cpu_seconds_total'),
    memory: sumOf(samples, 'process_resident_memory_bytes'),
  };
}

const asked: Readonly<Record<string, () => Promise<string>>> = {
  '/healthz': () => send('/healthz'),
  'the login page': () => send('/login'),
  '{ viewer { subject } }': () => send('/graphql', '{ viewer { subject } }'),
  '20 users × 4 fields': () =>
    send('/graphql', '{ users(first: 20) { edges { node { id username name createdAt } } } }'),
};

async function run(ask: () => Promise<string>, atOnce: number): Promise<number[]> {
  const times: number[] = [];
  let left = perRound;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return times;
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;
const tidy = (value: number): number => Number(value.toFixed(2));

const login = `mutation { login(input: { username: "${username}", password: "correct horse battery" }) { viewer { subject } } }`;
await send('/graphql', login);
const results = [];
for (const [name, ask] of Object.entries(asked)) {
  // The first ones are slower: nothing is compiled yet.
  for (let round = 0; round < Math.min(rounds, 5); round += 1) await run(ask, 8);
  const alone: number[] = [];
  const together: number[] = [];
  const perRequest: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(...(await run(ask, 1)));
    const before = await readProcess();
    together.push(...(await run(ask, 8)));
    perRequest.push((((await readProcess()).cpu - before.cpu) * 1_000) / perRound);
  }
  results.push({
    request: name,
    'processor ms': tidy(quantile(perRequest, 0.5)),
    'a second and core': Math.round(1_000 / quantile(perRequest, 0.5)),
    'alone p50 ms': tidy(quantile(alone, 0.5)),
    'alone p99 ms': tidy(quantile(alone, 0.99)),
    '8 at once p50 ms': tidy(quantile(together, 0.5)),
    '8 at once p99 ms': tidy(quantile(together, 0.99)),
  });
}
const { memory } = await readProcess();
console.table(results);
console.log(`sessions in ${kept}, ${Math.round(memory / 1e6)} MB resident`);
agent.destroy();
child.send('stop');
await once(child, 'exit');

const bars = await measureBars(rounds);
printBars(bars);
await mkdir(new URL('results/', import.meta.url), { recursive: true });
await writeFile(
  new URL('results/requests.json', import.meta.url),
  `${JSON.stringify({ at: new Date().toISOString(), node: process.version, kept, memory, results, bars }, null, 2)}\n`,
);
