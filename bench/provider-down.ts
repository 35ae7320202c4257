/**
 * What a provider that is down costs people who log in by password: the median of local logins while others keep pressing the
 * button of a provider that accepts connections and never answers, and of one that refuses them, against the median with nobody
 * there; one server, by turns. Run: npx tsx bench/provider-down.ts [turns]
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { operator } from '../src/accounts/actor.ts';
import { parseSettings } from '../src/config/load-config.ts';
import { silentLog as log } from '../src/core/log.ts';
import { openServer } from '../src/server.ts';

const turns = Number(process.argv[2] ?? 10);
const loginsPerTurn = 10;
/** People who press the button again as soon as they are told no. */
const waiting = 10;
const password = 'correct horse battery staple';

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const silent = createServer(() => undefined).listen(0, 'localhost');
await once(silent, 'listening');
const silentPort = (silent.address() as AddressInfo).port;

const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const provider = (name: string, port: number) => ({
  use: 'oidc',
  name,
  options: { issuer: `http://localhost:${port}`, clientId: 'bench', clientSecret: 'bench' },
});
const plenty = { perAccountAndNetwork: 1e9, perNetwork: 1e9, overall: 1e9 };
const settings = parseSettings(
  {
    port: 0,
    publicUrl: 'http://localhost:4000',
    dataDir,
    databaseUrl: (process.env['DATABASE_URL'] ?? '') === '' ? null : process.env['DATABASE_URL'],
    throttle: plenty,
    authenticators: [{ use: 'password' }, provider('silent', silentPort), provider('refusing', 9)],
  },
  process.cwd(),
);
const server = await openServer(settings, { log });
const { port } = await server.listen();
const origin = `http://localhost:${port}`;
const username = `bench-${process.pid}`;
const user = await server.accounts.create({ username, password }, operator);

const query = 'mutation ($input: LoginInput!) { login(input: $input) { viewer { subject } } }';

/** Milliseconds of one login by password. */
async function logIn(): Promise<number> {
  const began = performance.now();
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input: { username, password } } }),
  });
  if (!(await answer.text()).includes(`user:${username}`)) throw new Error('a local login failed');
  return performance.now() - began;
}

/** Presses the button as a browser does, and answers how long it took to be told no. */
async function press(name: string): Promise<number> {
  const page = await fetch(`${origin}/login`);
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const began = performance.now();
  const answer = await fetch(`${origin}/login/${name}`, {
    method: 'POST',
    headers: { cookie },
    body: new URLSearchParams({ _csrf: token }),
  });
  await answer.text();
  if (answer.status !== 503) throw new Error(`a provider that is down answered ${answer.status}`);
  return performance.now() - began;
}

const samples: Record<'idle' | 'silent' | 'refusing', number[]> = { idle: [], silent: [], refusing: [] };
const told: number[] = [];
try {
  await logIn();
  for (let turn = 0; turn < turns; turn += 1) {
    for (let each = 0; each < loginsPerTurn; each += 1) samples.idle.push(await logIn());
    for (const name of ['silent', 'refusing'] as const) {
      let going = true;
      const others = Array.from({ length: waiting }, async () => {
        while (going) {
          told.push(await press(name));
          await new Promise((next) => setTimeout(next, 500));
        }
      });
      await new Promise((next) => setTimeout(next, 200));
      for (let each = 0; each < loginsPerTurn; each += 1) samples[name].push(await logIn());
      going = false;
      await Promise.all(others);
    }
  }
} finally {
  await server.accounts.delete(user.id, operator);
  await server.close();
  silent.close();
  await rm(dataDir, { recursive: true, force: true });
}

const idle = median(samples.idle);
console.table(
  Object.entries(samples).map(([name, times]) => ({
    'the provider is': name === 'idle' ? 'asked by nobody' : name,
    'median ms of a local login': median(times).toFixed(1),
    ratio: (median(times) / idle).toFixed(2),
  })),
);
console.log(
  `${told.length} people were told that it does not answer, the last after ${Math.max(...told).toFixed(0)} ms`,
);
const folder = new URL('./results/', import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(
  new URL('provider-down.json', folder),
  `${JSON.stringify({ cores: cpus().length, node: process.version, turns, waiting, idle, samples, told }, null, 2)}\n`,
);
