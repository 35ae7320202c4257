/**
 * Answers each event of a stream, and the fault that ends it, where one does. Not an async generator: one that waits for its next event can't be ended before that
 * event arrives, and a client that has left would never be let go.
 */
export function mapEvents<Event, Answer>(
  events: AsyncIterable<Event>,
  answer: (event: Event) => Promise<Answer>,
  answerFault: (cause: unknown) => Answer,
): AsyncIterableIterator<Answer> {
  const source = events[Symbol.asyncIterator]();
  const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
  let broken = false;
  return {
    async next() {
      if (broken) return over;
      try {
        const result = await source.next();
        return result.done === true ? over : { done: false, value: await answer(result.value) };
      } catch (cause) {
        broken = true;
        return { done: false, value: answerFault(cause) };
      }
    },
    async return() {
      await source.return?.();
      return over;
    },
    async throw(error: unknown) {
      await source.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
