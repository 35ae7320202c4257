import { expect, test } from '@jest/globals';
import type { Log } from '../../src/core/log.ts';
import { silentLog } from '../../src/core/log.ts';
import type { WorkerPlace } from '../../src/core/worker-place.ts';
import { createCrew, type CrewNeeds } from '../../src/workers/crew.ts';
import type { News, Order, WorkerProcess } from '../../src/workers/messages.ts';

const opened = {
  setupUrl: 'http://localhost:4000/setup?token=x',
  policy: { version: 'v', rules: 1, covered: 1, total: 1 },
};

interface Fake extends WorkerProcess {
  readonly place: WorkerPlace;
  readonly orders: Order[];
  killed: boolean;
  say(news: News): void;
  end(code: number | null, signal?: NodeJS.Signals): void;
}

/** A crew whose processes do what the test says, and a clock that it moves. */
function setUp(changes: Partial<CrewNeeds> = {}) {
  const spawned: Fake[] = [];
  const told: string[] = [];
  const take = (fields: object): void => void told.push((fields as { event: string }).event);
  const log: Log = { ...silentLog, info: take, warn: take, error: take };
  const time = { now: 0 };
  const crew = createCrew({
    size: 3,
    spawn(place) {
      const news: ((news: News) => void)[] = [];
      const exits: ((code: number | null, signal: NodeJS.Signals | null) => void)[] = [];
      const fake: Fake = {
        place,
        pid: 100 + spawned.length,
        orders: [],
        killed: false,
        tell: (order) => void fake.orders.push(order),
        kill: () => (fake.killed = true),
        onNews: (listener) => void news.push(listener),
        onExit: (listener) => void exits.push(listener),
        say: (each) => news.forEach((listener) => listener(each)),
        end: (code, signal) => exits.forEach((listener) => listener(code, signal ?? null)),
      };
      spawned.push(fake);
      return fake;
    },
    exitCodes: { operator: 3, internal: 70 },
    pause: 20,
    clock: { monotonic: () => time.now },
    log,
    ...changes,
  });
  const ready = (at: number): void => spawned[at]?.say({ kind: 'ready', opened });
  return { crew, spawned, told, time, ready };
}

/** Three that are ready. */
async function setUpReady() {
  const all = setUp();
  const started = all.crew.start();
  for (const at of [0, 1, 2]) all.ready(at);
  await started;
  return all;
}

/** What a promise has come to by now. */
const soFar = <Value>(promise: Promise<Value>): Promise<Value | 'nothing yet'> =>
  Promise.race([promise, new Promise<'nothing yet'>((resolve) => setImmediate(resolve, 'nothing yet'))]);

test('the first starts alone, the others when it is ready, and all are ready when each is', async () => {
  const { crew, spawned, ready } = setUp();
  const started = crew.start();
  expect(spawned.map(({ place }) => place)).toEqual([{ worker: 1, replaces: false }]);
  ready(0);
  expect(spawned.map(({ place }) => place.worker)).toEqual([1, 2, 3]);
  ready(2);
  expect(await soFar(started)).toBe('nothing yet');
  ready(1);
  expect(await started).toEqual(opened);
});

test('what keeps the first one from starting ends everything with its code, and is not said twice', async () => {
  const { crew, spawned } = setUp();
  void crew.start();
  spawned[0]?.end(3);
  expect(await crew.failed).toEqual({ exitCode: 3, complaint: null });
  expect(spawned).toHaveLength(1);
});

test('a first one that is killed before it was ready starts anew, as the first: nobody has its link', async () => {
  const { crew, spawned, ready } = setUp({ size: 1 });
  const started = crew.start();
  spawned[0]?.end(null, 'SIGKILL');
  expect(spawned[1]?.place).toEqual({ worker: 1, replaces: false });
  ready(1);
  await started;
  spawned[1]?.end(null, 'SIGKILL');
  expect(spawned[2]?.place).toEqual({ worker: 1, replaces: true });
});

test('who dies is replaced, with its number', async () => {
  const { spawned, told } = await setUpReady();
  spawned[1]?.end(null, 'SIGSEGV');
  expect(spawned[3]?.place).toEqual({ worker: 2, replaces: true });
  spawned[3]?.end(0);
  expect(spawned[4]?.place.worker).toBe(2);
  expect(told.filter((event) => event === 'worker.died')).toHaveLength(2);
});

test('five deaths within a minute end it, four and one after that do not', async () => {
  const { crew, spawned, time } = await setUpReady();
  for (let death = 0; death < 4; death += 1) spawned.at(-1)?.end(1);
  time.now = 60_000;
  spawned.at(-1)?.end(1);
  expect(await soFar(crew.failed)).toBe('nothing yet');
  for (let death = 0; death < 4; death += 1) {
    time.now += 10_000;
    spawned.at(-1)?.end(1);
  }
  expect(await crew.failed).toMatchObject({
    exitCode: 70,
    complaint: expect.stringMatching(/^5 workers died within a minute/),
  });
});

test('one that was asked to leave is replaced and counts as no death, however many do', async () => {
  const { crew, spawned, told } = await setUpReady();
  for (let turn = 0; turn < 8; turn += 1) {
    spawned.at(-1)?.say({ kind: 'leaving' });
    spawned.at(-1)?.end(0);
  }
  expect(spawned).toHaveLength(11);
  expect(told).not.toContain('worker.died');
  expect(await soFar(crew.failed)).toBe('nothing yet');
});

test('one that finds something to mend when it takes a place is tried again after a pause, for as long as it takes', async () => {
  const { crew, spawned, told } = await setUpReady();
  spawned[2]?.end(null, 'SIGKILL');
  for (let turn = 3; turn < 10; turn += 1) {
    spawned[turn]?.end(3);
    expect(spawned).toHaveLength(turn + 1);
    await new Promise((next) => setTimeout(next, 60));
    expect(spawned).toHaveLength(turn + 2);
  }
  expect(told.filter((event) => event === 'worker.not-started')).toHaveLength(7);
  expect(await soFar(crew.failed)).toBe('nothing yet');
});

test('stopping tells each, replaces nobody, waits for the last, and says whether all ended well', async () => {
  const { crew, spawned } = await setUpReady();
  const stopped = crew.stop('SIGTERM');
  expect(spawned.map(({ orders }) => orders)).toEqual(
    Array.from({ length: 3 }, () => [{ kind: 'stop', signal: 'SIGTERM' }]),
  );
  spawned[0]?.end(0);
  spawned[1]?.end(1);
  expect(await soFar(stopped)).toBe('nothing yet');
  spawned[2]?.end(0);
  expect(await stopped).toBe(false);
  expect(spawned).toHaveLength(3);
});

test('stopping while a place is empty ends with those that there are', async () => {
  const { crew, spawned } = await setUpReady();
  spawned[2]?.end(null, 'SIGKILL');
  spawned[3]?.end(3);
  const stopped = crew.stop('SIGINT');
  for (const at of [0, 1]) spawned[at]?.end(0);
  expect(await stopped).toBe(true);
  await new Promise((next) => setTimeout(next, 60));
  expect(spawned).toHaveLength(4);
});

test('killing kills each that lives', async () => {
  const { crew, spawned } = await setUpReady();
  spawned[0]?.end(null, 'SIGKILL');
  crew.kill();
  expect(spawned.map(({ killed }) => killed)).toEqual([false, true, true, true]);
});
