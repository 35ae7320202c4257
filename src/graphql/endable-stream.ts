type Result<Answer> = IteratorResult<Answer, undefined>;

export interface EndableStream<Answer> {
  readonly stream: AsyncIterableIterator<Answer>;
  /** Ends the stream: one last answer, for whoever waits now or reads next. */
  leave(last: Answer): void;
}

/** A stream that can be ended from outside, even while its source waits for an event. `ended` is called once. */
export function endable<Answer>(
  source: AsyncIterableIterator<Answer>,
  ended: () => void,
): EndableStream<Answer> {
  const over: Result<Answer> = { done: true, value: undefined };
  let isOver = false;
  /** What is still to be given, once the stream is over. */
  let last: Result<Answer> | null = null;
  // Who waits for the next event now. Not a race with one promise for all: it would remember every event.
  let waiting: ((result: Result<Answer>) => void) | null = null;

  const end = (): void => {
    if (isOver) return;
    isOver = true;
    ended();
  };
  const takeLast = (): Result<Answer> => {
    const result = last ?? over;
    last = null;
    return result;
  };

  return {
    leave(answer) {
      if (isOver) return;
      end();
      last = { done: false, value: answer };
      // A source that is waiting for its next event may answer after it, or never: nobody waits for that.
      source.return?.().catch(() => undefined);
      const tell = waiting;
      waiting = null;
      tell?.(takeLast());
    },
    stream: {
      next() {
        if (isOver) return Promise.resolve(takeLast());
        return new Promise((resolve, reject) => {
          waiting = resolve;
          source.next().then(
            (result) => {
              waiting = null;
              if (result.done === true) end();
              resolve(result.done === true ? over : result);
            },
            (error: unknown) => {
              waiting = null;
              end();
              reject(error instanceof Error ? error : new Error('A stream failed.'));
            },
          );
        });
      },
      async return() {
        end();
        last = null;
        await source.return?.();
        return over;
      },
      async throw(error: unknown) {
        end();
        last = null;
        await source.return?.();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
}
