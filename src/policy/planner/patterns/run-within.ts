import { readFileSync } from 'node:fs';
import { createContext, Script, type Context } from 'node:vm';

interface Cell {
  work: (() => unknown) | null;
}

const MOST_STALLS = 10;
const script = new Script('work()');
/** Made when it is first needed: many a policy needs none. */
let place: { readonly cell: Cell; readonly context: Context } | null = null;

/** The work took longer than it was given, and was ended. */
export class RanOver extends Error {
  override readonly name = 'RanOver';
}

/**
 * What `work` gives, if it is done within so many milliseconds. Also ends a regular expression that is being matched:
 * `vm` is the only way to that without another thread, and costs some 30 to 60 µs each time. Its clock also runs while
 * the machine gives the time to others; `work` is begun again when that was most of it.
 *
 * @throws {RanOver} when it is not done.
 * @throws what `work` throws.
 */
export function runWithin<Result>(milliseconds: number, work: () => Result): Result {
  for (let stalls = 0; ; stalls++) {
    // Once for nothing: what this thread has run is asked only where it matters.
    const before = stalls === 0 ? null : ranSoFar();
    try {
      return run(milliseconds, work);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const ran = before !== null && ranSoFar() - before > milliseconds * 0.8;
      if (ran || stalls === MOST_STALLS)
        throw new RanOver(`Not done within ${milliseconds} ms.`, { cause: error });
    }
  }
}

/** Milliseconds that this thread has had of a processor; where the system does not tell, all threads together. */
function ranSoFar(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
}

function run<Result>(milliseconds: number, work: () => Result): Result {
  place ??= makePlace();
  const { cell, context } = place;
  const outer = cell.work;
  cell.work = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as Result;
  } finally {
    cell.work = outer;
  }
}

function makePlace(): { readonly cell: Cell; readonly context: Context } {
  const cell: Cell = { work: null };
  return { cell, context: createContext(cell) };
}

/** By its code: in another context than Node's own it is no instance of that context's Error. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
