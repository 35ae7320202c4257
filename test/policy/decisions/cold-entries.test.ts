import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DefaultEffector } from 'casbin';
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
    Object.defineProperty({ ...rule }, 'action', {
      enumerable: true,
      get: () => ((looks.count += 1), rule.action),
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

let judged = 0;
beforeEach(() => {
  judged = 0;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the effector that it was taken from
  const { newStream } = DefaultEffector.prototype;
  jest.spyOn(DefaultEffector.prototype, 'newStream').mockImplementation(function (
    this: DefaultEffector,
    expression,
  ) {
    const stream = newStream.call(this, expression);
    const push = stream.pushEffect.bind(stream);
    return Object.assign(stream, {
      pushEffect: (effect: Parameters<typeof push>[0]) => ((judged += 1), push(effect)),
    });
  });
});
afterEach(() => void jest.restoreAllMocks());

describe('the first decision of a permission set', () => {
  test('looks at the rules that could match, and at as many among thousands as among none', async () => {
    const counts: unknown[] = [];
    for (const count of [0, 100, 4_000]) {
      const { loaded, looks } = watched(load(filesOf(ours + others(count))));
      const snapshot = await built(loaded);
      for (const who of [
        user('ann', { groups: ['support'] }),
        user('bob', { groups: ['readers'] }),
        anonymous,
      ]) {
        const decisions = snapshot.decisionsFor(who, environment);
        [looks.count, judged] = [0, 0];
        const effects = coordinates.map((coordinate) => decisions.decide(coordinate, nothing).effect);
        counts.push([who.subject, effects, looks.count, judged]);
      }
    }
    expect(counts.slice(3, 6)).toEqual(counts.slice(0, 3));
    expect(counts.slice(6)).toEqual(counts.slice(0, 3));
    expect(judged).toBe(coordinates.length);
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

  test('asks Casbin about every rule where the matcher is not the default one', async () => {
    const own = model.replace('m = ', 'm = r.sub != "user:eve" && ');
    const files = filesOf(ours + others(300)).map((file) =>
      file.name === 'model.conf' ? { ...file, text: own } : file,
    );
    const loaded = load(files);
    const snapshot = await built(loaded);
    const decisions = snapshot.decisionsFor(user('ann', { groups: ['support'] }), environment);
    expect(decisions.decide('Query.notes', nothing).effect).toBe('allow');
    expect(judged).toBe(loaded.rows.rules.length);
    const eve = snapshot.decisionsFor(user('eve', { groups: ['support'] }), environment);
    expect(eve.decide('Query.notes', nothing).effect).toBe('deny');
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

test('where Casbin does not match a rule that was found by its names, all is denied and told', async () => {
  const log = recordingLog();
  const loaded = load(filesOf('p, authenticated, Query.notes, *, allow\n'));
  const lied = { ...loaded, model: loaded.model.replace('keyMatch', 'keyGet').replace('g2(', 'keyGet(') };
  const snapshot = await buildSnapshot(lied, 'test', {
    schema: declarations.schema,
    clock: standingClock(),
    log,
  });
  const decision = snapshot.decisionsFor(user('ann'), environment).decide('Query.notes', nothing);
  expect([decision.effect, decision.reason]).toEqual(['deny', 'engine-failed']);
  expect(log.told.map(({ fields }) => [fields['event'], String(fields['err'])])).toEqual([
    ['decision.failed', expect.stringContaining('does not match in Casbin')],
  ]);
});
