import { digestOf } from './parcels.ts';
import type { Time } from './samples.ts';
import type { Answer, Operation } from './side.ts';

/** An operation and how often it runs in a turn, so that a turn is long enough to be told from the clock's own noise. */
export interface Runner {
  readonly run: Operation;
  readonly repeats: number;
}

export interface Turn {
  readonly time: Time;
  readonly answer: Answer;
}

const turnMicroseconds = 4_000;
const mostRepeats = 400;

/** Runs an operation until it is warm and says how often it fits into a turn. Slow ones are run once. */
export async function warmUp(run: Operation, patienceMs: number): Promise<Runner> {
  let fastest = Infinity;
  const end = performance.now() + patienceMs;
  do fastest = Math.min(fastest, (await takeTurn({ run, repeats: 1 })).time.clock);
  while (performance.now() < end);
  const repeats = Math.round(turnMicroseconds / fastest);
  return { run, repeats: Math.max(1, Math.min(mostRepeats, repeats)) };
}

/** @throws where the answers of one turn differ. */
export async function takeTurn({ run, repeats }: Runner): Promise<Turn> {
  let answer: Answer | null = null;
  let digests = 0;
  const started = performance.now();
  const used = process.cpuUsage();
  for (let time = 0; time < repeats; time += 1) {
    const answering = run();
    answer = answering instanceof Promise ? await answering : answering;
    digests += digestOf(answer);
  }
  const { user, system } = process.cpuUsage(used);
  const clock = (performance.now() - started) * 1_000;
  if (answer === null || digests !== digestOf(answer) * repeats)
    throw new Error('An operation answers differently from one time to the next.');
  return { time: { processor: (user + system) / repeats, clock: clock / repeats }, answer };
}
