import { describe, expect, it } from '@jest/globals';
import { createEnforcer, type Enforcer } from '../../../src/policy/library.ts';
import { allowAndDeny, modelOf, rbac, textOf } from './models.ts';
import { bestOf } from './open-both.ts';

const policy = textOf('p, admin, x, read\np, admin, y, read\ng, ann, admin');

describe('a function of the matcher that asks an enforcer', () => {
  it('gets its answer, and leaves that of the question it came from alone', async () => {
    const asked: boolean[] = [];
    const inner: Enforcer = await createEnforcer(textOf(rbac), policy);
    const enforcer = await createEnforcer(
      textOf(modelOf('g(r.sub, p.sub) && r.obj == p.obj && allowed(r.sub, r.act)')),
      policy,
      {
        functions: {
          allowed: (name: string, action: string) => {
            asked.push(inner.enforceSync('nobody', 'x', action), inner.enforceSync(name, 'x', action));
            return inner.enforceSync(name, 'x', action);
          },
        },
      },
    );
    expect(enforcer.enforceSync('ann', 'x', 'read')).toBe(true);
    expect(enforcer.enforceSync('ann', 'x', 'write')).toBe(false);
    expect(asked).toEqual([false, true, false, false]);
  });

  it('may ask the same one, and change it: the answer under way stays its own', async () => {
    const box: { enforcer?: Enforcer } = {};
    const again = (name: string, object: string): boolean => {
      if (object !== 'x') return true;
      const { enforcer } = box;
      enforcer?.with({ remove: [['p', 'admin', 'x', 'read', 'allow']], add: [['g', 'eve', 'admin']] });
      return enforcer?.enforceSync(name, 'y', 'read') === true && !enforcer.enforceSync('eve', 'y', 'read');
    };
    box.enforcer = await createEnforcer(
      textOf(
        modelOf('g(r.sub, p.sub) && r.obj == p.obj && again(r.sub, r.obj)', {
          policy: 'sub, obj, act, eft',
          effect: allowAndDeny,
        }),
      ),
      textOf('p, admin, x, read, allow\np, admin, y, read, allow\np, eve, y, read, deny\ng, ann, admin'),
      { functions: { again } },
    );
    expect(box.enforcer.enforceSync('ann', 'x', 'read')).toBe(true);
    expect(box.enforcer.enforceSync('eve', 'x', 'read')).toBe(false);
  });

  it('without an end throws, soon', async () => {
    const box: { enforcer?: Enforcer } = {};
    box.enforcer = await createEnforcer(
      textOf(modelOf('r.sub == p.sub && forever()')),
      textOf('p, ann, x, read'),
      {
        functions: { forever: () => box.enforcer?.enforceSync('ann', 'x', 'read') },
      },
    );
    const ask = () => {
      expect(() => box.enforcer?.enforceSync('ann', 'x', 'read')).toThrow(RangeError);
    };
    expect(bestOf(2, ask)).toBeLessThan(500);
  });
});

describe('a plain enforcer', () => {
  it('answers many promises at once, each its own', async () => {
    const enforcer = await createEnforcer(textOf(rbac), policy);
    const names = Array.from({ length: 200 }, (_, number) => (number % 3 === 0 ? 'ann' : `u${number}`));
    const answers = await Promise.all(names.map((name) => enforcer.enforce(name, 'x', 'read')));
    expect(answers).toEqual(names.map((name) => name === 'ann'));
  });
});
