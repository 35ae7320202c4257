import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { domains, modelOf, paths, rbac } from './models.ts';
import { cameTo, openBoth } from './open-both.ts';

const texts = [
  '',
  'ann',
  'Ann',
  'ann ',
  ' ann',
  '\u0430nn',
  'ann\u0000',
  'ann\u200b',
  'ann,x',
  'x,read',
  '*',
  '/',
  '//',
  '\u00e9',
  'e\u0301',
  '\ud800',
  '\udc00\ud800',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '0',
  '-0',
  '123',
  '0123',
  '1e3',
  '1000',
  '4294967295',
  '9007199254740993',
  'null',
  'undefined',
  'true',
  'casbin::default',
  'a\nb',
  'p_sub',
  'r.sub',
  '" || true',
  'a'.repeat(100_000),
  '/x'.repeat(50_000),
];
const others: readonly unknown[] = [
  undefined,
  null,
  0,
  -0,
  123,
  1000,
  123n,
  Number.NaN,
  true,
  false,
  Symbol('ann'),
  ['ann'],
  [],
  [['123']],
  {},
  Object.create(null),
  new String('ann'),
  { toString: () => 'ann' },
  () => 'ann',
  new Date(0),
  /ann/,
];
const text = [
  'ann',
  '__proto__',
  '\u00e9',
  '123',
  '1e3',
  '-0',
  'constructor',
  'toString',
  'casbin::default',
  '\ud800',
]
  .flatMap((name) => [`p, ${name}, x, read`, `p, ${name}, ${name}, read`, `g, of-${name}, ${name}`])
  .join('\n');

describe.each([
  ['roles', rbac],
  ['paths', paths],
  ['equality alone', modelOf('r.sub == p.sub && r.obj == p.obj && r.act == p.act')],
  ['inequality', modelOf('r.sub != p.sub && r.obj == p.obj')],
  ['in', modelOf('r.sub in (p.sub, "bob") && r.act in ("read", "write")')],
  ['a gate', modelOf('r.sub != "" && r.sub == p.sub')],
  ['several ways', modelOf('r.sub == p.sub || r.obj == p.obj && r.act === p.act')],
])('a bad request, with %s', (_name, model) => {
  it('is answered as stock answers it', async () => {
    const { stock, ours } = await openBoth(model, text);
    for (const value of [...texts, ...others])
      for (const request of [
        [value, 'x', 'read'],
        ['ann', value, 'read'],
        [value, value, 'read'],
        ['ann', 'x', value],
      ]) {
        const theirs = cameTo(() => stock.enforceSync(...request));
        const answer = cameTo(() => ours.enforceSync(...request));
        // What stock throws at may be denied, never allowed.
        if (theirs === 'threw') expect(answer).not.toBe(true);
        else
          expect([request.map((each) => inspect(each).slice(0, 40)), answer]).toEqual([
            request.map((each) => inspect(each).slice(0, 40)),
            theirs,
          ]);
      }
  });
});

describe('a request', () => {
  it('of too few values or too many throws', async () => {
    const { ours } = await openBoth(rbac, text);
    for (const request of [[], ['ann'], ['ann', 'x'], ['ann', 'x', 'read', 'more']])
      expect(() => ours.enforceSync(...request)).toThrow(/values/);
  });

  it('names the default domain as stock does', async () => {
    const { stock, ours } = await openBoth(
      domains,
      'p, admin, casbin::default, x, read\ng, ann, admin, casbin::default\np, admin, d, x, read',
    );
    for (const domain of ['casbin::default', 'd', '', '__proto__'])
      expect(ours.enforceSync('ann', domain, 'x', 'read')).toBe(
        stock.enforceSync('ann', domain, 'x', 'read'),
      );
  });

  it('of a batch is read once, whatever its members answer the second time', async () => {
    const { ours } = await openBoth(rbac, 'p, admin, x, read');
    let reads = 0;
    const request = Object.defineProperty(['', 'x', 'read'], 0, {
      get: () => ((reads += 1) === 1 ? 'bob' : 'admin'),
    });
    expect(await ours.batchEnforce([request])).toEqual([false]);
    expect(reads).toBe(1);
  });

  it('with a name of 100,000 characters is not remembered', async () => {
    const { ours } = await openBoth(rbac, 'p, admin, x, read');
    const name = 'a'.repeat(100_000);
    for (let time = 0; time < 3; time += 1) expect(ours.enforceSync(name, 'x', 'read')).toBe(false);
    expect(ours.cache.hits).toBe(0);
  });
});
