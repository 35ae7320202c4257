import { describe, expect, test } from '@jest/globals';
import { buildSnapshot } from '../../../src/policy/build-snapshot.ts';
import type { LoadedPolicy } from '../../../src/policy/loaded-policy.ts';
import type { Rule } from '../../../src/policy/rule.ts';
import type { PolicySnapshot } from '../../../src/policy/snapshot.ts';
import {
  anonymous,
  coordinates,
  declarations,
  environment,
  filesOf,
  load,
  model,
  nothing,
  recordingLog,
  snapshotOf,
  standingClock,
  user,
} from '../fixture.ts';

/** Rules about somebody else, over the same permissions, coordinates and types. */
const others = (count: number): string =>
  Array.from({ length: count }, (_, at) => {
    const object = ['notes.view', 'Note.title', 'Query.*', '*'][at % 4] ?? '*';
    return `p, group:other-${at}, ${object}, *, ${at % 3 === 0 ? 'deny' : 'allow'}\n`;
  }).join('');
const ours = `g2, Query.notes, notes.view
g2, Note.title, notes.view
g, group:support, group:readers
p, group:readers, notes.view, *, allow
p, group:support, Query.*, *, allow
p, user:ann, Note.title, *, deny, !self(r.ctx)
`;

/** A policy whose rules tell when somebody looks at them. */
function watched(loaded: LoadedPolicy): { loaded: LoadedPolicy; looks: { count: number } } {
  const looks = { count: 0 };
  const rules = loaded.rows.rules.map((rule) =>
    Object.defineProperty({ ...rule }, 'effect', {
      enumerable: true,
      get: () => ((looks.count += 1), rule.effect),
    }),
  ) as readonly Rule[];
  return { loaded: { ...loaded, rows: { ...loaded.rows, rules } }, looks };
}

const built = (loaded: LoadedPolicy): Promise<PolicySnapshot> =>
  buildSnapshot(loaded, 'test', {
    schema: declarations.schema,
    clock: standingClock(),
    log: recordingLog(),
  });

describe('the first decision of a permission set', () => {
  test.each([
    ['the default matcher', model],
    ['a matcher of one’s own', model.replace('m = ', 'm = r.sub != "user:eve" && ')],
  ])('looks at the rules that match alone, with %s, among thousands as among none', async (_, text) => {
    const counts: unknown[] = [];
    for (const count of [0, 100, 4_000]) {
      const files = filesOf(ours + others(count)).map((file) =>
        file.name === 'model.conf' ? { ...file, text } : file,
      );
      const { loaded, looks } = watched(load(files));
      const snapshot = await built(loaded);
      for (const who of [
        user('ann', { groups: ['support'] }),
        user('bob', { groups: ['readers'] }),
        user('eve', { groups: ['support'] }),
        anonymous,
      ]) {
        const decisions = snapshot.decisionsFor(who, environment);
        looks.count = 0;
        const effects = coordinates.map((coordinate) => decisions.decide(coordinate, nothing).effect);
        counts.push([who.subject, effects, looks.count]);
      }
    }
    expect(counts.slice(4, 8)).toEqual(counts.slice(0, 4));
    expect(counts.slice(8)).toEqual(counts.slice(0, 4));
    const [, ann] = counts[0] as [string, string[]];
    const [, eve] = counts[2] as [string, string[]];
    expect(ann).toContain('allow');
    expect(eve.includes('allow')).toBe(text === model);
  });

  test('tells a denied caller what to do about it without looking at every rule again', async () => {
    const { loaded, looks } = watched(load(filesOf(ours + others(1_000))));
    const snapshot = await built(loaded);
    const tell = (): void => {
      const decisions = snapshot.decisionsFor(anonymous, environment);
      for (const coordinate of coordinates)
        decisions.remedyFor(decisions.decide(coordinate, nothing), nothing);
    };
    tell();
    looks.count = 0;
    tell();
    expect(looks.count).toBe(0);
  });

  test('is taken anew in the next snapshot, by its rules', async () => {
    const before = await snapshotOf(ours);
    const after = await snapshotOf(`${ours}p, group:readers, Query.notes, *, deny\n`);
    const effectIn = (snapshot: PolicySnapshot) =>
      snapshot.decisionsFor(user('ann', { groups: ['support'] }), environment).decide('Query.notes', nothing)
        .effect;
    expect([effectIn(before), effectIn(after), effectIn(before)]).toEqual(['allow', 'deny', 'allow']);
    expect([before.tables().asked, after.tables().asked]).toEqual([1, 1]);
  });
});
