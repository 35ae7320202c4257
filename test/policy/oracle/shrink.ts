import { compareCase, type Open } from './compare-case.ts';
import type { Difference } from './difference.ts';
import type { PolicyCase } from './policy-case.ts';
import { emptyTally } from './tally.ts';

/** The list with parts taken out, halves first and then one by one, for as long as the rest still fails. */
async function shrinkList<T>(
  list: readonly T[],
  fails: (rest: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = list;
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length;) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (rest.length < kept.length && (await fails(rest))) kept = rest;
      else at += size;
    }
  }
  return kept;
}

/** The smallest case that still differs, and how: fewer requests, then fewer rows, until neither helps. */
export async function shrinkCase(
  asked: PolicyCase,
  open: Open,
  first: Difference,
): Promise<readonly [PolicyCase, Difference]> {
  let smallest = asked;
  let difference = first;
  const tries = async (candidate: PolicyCase): Promise<boolean> => {
    const found = await compareCase(candidate, open, emptyTally());
    if (found === null) return false;
    [smallest, difference] = [candidate, found];
    return true;
  };
  await tries({ ...smallest, files: 1 });
  await tries({ ...smallest, lineEnd: '\n' });
  for (let size = Infinity; sizeOf(smallest) < size;) {
    size = sizeOf(smallest);
    await shrinkList(smallest.requests, (requests) => tries({ ...smallest, requests }));
    await shrinkList(smallest.rows, (rows) => tries({ ...smallest, rows }));
  }
  return [smallest, difference];
}

const sizeOf = ({ rows, requests }: PolicyCase): number => rows.length + requests.length;
