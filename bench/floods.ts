/**
 * Bad input: a whole server, built, with 5,000 rules, is flooded with one kind of it after another, and people who are logged
 * in ask beside it. What counts is the delay of the server's event loop: p99 of at most 50 ms, whatever is sent.
 * Run: npx tsx bench/floods.ts [seconds]; fewer than 3 only show that it runs. DATABASE_URL and REDIS_URL say on what.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { askOnce, logIn, type Asker } from './floods/ask-once.ts';
import { floods } from './floods/kinds.ts';
import type { Answers, Work } from './floods/load.ts';
import type { Reading, Ready, Wish } from './floods/server.ts';

const seconds = Number(process.argv[2] ?? 5);
const bar = 50;
const fewestSeconds = 3;
const atOnce = 8;
const groupsOfOne = 7;

const stale = new URL('../test/build-when-stale.js', import.meta.url).href;
((await import(stale)) as { buildWhenStale: () => void }).buildWhenStale();
const start = (file: string): ChildProcess =>
  fork(new URL(file, import.meta.url), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
async function tell<Answer>(child: ChildProcess, message: Work | Wish): Promise<Answer> {
  child.send(message);
  const [answer] = (await once(child, 'message')) as [Answer];
  return answer;
}

const server = start('floods/server.ts');
const load = start('floods/load.ts');
const [{ port, usernames }] = (await once(server, 'message')) as [Ready];
const people: Asker[] = [];
for (const username of usernames) people.push(await logIn(port, username));
const [ordinary, ...others] = people;
if (ordinary === undefined) throw new Error('Nobody is logged in.');

/** The ordinary traffic: somebody asks every 20 ms. */
async function askBeside(isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!isOver()) {
    const begun = performance.now();
    const answer = await askOnce(
      ordinary!,
      '{ viewer { subject } users(first: 5) { edges { node { id username } } } }',
    );
    if (answer !== '200') throw new Error(`The ordinary traffic was answered ${answer}.`);
    times.push(performance.now() - begun);
    await wait(20);
  }
  return times;
}

const manyFields =
  '{ viewer { subject user { id username name email status createdAt groups { name } } } ' +
  'users(first: 1) { edges { cursor node { id username name email status createdAt groups { name } grants { edges { node { id } } } sessions { edges { node { id createdAt } } } } } } ' +
  'groups(first: 1) { edges { cursor node { name members(first: 1) { edges { node { id name } } } } } } }';

/** Everybody goes through all sets of seven groups, each time differing in one, and asks: always a set that nobody had. */
async function askCold(ms: number): Promise<Answers> {
  const end = performance.now() + ms;
  const answers: Record<string, number> = {};
  for (let turn = 1; performance.now() < end; turn += 1) {
    const changed = 31 - Math.clz32(turn & -turn);
    const is = ((turn ^ (turn >> 1)) >> changed) % 2 === 1;
    const members = others.map(({ username }, place) => ({
      username,
      group: place * groupsOfOne + (changed % groupsOfOne),
      is,
    }));
    await tell(server, { kind: 'members', members });
    for (const answer of await Promise.all(others.map((person) => askOnce(person, manyFields))))
      answers[answer] = (answers[answer] ?? 0) + 1;
  }
  return answers;
}

interface Row {
  readonly kind: string;
  readonly answers: Answers;
  readonly reading: Reading;
  readonly before: Reading;
  readonly times: readonly number[];
}

async function measure(kind: string, run: () => Promise<Answers>): Promise<Row> {
  const before = await tell<Reading>(server, { kind: 'read' });
  let over = false;
  const beside = askBeside(() => over);
  const answers = await run();
  over = true;
  const times = await beside;
  const reading = await tell<Reading>(server, { kind: 'read' });
  return { kind, answers, reading, before, times };
}

const ms = seconds * 1_000;
const none = async (): Promise<Answers> => (await wait(ms), {});
const rows: Row[] = [];
await measure('warming up', none);
rows.push(await measure('nothing but the ordinary traffic', none));
for (const kind of Object.keys(floods)) {
  const { cookie } = people[1] ?? ordinary;
  rows.push(await measure(kind, () => tell<Answers>(load, { port, cookie, kind, ms, atOnce })));
}
rows.push(await measure('permission sets that nobody had', () => askCold(ms)));

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;
const tidy = (value: number): number => Number(value.toFixed(value < 10 ? 1 : 0));
const countOf = (answers: Answers): number => Object.values(answers).reduce((sum, count) => sum + count, 0);
const table = rows.map(({ kind, answers, reading, before, times }) => ({
  flood: kind,
  answered: Object.entries(answers)
    .map(([answer, count]) => `${answer} × ${count}`)
    .join(', '),
  'processor ms each': tidy(reading.processor / (times.length + countOf(answers))),
  'p50 ms': tidy(reading.p50),
  'p99 ms': tidy(reading.p99),
  'max ms': tidy(reading.max),
  'others p50 ms': tidy(quantile(times, 0.5)),
  'others p99 ms': tidy(quantile(times, 0.99)),
  'heap MiB': `${Math.round(before.heap)} → ${Math.round(reading.heap)}`,
  'resident MiB': `${Math.round(before.resident)} → ${Math.round(reading.resident)}`,
}));
console.table(table);
load.kill();
server.send({ kind: 'stop' } satisfies Wish);
await once(server, 'exit');
const missed = rows.filter(({ reading }) => !(reading.p99 <= bar));
for (const { kind } of missed) console.log(`missed: ${kind}`);
await mkdir(new URL('results/', import.meta.url), { recursive: true });
await writeFile(
  new URL('results/floods.json', import.meta.url),
  `${JSON.stringify({ at: new Date().toISOString(), node: process.version, seconds, bar, table }, null, 2)}\n`,
);
if (missed.length > 0 && seconds >= fewestSeconds) process.exitCode = 1;
