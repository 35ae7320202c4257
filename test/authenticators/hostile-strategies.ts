import { Strategy } from 'passport';
import type { StrategyOutcome } from '../../src/authenticators/seam.ts';

/** What a strategy may call; Passport puts them on its copy. */
export interface Outcomes {
  success(user?: unknown, info?: unknown): void;
  fail(challenge?: unknown, status?: unknown): void;
  redirect(url?: unknown, status?: unknown): void;
  pass(): void;
  error(error?: unknown): void;
}

/** A Passport strategy that does just this. */
export function strategyThat(does: (outcomes: Outcomes, request: { body: unknown }) => unknown): Strategy {
  class Made extends Strategy {
    override authenticate(this: this & Outcomes, request: { body: unknown }): unknown {
      return does(this, request);
    }
  }
  return new Made();
}

const later = (work: () => void, ms = 5): void => void setTimeout(work, ms);
const someone = { id: '00000000-0000-7000-8000-000000000001', username: 'root', status: 'active' };

export interface HostileCase {
  readonly title: string;
  readonly does: Parameters<typeof strategyThat>[0];
  readonly outcome: StrategyOutcome['kind'];
}

/** C60: every way in which a plug-in can break its contract. None of them may crash, or log anybody in. */
export const hostileCases: readonly HostileCase[] = [
  { title: 'throws', does: () => fail('thrown'), outcome: 'error' },
  { title: 'throws null', does: () => fail(null), outcome: 'error' },
  { title: 'rejects', does: () => Promise.reject(new Error('rejected')), outcome: 'error' },
  {
    title: 'rejects with nothing',
    does: () => Promise.resolve().then(() => fail(undefined)),
    outcome: 'error',
  },
  { title: 'throws after it failed', does: (own) => (own.fail(), fail('late')), outcome: 'fail' },
  {
    title: 'rejects after it failed',
    does: (own) => (own.fail(), Promise.reject(new Error('x'))),
    outcome: 'fail',
  },
  { title: 'never answers', does: () => undefined, outcome: 'error' },
  {
    title: 'returns a promise that never settles',
    does: () => new Promise(() => undefined),
    outcome: 'error',
  },
  {
    title: 'succeeds after its deadline',
    does: (own) => later(() => own.success(someone), 150),
    outcome: 'error',
  },
  {
    title: 'fails, then succeeds',
    does: (own) =>
      both(
        () => own.fail(),
        () => own.success(someone),
      ),
    outcome: 'fail',
  },
  {
    title: 'errors, then succeeds',
    does: (own) =>
      both(
        () => own.error('x'),
        () => own.success(someone),
      ),
    outcome: 'error',
  },
  { title: 'passes', does: (own) => own.pass(), outcome: 'pass' },
  {
    title: 'passes, then succeeds',
    does: (own) =>
      both(
        () => own.pass(),
        () => own.success(someone),
      ),
    outcome: 'pass',
  },
  { title: 'errors with null', does: (own) => own.error(null), outcome: 'error' },
  { title: 'errors with nothing', does: (own) => own.error(), outcome: 'error' },
  { title: 'fails with nothing', does: (own) => own.fail(), outcome: 'fail' },
  { title: 'fails with a status only', does: (own) => own.fail(200), outcome: 'fail' },
  { title: 'redirects', does: (own) => own.redirect('https://op.example.org/'), outcome: 'redirect' },
  { title: 'redirects with CRLF', does: (own) => own.redirect('/\r\nSet-Cookie: a=b'), outcome: 'error' },
  { title: 'redirects to nothing', does: (own) => own.redirect(), outcome: 'error' },
  { title: 'redirects to an object', does: (own) => own.redirect({ toString: () => '/' }), outcome: 'error' },
  { title: 'succeeds with nobody', does: (own) => own.success(), outcome: 'error' },
  ...[null, false, 0, ''].map((user) => ({
    title: `succeeds with ${JSON.stringify(user)}`,
    does: (own: Outcomes) => own.success(user),
    outcome: 'error' as const,
  })),
  {
    title: 'succeeds with a promise of somebody',
    does: (own) => own.success(Promise.resolve(someone)),
    outcome: 'error',
  },
  {
    title: 'succeeds with a promise that rejects',
    does: (own) => own.success(Promise.reject(new Error('nobody'))),
    outcome: 'error',
  },
  { title: 'succeeds with a name', does: (own) => own.success('root'), outcome: 'success' },
  { title: 'succeeds with true', does: (own) => own.success(true), outcome: 'success' },
  { title: 'succeeds with a number', does: (own) => own.success(1), outcome: 'success' },
  { title: 'succeeds with a list', does: (own) => own.success([someone]), outcome: 'success' },
  { title: 'succeeds with an invented account', does: (own) => own.success(someone), outcome: 'success' },
  {
    title: 'succeeds with a poisoned object',
    does: (own) => own.success(JSON.parse('{"__proto__": {"id": "root"}, "id": {"$gt": ""}}')),
    outcome: 'success',
  },
  {
    title: 'succeeds with an object that throws when looked at',
    does: (own) =>
      own.success({
        get id() {
          return fail('looked at');
        },
      }),
    outcome: 'success',
  },
  {
    title: 'succeeds later with an object that throws when looked at',
    does: (own) =>
      later(() =>
        own.success({
          get then() {
            return fail('looked at');
          },
        }),
      ),
    outcome: 'error',
  },
  {
    title: 'replaces its own outcomes',
    does: (own) => {
      own.fail = () => own.success(someone);
      own.fail();
    },
    outcome: 'success',
  },
];

function both(first: () => void, second: () => void): void {
  first();
  second();
}

function fail(what: unknown): never {
  throw what;
}
