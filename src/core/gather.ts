import DataLoader from 'dataloader';

export interface GatherLimits {
  /** The most that one question asks for. */
  readonly most: number;
  /** Questions that may be on their way before the next one waits. */
  readonly atOnce: number;
  /** Milliseconds that a question waits for another's answer: one that hangs must not hold up the rest. */
  readonly patience: number;
}

export const defaultGatherLimits: GatherLimits = { most: 100, atOnce: 2, patience: 50 };

/**
 * One question for all who ask in the same turn of the event loop, and for those who come while enough questions are on
 * their way. Nothing is remembered: a question is put together after the last of them has asked, so each answer is as
 * new as one that was asked for alone. A question that fails, fails for all whom it was for.
 *
 * @param ask answers as many values as it is given keys, in their order
 */
export function gather<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<readonly Value[]>,
  { most, atOnce, patience }: GatherLimits = defaultGatherLimits,
): (key: Key) => Promise<Value> {
  let asking = 0;
  const waiting = new Set<() => void>();

  const send = (question: () => void): void => {
    if (asking < atOnce) {
      question();
      return;
    }
    const go = (): void => {
      clearTimeout(timer);
      if (waiting.delete(go)) question();
    };
    const timer = setTimeout(go, patience);
    waiting.add(go);
  };

  // Wrapped: a loader takes no `null` for a key.
  const loader = new DataLoader<{ readonly key: Key }, Value>(
    async (asked) => {
      asking += 1;
      try {
        return await ask(asked.map(({ key }) => key));
      } finally {
        asking -= 1;
        const [next] = waiting;
        next?.();
      }
    },
    {
      cache: false,
      maxBatchSize: most,
      // Sockets that were readable together are read one after the other, each to its end: the turn gathers them.
      batchScheduleFn: (question) => {
        setImmediate(() => {
          send(question);
        });
      },
    },
  );
  return (key) => loader.load({ key });
}
