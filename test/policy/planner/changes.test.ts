import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEnforcer, type Enforcer } from '../../../src/policy/library.ts';
import { changeKinds, type ChangeKind } from './change-kinds.ts';
import { fileOf } from './models.ts';

type Row = readonly string[];
interface Known {
  readonly enforcer: Enforcer;
  readonly rows: readonly Row[];
}

const isIn = (row: Row, rows: readonly Row[]): boolean => rows.some((each) => each.join() === row.join());

const answersOf = (enforcer: Enforcer, { requests }: ChangeKind): readonly unknown[] =>
  requests.map((request) => [enforcer.enforceSync(...request), enforcer.enforceExSync(...request)]);

describe.each(changeKinds)('with(), $name', (kind) => {
  const rows = fc.array(kind.row, { maxLength: 12 });
  const change = fc.record({ of: fc.nat(), add: rows, remove: rows, again: fc.boolean() });

  it('answers as an enforcer made anew, and those before it still answer as they did', async () => {
    const check = async (
      first: readonly Row[],
      changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
    ) => {
      const model = { text: kind.model };
      const known: Known[] = [{ enforcer: await createEnforcer(model, fileOf(first)), rows: first }];
      for (const { of, add, remove, again } of changes) {
        const { enforcer, rows: before } = known[of % known.length]!;
        const gone = [...remove, ...before.filter((_, place) => (place + of) % 5 === 0)];
        const added = again ? [...add, ...gone.slice(0, 2)] : add;
        const kept = before.filter((row) => !isIn(row, gone));
        known.push({ enforcer: enforcer.with({ add: added, remove: gone }), rows: [...kept, ...added] });
        // Asked now and at the end: what is remembered must not go over to others.
        answersOf(known.at(-1)!.enforcer, kind);
      }
      for (const { enforcer, rows: now } of known)
        expect(answersOf(enforcer, kind)).toEqual(answersOf(await createEnforcer(model, fileOf(now)), kind));
    };
    await fc.assert(fc.asyncProperty(rows, fc.array(change, { maxLength: 8 }), check), { numRuns: 60 });
  });
});
