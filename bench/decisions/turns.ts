import { setImmediate as breathe } from 'node:timers/promises';
import { median } from '../quantiles.ts';
import { turnOrders } from '../turn-orders.ts';
import type { Comparison } from './samples.ts';

/** Something that answers the same requests each time it is run. */
export interface Side {
  readonly decisions: number;
  /** What its answers must sum up to. */
  readonly sum: number;
  readonly run: () => number | Promise<number>;
}

interface Runner {
  readonly side: Side;
  readonly repeats: number;
}

/** Nanoseconds for one decision. */
interface Time {
  readonly processor: number;
  readonly clock: number;
}

export interface Patience {
  readonly pairs: number;
  /** How long a side runs before it counts. */
  readonly warmMs: number;
  /** After so long the pairs that there are must do. */
  readonly mostMs: number;
}

const turnMs = 8;
const fewestPairs = 5;

/** A quick run shows that it runs. */
export const patienceFor = (pairs: number): Patience => {
  const quick = pairs < 50;
  return { pairs, warmMs: quick ? 20 : 400, mostMs: quick ? 1_500 : 120_000 };
};

/** Our side and another take turns; the other runs twice in each round. */
export async function compare(ours: Side, against: Side, patience: Patience): Promise<Comparison> {
  const subject = await warmUp(ours, patience.warmMs);
  const baseline = await warmUp(against, patience.warmMs);
  return await alternate(() => subject, baseline, patience);
}

/** @param next Our side of each round: what is asked for the first time is another one each time. */
export async function compareFresh(next: () => Side, against: Side, patience: Patience): Promise<Comparison> {
  const baseline = await warmUp(against, patience.warmMs);
  return await alternate(() => ({ side: next(), repeats: 1 }), baseline, patience);
}

async function alternate(
  subject: () => Runner,
  baseline: Runner,
  { pairs, mostMs }: Patience,
): Promise<Comparison> {
  const rounds: Record<'subject' | 'baseline' | 'again', Time>[] = [];
  let checksum = 0;
  const end = performance.now() + mostMs;
  for (let round = 0; round < pairs; round += 1) {
    if (round >= fewestPairs && performance.now() > end) break;
    const sides = { subject: subject(), baseline, again: baseline };
    const nothing: Time = { processor: NaN, clock: NaN };
    const times = { subject: nothing, baseline: nothing, again: nothing };
    for (const turn of turnOrders[round % turnOrders.length] ?? turnOrders[0]) {
      times[turn] = await takeTurn(sides[turn]);
      checksum += sides[turn].side.sum * sides[turn].repeats;
    }
    rounds.push(times);
    await breathe();
  }
  return {
    ours: median(rounds.map((times) => times.subject.processor)),
    against: median(rounds.flatMap((times) => [times.baseline.processor, times.again.processor])),
    ratio: median(rounds.map((times) => times.subject.processor / times.baseline.processor)),
    byClock: median(rounds.map((times) => times.subject.clock / times.baseline.clock)),
    again: median(rounds.map((times) => times.again.processor / times.baseline.processor)),
    pairs: rounds.length,
    checksum,
  };
}

async function warmUp(side: Side, patienceMs: number): Promise<Runner> {
  let fastest = Infinity;
  const end = performance.now() + patienceMs;
  do {
    const { clock } = await takeTurn({ side, repeats: 1 });
    fastest = Math.min(fastest, (clock * side.decisions) / 1e6);
  } while (performance.now() < end);
  return { side, repeats: Math.max(1, Math.round(turnMs / fastest)) };
}

/** @throws where the answers are not those that they must be. */
async function takeTurn({ side, repeats }: Runner): Promise<Time> {
  const { run, sum, decisions } = side;
  let total = 0;
  const used = process.cpuUsage();
  const started = performance.now();
  for (let time = 0; time < repeats; time += 1) {
    const answering = run();
    total += answering instanceof Promise ? await answering : answering;
  }
  const clock = (performance.now() - started) * 1e6;
  const { user, system } = process.cpuUsage(used);
  if (total !== sum * repeats)
    throw new Error(`Answers sum up to ${total / repeats}, and not to ${sum}, of ${decisions}.`);
  const all = decisions * repeats;
  return { processor: ((user + system) * 1_000) / all, clock: clock / all };
}

/** What a side takes alone: the median of as many turns as there would be pairs. */
export async function timeAlone(side: Side, { pairs, warmMs }: Patience): Promise<number> {
  const runner = await warmUp(side, warmMs);
  const times: number[] = [];
  for (let turn = 0; turn < pairs; turn += 1) times.push((await takeTurn(runner)).processor);
  return median(times);
}
