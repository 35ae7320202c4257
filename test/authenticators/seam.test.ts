import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { formRequest } from '../../src/authenticators/request.ts';
import { attempt } from '../../src/authenticators/seam.ts';
import { recordStrayErrors } from '../../src/authenticators/stray-errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { hostileCases, strategyThat } from './hostile-strategies.ts';

const request = formRequest(new Map([['username', 'ann']]), { address: '192.0.2.1', userAgent: 'jest' });
const options = { deadlineMs: 100, log: silentLog };

describe('the seam', () => {
  test.each(hostileCases)('C60: a strategy that $title ends as "$outcome"', async ({ does, outcome }) => {
    expect((await attempt(strategyThat(does), request, options)).kind).toBe(outcome);
  });

  test('hands on what a strategy said', async () => {
    const failed = await attempt(
      strategyThat((own) => own.fail({ message: 'no' }, 403)),
      request,
      options,
    );
    expect(failed).toEqual({ kind: 'fail', challenge: { message: 'no' } });
    const user = { name: 'ann' };
    const succeeded = await attempt(
      strategyThat((own) => own.success(user)),
      request,
      options,
    );
    expect(succeeded).toEqual({ kind: 'success', user });
    const error = new Error('down');
    expect(
      await attempt(
        strategyThat((own) => own.error(error)),
        request,
        options,
      ),
    ).toEqual({ kind: 'error', error });
  });

  test('logs what a strategy says after its first answer', async () => {
    const warned: object[] = [];
    const log = { ...silentLog, warn: (fields: object) => void warned.push(fields) };
    const twice = strategyThat((own) => {
      own.fail();
      own.success({ id: 1 });
    });
    await attempt(twice, request, { ...options, log });
    expect(warned).toEqual([{ event: 'strategy.answered-again', outcome: 'success' }]);
  });

  test('gives each attempt a copy: a hundred at once each get their own answer, and the strategy stays as it was', async () => {
    const strategy = strategyThat((own, { body }) => {
      const { username } = body as { username: string };
      setTimeout(() => own.success(username), Math.random() * 20);
    });
    const before = Object.keys(strategy);
    const names = Array.from({ length: 100 }, (_, at) => `name${at}`);
    const outcomes = await Promise.all(
      names.map((name) =>
        attempt(
          strategy,
          formRequest(new Map([['username', name]]), { address: null, userAgent: null }),
          options,
        ),
      ),
    );
    expect(outcomes).toEqual(names.map((user) => ({ kind: 'success', user })));
    expect(Object.keys(strategy)).toEqual(before);
  });

  test('shows a strategy no cookies, no query, and fields that have no prototype', async () => {
    let seen: unknown;
    const strategy = strategyThat((own, given) => {
      seen = given;
      own.fail();
    });
    await attempt(strategy, request, options);
    expect(seen).toEqual({
      method: 'POST',
      url: '/login',
      headers: { 'user-agent': 'jest' },
      body: { username: 'ann' },
      query: {},
      ip: '192.0.2.1',
    });
    const { body, query } = seen as { body: object; query: object };
    expect([Object.getPrototypeOf(body), Object.getPrototypeOf(query)]).toEqual([null, null]);
    expect('constructor' in body).toBe(false);
  });
});

test.each([
  ['a rejection that nobody awaits', 'unhandledRejection', 'rejection.stray'],
  ['an error thrown from a timer', 'uncaughtException', 'exception.stray'],
])('C71: %s is recorded', (_what, emitted, event) => {
  const source = new EventEmitter();
  const errors: object[] = [];
  const stop = recordStrayErrors({ ...silentLog, error: (fields) => void errors.push(fields) }, source);
  const error = new Error('lost');
  source.emit(emitted, error);
  expect(errors).toEqual([{ event, error }]);
  stop();
  expect(source.listenerCount(emitted)).toBe(0);
});
