import { describe, expect, it } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { allowAndDeny, modelOf, rbac, textOf } from './models.ts';
import { bestOf, openBoth } from './open-both.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
const chain = numbers(1_000).map((number) => `g, n${number}, n${number + 1}`);

describe('a graph of roles', () => {
  it('as a chain of 1,000 is followed ten steps, as by stock', async () => {
    const { stock, ours } = await openBoth(rbac, [...chain, 'p, n500, x, read'].join('\n'));
    for (const at of [0, 480, 489, 490, 491, 499, 500, 501, 999, 1_000])
      expect([at, ours.enforceSync(`n${at}`, 'x', 'read')]).toEqual([
        at,
        stock.enforceSync(`n${at}`, 'x', 'read'),
      ]);
    expect(ours.enforceSync('n490', 'x', 'read')).toBe(true);
    expect(ours.enforceSync('n489', 'x', 'read')).toBe(false);
  });

  it('with a way of ten steps and one of eleven is followed by the shorter', async () => {
    const short = numbers(10).map(
      (number) => `g, ${number === 0 ? 'ann' : `s${number}`}, ${number === 9 ? 'top' : `s${number + 1}`}`,
    );
    const long = numbers(11).map(
      (number) => `g, ${number === 0 ? 'ann' : `l${number}`}, ${number === 10 ? 'top' : `l${number + 1}`}`,
    );
    for (const links of [[...short, ...long], [...long, ...short], long]) {
      const { stock, ours } = await openBoth(rbac, [...links, 'p, top, x, read'].join('\n'));
      expect(ours.enforceSync('ann', 'x', 'read')).toBe(stock.enforceSync('ann', 'x', 'read'));
    }
  });

  it('with cycles, and names that are their own role, ends', async () => {
    const { stock, ours } = await openBoth(
      rbac,
      'g, a, b\ng, b, c\ng, c, a\ng, d, d\ng, d, a\ng, e, e\np, c, x, read\np, d, y, read',
    );
    for (const name of 'abcde')
      for (const object of 'xy')
        expect(ours.enforceSync(name, object, 'read')).toBe(stock.enforceSync(name, object, 'read'));
  });

  it('of 200 that all have each other is decided at once, where stock takes longer than anybody waits', async () => {
    const links = numbers(200).flatMap((from) => numbers(200).map((to) => `g, n${from}, n${to}`));
    const enforcer = await createEnforcer(
      textOf(rbac),
      textOf([...links, 'p, n199, x, read', 'p, no, y, read'].join('\n')),
    );
    expect(enforcer.enforceSync('n0', 'x', 'read')).toBe(true);
    let fresh = 0;
    const ask = () =>
      enforcer.with({ add: [['g', `new${(fresh += 1)}`, 'n0']] }).enforceSync(`new${fresh}`, 'y', 'read');
    expect(bestOf(5, ask)).toBeLessThan(20);
    expect(enforcer.enforceSync('n0', 'y', 'read')).toBe(false);
  });

  it('tells apart roles whose numbers share a bit of 64', async () => {
    const model = modelOf('g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act', {
      policy: 'sub, obj, act, eft',
      effect: allowAndDeny,
    });
    const rows = numbers(200).map(
      (number) => `p, r${number}, x, read, ${number % 7 === 0 ? 'deny' : 'allow'}`,
    );
    // Every object has its own level, with few children and unsorted.
    const more = numbers(200).map((number) => `p, r${(number * 83) % 200}, o${number % 50}, read, allow`);
    const links = numbers(200).flatMap((number) => [
      `g, u${number}, r${number}`,
      `g, u${number}, r${(number * 31 + 5) % 200}`,
    ]);
    const { stock, ours } = await openBoth(model, [...rows, ...more, ...links].join('\n'));
    for (const user of numbers(200).filter((number) => number % 4 === 0 || number > 190))
      for (const object of ['x', 'o0', 'o33'])
        expect(ours.enforceSync(`u${user}`, object, 'read')).toBe(
          stock.enforceSync(`u${user}`, object, 'read'),
        );
  });

  it.each(['g(r.sub, p.sub)', 'g(r.sub, p.sub, r.obj)', 'g(r.sub, "admin")', 'g(p.sub, r.sub)'])(
    'is asked by %s as stock asks it, with two columns and with three',
    async (matcher) => {
      for (const [role, links] of [
        ['g = _, _', 'g, ann, admin\ng, bob, admin, x'],
        ['g = _, _, _', 'g, ann, admin, casbin::default\ng, bob, admin, x'],
      ] as const) {
        const { stock, ours } = await openBoth(
          modelOf(`${matcher} && r.act == p.act`, { role }),
          `${links}\np, admin, x, read\np, ann, x, read`,
        );
        for (const name of ['ann', 'bob', 'admin', ''])
          for (const object of ['x', 'y', 'casbin::default', ''])
            expect(ours.enforceSync(name, object, 'read')).toBe(stock.enforceSync(name, object, 'read'));
      }
    },
  );
});
