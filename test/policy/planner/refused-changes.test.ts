import { describe, expect, it } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { domains, expressions, modelOf, paths, textOf } from './models.ts';

const endless = ['p', 'ann', '/a/:', 'read'];
const slow = ['p', 'mallory', '^(a+)+$', 'read'];
const hard = `${'a'.repeat(40)}!`;

describe('a change that is refused', () => {
  it('leaves nothing behind: changes that follow are taken', async () => {
    const before = await createEnforcer(textOf(paths), textOf('p, ann, /a, read'));
    expect(() => before.with({ add: [['p', 'ann', '/fine', 'read'], endless] })).toThrow(
      /keyMatch2 does not take/,
    );
    const after = before.with({ add: [['p', 'ann', '/b', 'read']] });
    expect(after.enforceSync('ann', '/b', 'read')).toBe(true);
    expect(after.enforceSync('ann', '/fine', 'read')).toBe(false);
  });

  it('is one that removes nothing but names an impossible pattern no more than any other removal', async () => {
    const before = await createEnforcer(textOf(paths), textOf('p, ann, /a, read'));
    const after = before.with({ remove: [endless] }).with({ add: [['p', 'ann', '/b', 'read']] });
    expect(after.enforceSync('ann', '/b', 'read')).toBe(true);
  });

  it('is one of a kind that the model has not, or without values', async () => {
    const before = await createEnforcer(textOf(domains), textOf(''));
    for (const row of [['p2', 'a'], ['g2', 'a', 'b'], ['g'], ['g', 'a'], [], ['__proto__', 'a', 'b']])
      expect(() => before.with({ add: [row] })).toThrow(/A row (begins with|of g needs two values)/);
  });

  it('is one with a comma in a name, where stock joins names with commas', async () => {
    const model = modelOf('g(r.sub, p.sub) || g(r.obj, p.sub)');
    const before = await createEnforcer(textOf(model), textOf('p, ann, a, b'));
    expect(() => before.with({ add: [['p', 'a,b', 'x', 'read']] })).toThrow(/comma/);
  });
});

describe('a pattern that takes long', () => {
  it('is not asked any more once its last row is gone', async () => {
    const before = await createEnforcer(textOf(expressions), textOf('p, ann, ^a+!$, read'));
    const during = before.with({ add: [slow, slow] });
    // Nobody but whom the row is about comes to it.
    expect(during.enforceSync('ann', hard, 'read')).toBe(true);
    expect(() => during.enforceSync('mallory', hard, 'read')).toThrow(/gave up/);
    expect(during.with({ remove: [slow] }).enforceSync('mallory', hard, 'read')).toBe(false);
  });

  it('is not asked in another enforcer that was made from the same one', async () => {
    const before = await createEnforcer(textOf(expressions), textOf('p, ann, ^a+!$, read'));
    before.with({ add: [slow] });
    const sibling = before.with({ add: [['p', 'bob', '^a+!$', 'read']] });
    expect(sibling.enforceSync('bob', hard, 'read')).toBe(true);
    expect(before.enforceSync('ann', hard, 'read')).toBe(true);
  });
});

describe('late patterns', () => {
  it('are found, however many come one by one', async () => {
    let enforcer = await createEnforcer(textOf(paths), textOf('p, ann, /a, read'));
    for (let number = 0; number < 300; number += 1)
      enforcer = enforcer.with({ add: [['p', 'ann', `/late/${number}/:id`, 'read']] });
    for (const number of [0, 1, 255, 256, 257, 299])
      expect(enforcer.enforceSync('ann', `/late/${number}/x`, 'read')).toBe(true);
    expect(enforcer.enforceSync('ann', '/late/300/x', 'read')).toBe(false);
  });
});
