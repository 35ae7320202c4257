import { describe, expect, test } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';

const model = {
  text: `[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
[policy_effect]
e = !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act`,
};
const open = (rows: string) => createEnforcer(model, { text: `p, admin, x, read, deny\n${rows}` });

/** Two rows may say the same link: taking one out must not take a deny along. */
describe('role rows of different lengths', () => {
  test('are not taken out one by one: the policy is to be loaded again', async () => {
    const both = await open('g, ann, admin\ng, ann, admin, extra\n');
    expect(both.enforceSync('ann', 'x', 'read')).toBe(false);
    for (const row of [
      ['g', 'ann', 'admin'],
      ['g', 'ann', 'admin', 'extra'],
    ])
      expect(() => both.with({ remove: [row] })).toThrow(/load the policy again/);
    expect(both.enforceSync('ann', 'x', 'read')).toBe(false);
  });

  test('count also where one of them came later', async () => {
    const one = await open('g, ann, admin\n');
    expect(() => one.with({ remove: [['g', 'ann', 'admin', 'extra']] })).toThrow(/load the policy again/);
    const both = one.with({ add: [['g', 'ann', 'admin', 'extra']] });
    expect(() => both.with({ remove: [['g', 'ann', 'admin']] })).toThrow(/load the policy again/);
    expect(one.with({ remove: [['g', 'ann', 'admin']] }).enforceSync('ann', 'x', 'read')).toBe(true);
  });
});

test('a pattern that gives up in somebody else’s row is nothing to others', async () => {
  const enforcer = await createEnforcer(
    {
      text: model.text
        .replace('r.obj == p.obj', 'regexMatch(r.obj, p.obj)')
        .replace('!some(where (p.eft == deny))', 'some(where (p.eft == allow))'),
    },
    { text: 'p, mallory, ^(a+)+$, read\np, ann, ^a, read\n' },
  );
  const hard = `${'a'.repeat(60)}b`;
  expect(enforcer.enforceSync('ann', hard, 'read')).toBe(true);
  expect(enforcer.enforceSync('bob', hard, 'read')).toBe(false);
  expect(() => enforcer.enforceSync('mallory', hard, 'read')).toThrow(/gave up/);
});

test.each([NaN, 0, -1, 1.5, Infinity])('cachedSubjects: %p is refused', async (cachedSubjects) => {
  await expect(createEnforcer(model, { text: '' }, { cachedSubjects })).rejects.toThrow(RangeError);
});
