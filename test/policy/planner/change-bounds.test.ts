import { describe, expect, it } from '@jest/globals';
import { createEnforcer } from '../../../src/policy/library.ts';
import { rbac, textOf } from './models.ts';
import { bestOf } from './open-both.ts';

const open = (text: string) => createEnforcer(textOf(rbac), textOf(text));
const numbered = (count: number, rowOf: (number: number) => readonly string[]) =>
  Array.from({ length: count }, (_, number) => rowOf(number));

/** Each took seconds, or for ever, when it cost the square of its size. */
describe('a large change', () => {
  it('of 50,000 roles of as many members takes less than a second', async () => {
    const before = await open('p, admin, x, read');
    const add = numbered(50_000, (number) => ['g', `u${number}`, 'admin']);
    expect(bestOf(2, () => before.with({ add }))).toBeLessThan(1_000);
    expect(before.with({ add }).enforceSync('u49999', 'x', 'read')).toBe(true);
  });

  it('of 50,000 roles of one member does as well, and is taken back', async () => {
    const before = await open('p, r49999, x, read');
    const rows = numbered(50_000, (number) => ['g', 'ann', `r${number}`]);
    const after = before.with({ add: rows });
    expect(bestOf(2, () => before.with({ add: rows }))).toBeLessThan(1_000);
    expect(after.enforceSync('ann', 'x', 'read')).toBe(true);
    expect(after.with({ remove: rows }).enforceSync('ann', 'x', 'read')).toBe(false);
  });

  it('of 20,000 rows does as well, equal or not', async () => {
    const before = await open(numbered(5_000, (number) => ['p', `u${number}`, 'x', 'read']).join('\n'));
    const equal = numbered(20_000, () => ['p', 'ann', 'x', 'read']);
    const unequal = numbered(20_000, (number) => ['p', `v${number}`, 'x', 'read']);
    for (const add of [equal, unequal]) expect(bestOf(2, () => before.with({ add }))).toBeLessThan(1_000);
    const both = before.with({ add: [...equal, ...unequal] });
    expect(both.enforceSync('ann', 'x', 'read')).toBe(true);
    const less = both.with({ remove: [...equal.slice(0, 1), ...unequal.slice(1)] });
    expect(['ann', 'v0', 'v1', 'u1'].map((name) => less.enforceSync(name, 'x', 'read'))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('to a member with more roles than a call takes arguments is taken', async () => {
    const before = await open(numbered(130_000, (number) => ['g', 'ann', `r${number}`]).join('\n'));
    const after = before.with({
      add: [
        ['g', 'ann', 'last'],
        ['p', 'last', 'x', 'read'],
      ],
    });
    expect(after.enforceSync('ann', 'x', 'read')).toBe(true);
  });
});

describe('a row that comes and goes', () => {
  it('costs as much the 20,000th time as the first: nothing is kept of rows that are gone', async () => {
    let enforcer = await open('p, ann, x, read');
    const change = (times: number, first: number) => {
      const begun = performance.now();
      for (let time = 0; time < times; time += 1) {
        const row = ['p', `u${first + time}`, 'x', 'read'];
        enforcer = enforcer.with({ add: [row] }).with({ remove: [row] });
      }
      return performance.now() - begun;
    };
    change(2_000, 0);
    const early = change(2_000, 2_000);
    change(14_000, 4_000);
    expect(change(2_000, 18_000)).toBeLessThan(early * 4 + 100);
    expect(enforcer.enforceSync('ann', 'x', 'read')).toBe(true);
    expect(enforcer.enforceSync('u7', 'x', 'read')).toBe(false);
  });
});
