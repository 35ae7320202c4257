import { compareCase, type Open } from './compare-case.ts';
import { renderDifference } from './difference.ts';
import { drawCase } from './draw-case.ts';
import { shrinkCase } from './shrink.ts';
import { emptyTally, type Tally } from './tally.ts';

interface Run {
  readonly open: Open;
  readonly seed: number;
  /** How many decisions, at least. */
  readonly decisions: number;
  /** Which of the run's policies: the first number, and every how many. */
  readonly from?: number;
  readonly every?: number;
  /** How many differences are shrunk and told; the run ends there. */
  readonly reports?: number;
  readonly onProgress?: (tally: Tally) => void;
}

export interface Result {
  readonly tally: Tally;
  /** The differences, each as small as it gets. */
  readonly reports: readonly string[];
}

/** Draws policies and compares, until enough was decided or enough is known to differ. */
export async function compareMany({
  open,
  seed,
  decisions,
  from = 0,
  every = 1,
  reports: wanted = 3,
  onProgress,
}: Run): Promise<Result> {
  const tally = emptyTally();
  const reports: string[] = [];
  for (let number = from; tally.decisions < decisions && reports.length < wanted; number += every) {
    const asked = drawCase(seed, number);
    const difference = await compareCase(asked, open, tally);
    if (difference !== null) {
      tally.differences += 1;
      const [smallest, shown] = await shrinkCase(asked, open, difference);
      reports.push(renderDifference(smallest, shown, seed, number));
    }
    onProgress?.(tally);
  }
  return { tally, reports };
}
