import type { Clock } from './clock.ts';

/** Lets work that comes at once be done in several turns of the event loop, so that others come in between. */
export interface Turns {
  /**
   * `null` where work may begin at once, else what resolves when it may. Who waits goes in order, each once the one before
   * has stopped to wait for something.
   */
  take(): Promise<void> | null;
}

/** @param budget milliseconds after which no other work begins in the same turn of the event loop */
export function createTurns(clock: Pick<Clock, 'monotonic'>, budget = 10): Turns {
  const waiting: (() => void)[] = [];
  /** When the first work of this turn of the loop began; `null` where there was none yet. */
  let begun: number | null = null;
  let isWorking = false;

  function begin(): void {
    if (begun === null) {
      begun = clock.monotonic();
      setImmediate(() => (begun = null));
    }
    isWorking = true;
    // Comes when all is done that follows at once from what begins now.
    queueMicrotask(() => process.nextTick(goOn));
  }

  /** The first one is still of the turn whose time is used up. */
  const waitForTurn = (): void => void setImmediate(() => setImmediate(goOn));

  const hasTime = (): boolean => begun === null || clock.monotonic() - begun < budget;

  function goOn(): void {
    if (!hasTime()) {
      waitForTurn();
      return;
    }
    isWorking = false;
    const next = waiting.shift();
    if (next === undefined) return;
    next();
    begin();
  }

  return {
    take() {
      if (!isWorking && hasTime()) {
        begin();
        return null;
      }
      if (!isWorking) {
        isWorking = true;
        waitForTurn();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
