import { isDeepStrictEqual } from 'node:util';
import type { Enforcer as Stock } from 'casbin';
import type { Enforcer } from '../../../src/policy/library.ts';
import type { Difference } from './difference.ts';
import { findListed } from './listed-differences.ts';
import { type Outcome, outcomeOf, outcomeOfPromise } from './outcome.ts';
import { count, type Tally } from './tally.ts';

type Request = readonly unknown[];
type Explained = readonly [boolean, readonly string[]];

/** Both sides and where it is counted. */
export interface Comparing {
  readonly stock: Stock;
  readonly ours: Enforcer;
  readonly tally: Tally;
}

/** Whether two outcomes are one, or are one of the listed differences; then that is counted. */
function agrees(
  { stock, tally }: Comparing,
  request: Request,
  theirs: Outcome<unknown>,
  ours: Outcome<unknown>,
): boolean {
  if (theirs.threw && ours.threw) return true;
  if (!theirs.threw) return !ours.threw && isDeepStrictEqual(ours.answer, theirs.answer);
  if (ours.threw) return true;
  const allowed = Array.isArray(ours.answer) ? (ours.answer as readonly unknown[])[0] : ours.answer;
  if (typeof allowed !== 'boolean') return false;
  const listed = findListed(stock, request, theirs.error, allowed);
  if (listed !== null) count(tally.listed, listed);
  return listed !== null;
}

/** The synchronous calls. Stock casbin decides and explains in one pass: it is asked once. */
export function compareSync(both: Comparing, request: Request): Difference | null {
  const { stock, ours, tally } = both;
  const theirs = outcomeOf((): Explained => stock.enforceExSync(...request));
  tally.decisions += 1;
  if (theirs.threw) tally.throws += 1;
  else if (theirs.answer[0]) tally.allows += 1;
  else tally.denies += 1;
  const answer: Outcome<boolean> = theirs.threw ? theirs : { threw: false, answer: theirs.answer[0] };
  const ourAnswer = outcomeOf(() => ours.enforceSync(...request));
  if (!agrees(both, request, answer, ourAnswer))
    return { call: 'enforceSync', request, theirs: answer, ours: ourAnswer };
  const explained = outcomeOf((): Explained => ours.enforceExSync(...request));
  if (theirs.threw && explained.threw === ourAnswer.threw) return null;
  return agrees(both, request, theirs, explained)
    ? null
    : { call: 'enforceExSync', request, theirs, ours: explained };
}

/** The asynchronous ones, and stock casbin's `enforceSync`, of which the above took the explained form. */
export async function compareAsync(both: Comparing, request: Request): Promise<Difference | null> {
  const { stock, ours } = both;
  const calls: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
    ['enforce', () => stock.enforce(...request), () => ours.enforce(...request)],
    ['enforceEx', () => stock.enforceEx(...request), () => ours.enforceEx(...request)],
    [
      'enforceSync',
      async () => Promise.resolve(stock.enforceSync(...request)),
      async () => Promise.resolve(ours.enforceSync(...request)),
    ],
  ];
  for (const [call, askStock, askOurs] of calls) {
    const theirs = await outcomeOfPromise(askStock);
    const answered = await outcomeOfPromise(askOurs);
    if (!agrees(both, request, theirs, answered)) return { call, request, theirs, ours: answered };
  }
  return null;
}

/** Several at once: the answers where stock casbin has them all. */
export async function compareBatch(
  { stock, ours }: Comparing,
  requests: readonly Request[],
): Promise<Difference | null> {
  const batch = requests.map((request) => [...request]);
  const theirs = await outcomeOfPromise(() => stock.batchEnforce(batch));
  if (theirs.threw) return null;
  const answered = await outcomeOfPromise(() => ours.batchEnforce(batch));
  return !answered.threw && isDeepStrictEqual(answered.answer, theirs.answer)
    ? null
    : { call: 'batchEnforce', request: requests, theirs, ours: answered };
}
