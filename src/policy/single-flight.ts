export type Turn = <T>(task: () => Promise<T>) => Promise<T>;

/** Runs one task at a time, in order of asking. A task that rejects does not stop the next one. */
export function takeTurns(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task, task);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/**
 * A task that callers share: everybody who asks while a run is waiting to begin gets that run. Nobody gets one that had
 * begun before they asked, so the answer is never older than the question.
 */
export function shareNext<T>(turn: Turn, task: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | null = null;
  return () =>
    (next ??= turn(() => {
      next = null;
      return task();
    }));
}
