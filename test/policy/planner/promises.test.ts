import { describe, expect, it } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { modelOf, noDeny, textOf } from './models.ts';

const policy = textOf('p, ann, x, read');
const later = { later: () => Promise.resolve(false) };

/** Stock's `enforce` waits for them and denies; a promise taken for true would allow. */
describe('a promise in a matcher', () => {
  it.each([
    ['of a function', 'later() && r.obj == p.obj'],
    ['of a function, negated', '!later() || r.obj == p.obj'],
    ['of a function, compared', 'later() != "no" && r.obj == p.obj'],
    ['of a function, in a gate', 'r.obj == p.obj && (later() ? true : false)'],
    ['of a method', 'r.sub.later() && r.obj == p.obj'],
    ['of a member', 'r.sub.promise && r.obj == p.obj'],
    ['in the request', 'r.act && r.obj == p.obj'],
  ])('%s throws', async (_name, matcher) => {
    const enforcer = await createEnforcer(textOf(modelOf(matcher)), policy, { functions: later });
    const sub = { ...later, promise: Promise.resolve(false) };
    const request = [sub, 'x', Promise.resolve(false)];
    expect(() => enforcer.enforceSync(...request)).toThrow(/A promise/);
    await expect(enforcer.enforce(...request)).rejects.toThrow(/A promise/);
    expect(() => enforcer.enforceExSync(...request)).toThrow(/A promise/);
  });

  it('throws as well where nothing need match', async () => {
    const model = modelOf('later() && r.obj == p.obj', { effect: noDeny });
    const enforcer = await createEnforcer(textOf(model), policy, { functions: later });
    expect(() => enforcer.enforceSync('ann', 'x', 'read')).toThrow(/A promise/);
  });
});
