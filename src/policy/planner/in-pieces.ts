import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of a turn of the event loop that work in the background takes at most, give or take a piece. */
const patience = 8;

/** Drives work to its end without keeping the event loop: it goes on in another turn when it has taken its share of one. */
export async function inPieces<Result>(work: Generator<unknown, Result>): Promise<Result> {
  for (;;) {
    const begun = performance.now();
    while (performance.now() - begun < patience) {
      const step = work.next();
      if (step.done === true) return step.value;
    }
    await nextTurn();
  }
}
