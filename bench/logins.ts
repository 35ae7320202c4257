/**
 * What the door costs on top of a hash: logins per second through everything, against the same hashing pool driven bare,
 * in one process, alternating. Run: npx tsx bench/logins.ts [rounds]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { operator } from '../src/accounts/actor.ts';
import { parsePassword } from '../src/accounts/password.ts';
import { createDoor } from '../src/authenticators/door.ts';
import { parseSettings } from '../src/config/load-config.ts';
import { PortcullisError } from '../src/core/errors.ts';
import { silentLog as log } from '../src/core/log.ts';
import { originWithoutRequest } from '../src/core/origin.ts';
import { openFoundation } from '../src/foundation.ts';
import { createLoginThrottle } from '../src/throttles/login-throttle.ts';
import { loginThrottleSettings } from '../src/throttles/settings.ts';

const rounds = Number(process.argv[2] ?? 10);
const perRound = 60;
const inFlight = 4;
const typed = 'correct horse battery';

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** On a machine that is busy with other things a hash may have to wait too long: it is asked for again. */
async function untilTaken(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof PortcullisError && error.code === 'BUSY')) throw error;
    }
  }
}

/** How many a second, with so many in flight. */
async function rateOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  let left = perRound;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await untilTaken(work);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (perRound / (performance.now() - start)) * 1_000;
}

const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
const url = process.env['DATABASE_URL'] ?? '';
const settings = parseSettings({ dataDir, databaseUrl: url === '' ? null : url }, process.cwd());
const foundation = await openFoundation(settings, { log, role: 'server' });
const { store, hasher, accounts, identities, audit, authenticators, clock } = foundation;
const door = createDoor({
  authenticators,
  identities,
  audit,
  usedStates: store.usedStates,
  throttle: createLoginThrottle({
    throttles: store.throttles,
    users: store.users,
    settings: loginThrottleSettings.parse({ perAccountAndNetwork: 1e9, perNetwork: 1e9, overall: 1e9 }),
    clock,
  }),
  users: store.users,
  clock,
  log,
});

try {
  const username = `bench-${process.pid}`;
  const user = await accounts.create({ username, password: typed }, operator);
  const stored = await store.users.passwordOf(user.id);
  const password = parsePassword(typed);
  if (stored === null || password === null) throw new Error('no password to verify');

  const bare = async (): Promise<void> => {
    if ((await hasher.verify(stored, password)) !== 'match') throw new Error('the password did not verify');
  };
  const login = async (): Promise<void> => {
    const result = await door.logIn({
      authenticator: null,
      credentials: { username, password: typed },
      client: {
        origin: { ...originWithoutRequest('anonymous'), address: '192.0.2.1' },
        begin: () => Promise.resolve({ publicId: 'bench' }),
      },
    });
    if (result.kind !== 'logged-in') throw result.error;
  };

  await rateOf(bare);
  await rateOf(login);
  const samples: { bare: number; again: number; door: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    samples.push({ bare: await rateOf(bare), door: await rateOf(login), again: await rateOf(bare) });
  }
  await accounts.delete(user.id, operator);

  const result = {
    when: new Date(clock.now()).toISOString(),
    store: store.kind,
    cores: cpus().length,
    node: process.version,
    rounds,
    perRound,
    inFlight,
    bare: median(samples.map((each) => each.bare)),
    door: median(samples.map((each) => each.door)),
    doorToBare: median(samples.map((each) => (2 * each.door) / (each.bare + each.again))),
    bareToBare: median(samples.map((each) => each.again / each.bare)),
  };
  console.table([
    { what: 'hashing pool, bare', 'per second': result.bare.toFixed(1), ratio: result.bareToBare.toFixed(3) },
    {
      what: 'login through the door',
      'per second': result.door.toFixed(1),
      ratio: result.doorToBare.toFixed(3),
    },
  ]);
  const folder = new URL('./results/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL('logins.json', folder), `${JSON.stringify({ ...result, samples }, null, 2)}\n`);
} finally {
  await foundation.close();
  await rm(dataDir, { recursive: true, force: true });
}
