import { describe, expect, test } from '@jest/globals';
import { modelOf } from './models.ts';
import { openBoth } from './open-both.ts';

/** So many alternatives, joined by `&&`, multiply. */
const alternatives = (count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `(r.sub == p.sub || r.obj == p.obj && r.act != "${at}" || r.act == "${at}")`,
  ).join(' && ');
const names = ['ann', 'bob', 'x', 'y', '0', '1', 'read'];

describe('a matcher with many ways to match', () => {
  test.each([1, 3, 5, 9])(
    'of %i times three alternatives is planned, and decided as stock does',
    async (count) => {
      const { stock, ours } = await openBoth(
        modelOf(alternatives(count)),
        'p, ann, x, read\np, bob, y, 0\np, x, ann, 1\n',
      );
      let allows = 0;
      for (const sub of names)
        for (const obj of names)
          for (const act of names) {
            const answer = ours.enforceExSync(sub, obj, act);
            expect([sub, obj, act, ...answer]).toEqual([
              sub,
              obj,
              act,
              ...stock.enforceExSync(sub, obj, act),
            ]);
            if (answer[0]) allows += 1;
          }
      expect(allows).toBeGreaterThan(20);
    },
  );
});
