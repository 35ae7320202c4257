import { describe, expect, it } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { expressions, modelOf, noDeny, paths, rbac, textOf } from './models.ts';
import { bestOf, cameTo } from './open-both.ts';

const rows = (count: number, rowOf: (number: number) => string): string =>
  Array.from({ length: count }, (_, number) => rowOf(number)).join('\n');
const texts = [
  '',
  'a'.repeat(100_000),
  '/'.repeat(100_000),
  '/a'.repeat(50_000),
  `${'a'.repeat(40)}!`,
  '\ud800'.repeat(50_000),
];

/** Milliseconds for one decision, the best of several. */
const most = 5;

describe('a decision takes at most 5 ms', () => {
  it.each([
    ['roles', rbac, rows(20_000, (number) => `p, u${number}, x${number % 100}, read`)],
    ['paths', paths, rows(20_000, (number) => `p, u${number}, /a/:id/${number}/*, read`)],
    ['expressions', expressions, 'p, ann, ^/a/b, read\np, bob, ^x.*y$, read'],
  ])('with %s, however long the request', async (_name, model, policy) => {
    const enforcer = await createEnforcer(textOf(model), textOf(policy));
    for (const text of texts)
      for (const request of [
        [text, 'x1', 'read'],
        ['u1', text, 'read'],
        ['u1', 'x1', text],
        [text, text, text],
      ])
        expect(bestOf(7, () => cameTo(() => enforcer.enforceSync(...request)))).toBeLessThan(most);
  });

  it('with an expression that would take for ever, by giving up', async () => {
    const enforcer = await createEnforcer(textOf(expressions), textOf('p, ann, ^(a+)+$, read'));
    const ask = () => cameTo(() => enforcer.enforceSync('ann', `${'a'.repeat(40)}!`, 'read'));
    expect(ask()).toBe('threw');
    expect(bestOf(7, ask)).toBeLessThan(most * 2);
  });

  it.each([
    ['roles', rbac],
    ['paths', paths],
    ['a gate', modelOf('r.act == "read" && g(r.sub, p.sub) && r.obj == p.obj')],
    ['several ways', modelOf('g(r.sub, p.sub) && r.obj == p.obj || p.sub == "root" && r.act == p.act')],
    ['no deny', modelOf('g(r.sub, p.sub) && keyMatch(r.obj, p.obj)', { effect: noDeny })],
  ])('with a million rows that are equal, and %s', async (_name, model) => {
    const enforcer = await createEnforcer(textOf(model), textOf('p, ann, /x, read\n'.repeat(1_000_000)));
    expect(enforcer.enforceSync('ann', '/x', 'read')).toBe(true);
    expect(bestOf(7, () => enforcer.enforceSync('ann', '/x', 'read'))).toBeLessThan(most);
  });
});
