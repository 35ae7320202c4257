import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/core/clock.ts';
import { createOpenStreams } from '../../src/graphql/open-streams.ts';

const openStreams = (every = 10, patience = 50) =>
  createOpenStreams<number | string>({
    farewell: () => 'goodbye',
    unchecked: () => 'nobody knows',
    every,
    patience,
    clock: systemClock,
  });

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
  const streams = openStreams();
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
  const streams = openStreams();
  const source = events();
  const kept = streams.keep(source.stream);
  await kept.next();
  streams.endAll();
  expect([await kept.next(), await kept.next()]).toEqual([{ done: false, value: 'goodbye' }, over]);
  expect(source.returned()).toBe(true);
});

test('a stream that begins while the server closes is told goodbye first', async () => {
  const streams = openStreams();
  streams.endAll();
  const kept = streams.keep(events().stream);
  expect([await kept.next(), await kept.next()]).toEqual([{ done: false, value: 'goodbye' }, over]);
  expect(streams.size).toBe(0);
});

test('a stream that ends, fails or is let go of by its client is counted no more', async () => {
  const streams = openStreams();
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
  const streams = openStreams();
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

const soon = () => new Promise((resolve) => setTimeout(resolve, 120));

test('a stream goes on while its checkup says so, and ends with what it says then', async () => {
  const streams = openStreams();
  let verdict: string | null = null;
  let checked = 0;
  const source = events(1);
  const kept = streams.keep(source.stream, () => {
    checked += 1;
    return Promise.resolve(verdict);
  });
  expect(await kept.next()).toEqual({ done: false, value: 0 });
  const waiting = kept.next();
  await soon();
  expect([streams.size, checked > 2]).toEqual([1, true]);
  verdict = 'not any more';
  expect(await waiting).toEqual({ done: false, value: 'not any more' });
  expect([await kept.next(), streams.size, source.returned()]).toEqual([over, 0, true]);
  const before = checked;
  await soon();
  expect(checked).toBe(before);
});

test('a checkup that fails is asked again; one that fails for too long ends the stream', async () => {
  const streams = openStreams(10, 1_000);
  let fails = 3;
  const recovering = streams.keep(events(0).stream, () =>
    fails-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve('done'),
  );
  expect(await recovering.next()).toEqual({ done: false, value: 'done' });
  const impatient = openStreams(10, 50);
  const failing = impatient.keep(events(0).stream, () => Promise.reject(new Error('away')));
  expect(await failing.next()).toEqual({ done: false, value: 'nobody knows' });
  expect(impatient.size).toBe(0);
});

test('streams are checked a few at a time, and each of them', async () => {
  const streams = openStreams();
  let now = 0;
  let most = 0;
  const checked = new Set<number>();
  for (let at = 0; at < 30; at += 1) {
    streams.keep(events(0).stream, async () => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 2));
      checked.add(at);
      now -= 1;
      return null;
    });
  }
  await soon();
  expect(checked.size).toBe(30);
  expect(most).toBe(4);
  streams.endAll();
  expect(streams.size).toBe(0);
});
