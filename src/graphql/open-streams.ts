type Result<Answer> = IteratorResult<Answer, undefined>;

/** The subscriptions that are being answered, so that a server that closes can say goodbye to each. */
export interface OpenStreams<Answer> {
  readonly size: number;
  /** The same stream, until `endAll`. */
  keep(stream: AsyncIterableIterator<Answer>): AsyncIterableIterator<Answer>;
  /** Every stream, and every one that is kept later, gives the farewell and is over. */
  endAll(): void;
}

export function createOpenStreams<Answer>(farewell: () => Answer): OpenStreams<Answer> {
  const open = new Set<() => void>();
  const over: Result<Answer> = { done: true, value: undefined };
  let closing = false;

  function keep(stream: AsyncIterableIterator<Answer>): AsyncIterableIterator<Answer> {
    let ended = false;
    // Who waits for the next event now. Not a race with one promise of the server's: it would remember every event.
    let waiting: ((result: Result<Answer>) => void) | null = null;

    const forget = (): void => {
      ended = true;
      open.delete(leave);
    };
    const goodbye = (): Result<Answer> => {
      forget();
      // A source that is waiting for its next event may answer after it, or never: nobody waits for that.
      stream.return?.().catch(() => undefined);
      return { done: false, value: farewell() };
    };
    const leave = (): void => {
      waiting?.(goodbye());
    };
    open.add(leave);

    return {
      next() {
        if (ended) return Promise.resolve(over);
        if (closing) return Promise.resolve(goodbye());
        return new Promise((resolve, reject) => {
          waiting = resolve;
          stream.next().then(
            (result) => {
              waiting = null;
              if (result.done === true) forget();
              resolve(result.done === true ? over : result);
            },
            (error: unknown) => {
              waiting = null;
              forget();
              reject(error instanceof Error ? error : new Error('A stream failed.'));
            },
          );
        });
      },
      async return() {
        forget();
        await stream.return?.();
        return over;
      },
      async throw(error: unknown) {
        forget();
        await stream.return?.();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return {
    get size() {
      return open.size;
    },
    keep,
    endAll() {
      closing = true;
      for (const leave of [...open]) leave();
    },
  };
}
