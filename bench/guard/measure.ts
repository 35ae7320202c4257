/** One process of the benchmark: measures every case and tells its parent. Arguments: rounds, and which peers. */
import { setImmediate as breathe } from 'node:timers/promises';
import { turnOrders } from '../turn-orders.ts';
import { cases, type Case } from './cases.ts';
import { takeTurn, warmUp, type Runner } from './clock-turns.ts';
import {
  buildBenchSchema,
  buildUnguardedSchema,
  declarationsOf,
  guardedSide,
  unguardedSide,
} from './guarded-side.ts';
import { checkAnswer } from './parcels.ts';
import { authzSide } from './peers/authz.ts';
import { casbinSide } from './peers/casbin.ts';
import { pothosSide } from './peers/pothos.ts';
import { shieldSide } from './peers/shield.ts';
import { openBenchPolicy } from './policy.ts';
import { turns, type Round, type Samples, type Time } from './samples.ts';
import type { Answer, Peer } from './side.ts';

process.on('disconnect', () => process.exit(1));
const pairs = Number(process.argv[2]);
const taking = process.argv[3];
const quick = pairs < 50;
const patienceMs = quick ? 0 : 300;

const schema = buildBenchSchema();
const policy = await openBenchPolicy(declarationsOf(schema));
const snapshot = policy.engine.current();
const unguarded = unguardedSide(buildUnguardedSchema());
const guarded = guardedSide(schema, snapshot);
const quickPeers = (): readonly Peer[] => [
  shieldSide(buildUnguardedSchema()),
  authzSide(buildUnguardedSchema()),
  pothosSide(),
];
const peers: readonly Peer[] = [
  ...(taking === 'none' ? [] : quickPeers()),
  ...(taking === 'all' ? [await casbinSide(buildUnguardedSchema(), policy.loaded)] : []),
];

interface Prepared {
  readonly name: string;
  readonly subject: Runner;
  readonly baseline: Runner;
  readonly peers: readonly {
    readonly name: string;
    readonly runner: Runner;
    readonly checked: boolean;
    readonly every: number;
    left: number;
  }[];
  readonly wanted: Answer;
  readonly rounds: Round[];
}

/** Every side is warm and has answered the same data, the slow ones excepted: theirs is looked at when it is timed. */
async function prepare({ name, rows, source, denied, against }: Case): Promise<Prepared> {
  const wanted = await unguarded.prepare(source)();
  const subject = guarded.prepare(source);
  const baseline = { unguarded, guarded }[against.side].prepare(against.source);
  checkAnswer('The guarded side', await subject(), wanted, denied);
  const beside = against.side === 'unguarded' ? peers.filter((peer) => roundsOf(peer, rows) > 0) : [];
  const prepared = [];
  for (const peer of beside) {
    const run = peer.prepare(source);
    const rounds = roundsOf(peer, rows);
    if (!peer.slow) checkAnswer(peer.name, await run(), wanted);
    const runner = peer.slow ? { run, repeats: 1 } : await warmUp(run, patienceMs);
    prepared.push({
      name: peer.name,
      runner,
      checked: !peer.slow,
      every: Math.max(1, Math.floor(pairs / rounds)),
      left: rounds,
    });
  }
  return {
    name,
    subject: await warmUp(subject, patienceMs),
    baseline: await warmUp(baseline, patienceMs),
    peers: prepared,
    wanted,
    rounds: [],
  };
}

const roundsOf = (peer: Peer, rows: number): number =>
  quick
    ? Math.min(1, peer.slow && rows > 1 ? 0 : peer.roundsFor(rows))
    : Math.min(pairs, peer.roundsFor(rows));

async function playRound(prepared: Prepared, round: number): Promise<void> {
  const { subject, baseline, peers, wanted, rounds } = prepared;
  const times: Record<string, Time> = {};
  // What a peer left behind is not to be paid for by whoever happens to come next.
  await takeTurn(baseline);
  for (const turn of turnOrders[round % turnOrders.length] ?? turnOrders[0])
    times[turns[turn]] = (await takeTurn(turn === 'subject' ? subject : baseline)).time;
  for (const peer of peers) {
    if (round % peer.every !== 0 || peer.left === 0) continue;
    peer.left -= 1;
    const { time, answer } = await takeTurn(peer.runner);
    if (!peer.checked) checkAnswer(peer.name, answer, wanted);
    times[peer.name] = time;
  }
  rounds.push(times);
  await breathe();
}

const prepared: Prepared[] = [];
for (const each of cases) prepared.push(await prepare(each));
for (let round = 0; round < pairs; round += 1) {
  // Documents alternate, too: another one begins each round.
  for (let turn = 0; turn < prepared.length; turn += 1) {
    const each = prepared[(round + turn) % prepared.length];
    if (each !== undefined) await playRound(each, round);
  }
}

const samples: Samples = {
  policy: {
    rules: snapshot.rows.rules.length,
    groups: snapshot.groups.length,
    permissions: snapshot.permissions.size,
    coordinates: snapshot.coverage.total,
  },
  rounds: Object.fromEntries(prepared.map(({ name, rounds }) => [name, rounds])),
};
await policy.close();
process.send?.(samples);
