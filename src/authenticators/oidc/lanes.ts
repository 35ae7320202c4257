import { ProviderUnreachable } from './faults.ts';

/** Runs the work when it is its turn. Rejects with ProviderUnreachable where the signal comes first. */
export type Lanes = <Result>(signal: AbortSignal, work: () => Promise<Result>) => Promise<Result>;

/** At most so many at once; whoever comes then waits, first come, first served. */
export function createLanes(most: number): Lanes {
  let running = 0;
  const waiting = new Set<() => void>();

  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) running -= 1;
    else next();
  };

  const enter = (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return Promise.reject(neverItsTurn());
    if (running < most) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        waiting.delete(take);
        reject(neverItsTurn());
      };
      const take = (): void => {
        waiting.delete(take);
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      waiting.add(take);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  };

  return async (signal, work) => {
    await enter(signal);
    try {
      return await work();
    } finally {
      leave();
    }
  };
}

const neverItsTurn = (): Error => new ProviderUnreachable('too many requests at once: no answer in time');
