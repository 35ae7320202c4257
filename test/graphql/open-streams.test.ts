import { expect, test } from '@jest/globals';
import { createOpenStreams } from '../../src/graphql/open-streams.ts';

/** Events 0, 1, 2 …; the one named never comes. Says whether it was let go of. */
function events(silentFrom = Infinity) {
  let next = 0;
  let returned = false;
  const stream: AsyncIterableIterator<number | string> = {
    next: () =>
      next >= silentFrom ? new Promise(() => undefined) : Promise.resolve({ done: false, value: next++ }),
    return: () => {
      returned = true;
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return { stream, returned: () => returned };
}

const over = { done: true, value: undefined };

test('a stream that waits for an event that never comes is told goodbye at once, and is over', async () => {
  const streams = createOpenStreams<number | string>(() => 'goodbye');
  const source = events(1);
  const kept = streams.keep(source.stream);
  expect(await kept.next()).toEqual({ done: false, value: 0 });
  const waiting = kept.next();
  expect(streams.size).toBe(1);
  streams.endAll();
  expect(await waiting).toEqual({ done: false, value: 'goodbye' });
  expect([await kept.next(), await kept.next()]).toEqual([over, over]);
  expect([streams.size, source.returned()]).toEqual([0, true]);
});

test('a stream whose client reads nothing now is told goodbye when it reads again', async () => {
  const streams = createOpenStreams<number | string>(() => 'goodbye');
  const source = events();
  const kept = streams.keep(source.stream);
  await kept.next();
  streams.endAll();
  expect([await kept.next(), await kept.next()]).toEqual([{ done: false, value: 'goodbye' }, over]);
  expect(source.returned()).toBe(true);
});

test('a stream that begins while the server closes is told goodbye first', async () => {
  const streams = createOpenStreams<number | string>(() => 'goodbye');
  streams.endAll();
  const kept = streams.keep(events().stream);
  expect([await kept.next(), await kept.next()]).toEqual([{ done: false, value: 'goodbye' }, over]);
  expect(streams.size).toBe(0);
});

test('a stream that ends, fails or is let go of by its client is counted no more', async () => {
  const streams = createOpenStreams<number | string>(() => 'goodbye');
  const ending = streams.keep(
    (async function* () {
      await Promise.resolve();
      yield 1;
    })(),
  );
  const failing = streams.keep(
    // eslint-disable-next-line require-yield -- it fails before it has anything to give
    (async function* () {
      await Promise.resolve();
      throw new Error('mine');
    })(),
  );
  const source = events();
  const left = streams.keep(source.stream);
  expect(streams.size).toBe(3);
  expect([await ending.next(), await ending.next()]).toEqual([{ done: false, value: 1 }, over]);
  await expect(failing.next()).rejects.toThrow('mine');
  expect(await left.return?.()).toEqual(over);
  expect(await left.next()).toEqual(over);
  expect([streams.size, source.returned()]).toEqual([0, true]);
});

test('the last event of a source that answers after the goodbye reaches nobody', async () => {
  const streams = createOpenStreams<number | string>(() => 'goodbye');
  let release: (value: IteratorResult<number>) => void = () => undefined;
  const kept = streams.keep({
    next: () => new Promise((resolve) => (release = resolve)),
    [Symbol.asyncIterator]() {
      return this;
    },
  });
  const waiting = kept.next();
  streams.endAll();
  release({ done: false, value: 7 });
  expect(await waiting).toEqual({ done: false, value: 'goodbye' });
  expect(await kept.next()).toEqual(over);
});
