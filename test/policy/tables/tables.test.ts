import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSnapshot } from '../../../src/policy/build-snapshot.ts';
import { stands } from '../../../src/policy/decision.ts';
import type { PolicySnapshot } from '../../../src/policy/snapshot.ts';
import { rounds } from '../../rounds.ts';
import {
  anonymous,
  coordinates,
  declarations,
  environment,
  filesOf,
  load,
  nothing,
  recordingLog,
  snapshotOf,
  standingClock,
  user,
} from '../fixture.ts';
import { context, policy, principal } from '../parity/arbitraries.ts';

const snapshotWith = (rules: string, tableBytes: number): Promise<PolicySnapshot> =>
  buildSnapshot(load(filesOf(rules)), 'test', {
    schema: declarations.schema,
    tableBytes,
    clock: standingClock(),
    log: recordingLog(),
  });

const marksOf = (snapshot: PolicySnapshot, who: Parameters<PolicySnapshot['decisionsFor']>[0]) =>
  snapshot.decisionsFor(who, environment).standing.marks;
const numberOf = (coordinate: (typeof coordinates)[number]): number => coordinates.indexOf(coordinate);

describe('permission tables', () => {
  test(
    'answer everybody as a snapshot of their own would, however little room they have',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          policy,
          fc.array(fc.tuple(principal, context), { minLength: 2, maxLength: 8 }),
          fc.constantFrom(0, 3_000, 20_000, 10_000_000),
          async (rules, asked, room) => {
            const shared = await snapshotWith(rules, room);
            for (const [who, seen] of asked) {
              const alone = (await snapshotWith(rules, 10_000_000)).decisionsFor(who, environment);
              const decisions = shared.decisionsFor(who, environment);
              for (const coordinate of coordinates) {
                expect(decisions.preview(coordinate)).toEqual({
                  ...alone.preview(coordinate),
                });
                const decision = decisions.decide(coordinate, seen);
                expect(decision).toEqual(alone.decide(coordinate, seen));
                expect(decisions.remedyFor(decision, seen)).toEqual(
                  alone.remedyFor(alone.decide(coordinate, seen), seen),
                );
                const mark = (decisions.standing.marks[numberOf(coordinate)] ?? 0) & stands.mask;
                if (mark === stands.allowed) expect(decision.effect).toBe('allow');
                if (mark === stands.denied) expect(decision.effect).toBe('deny');
              }
            }
          },
        ),
        { numRuns: rounds(60, 3_000) },
      );
    },
    rounds(60_000, 900_000),
  );

  test('are one for all whose groups rules treat alike, and asked for once', async () => {
    const snapshot = await snapshotOf('p, group:support, Query.users, *, allow\n');
    for (let person = 0; person < 50; person += 1) {
      const who = user(`person${person}`, { groups: ['support', `team${person}`] });
      expect(snapshot.decisionsFor(who, environment).decide('Query.users', nothing).effect).toBe('allow');
    }
    expect([snapshot.tables().asked, snapshot.tables().tables]).toEqual([1, 1]);
  });

  test('do not mix up people of one table whose other groups a condition asks for', async () => {
    const snapshot = await snapshotOf(
      `p, authenticated, Query.users, *, allow, "in_group(r.ctx, 'group:b')"\n`,
    );
    const effectFor = (...groups: string[]) =>
      snapshot.decisionsFor(user('ann', { groups }), environment).decide('Query.users', nothing).effect;
    expect([effectFor('a'), effectFor('b'), effectFor('a'), effectFor()]).toEqual([
      'deny',
      'allow',
      'deny',
      'deny',
    ]);
  });

  test('give an account that rules name what is its own, and nobody else', async () => {
    const snapshot = await snapshotOf(`p, user:ann, Query.users, *, allow
p, user:bob, Query.notes, *, deny
p, authenticated, Query.notes, *, allow
`);
    const effects = (name: string) =>
      (['Query.users', 'Query.notes'] as const).map(
        (coordinate) => snapshot.decisionsFor(user(name), environment).decide(coordinate, nothing).effect,
      );
    expect(effects('ann')).toEqual(['allow', 'allow']);
    expect(effects('cleo')).toEqual(['deny', 'allow']);
    expect(effects('bob')).toEqual(['deny', 'deny']);
    expect(effects('cleo')).toEqual(['deny', 'allow']);
  });

  test('know nothing before somebody asks, and what is up to conditions never stands', async () => {
    const snapshot = await snapshotOf(`p, authenticated, Query.users, *, allow
p, authenticated, Query.notes, *, allow, "fresh(r.ctx, '5m')"
`);
    const marks = marksOf(snapshot, user('ann'));
    expect([...(marksOf(snapshot, user('ann')) as Uint32Array)].every((mark) => mark === 0)).toBe(true);
    const decisions = snapshot.decisionsFor(user('ann'), environment);
    for (const coordinate of ['Query.users', 'Query.notes', 'Note.id'] as const)
      decisions.decide(coordinate, nothing);
    expect(
      (['Query.users', 'Query.notes', 'Note.id', 'Note.title'] as const).map(
        (coordinate) => (marks[numberOf(coordinate)] ?? 0) & stands.mask,
      ),
    ).toEqual([stands.allowed, stands.depends, stands.denied, stands.unknown]);
    expect((marksOf(snapshot, anonymous)[numberOf('Query.users')] ?? 0) & stands.mask).toBe(stands.unknown);
  });

  test('take no more room than they are given', async () => {
    const most = 200_000;
    const groups = Array.from({ length: 12 }, (_, at) => `g${at}`);
    const rules = groups.map((group) => `p, group:${group}, Query.users, *, allow\n`).join('');
    const snapshot = await snapshotWith(rules, most);
    let greatest = 0;
    for (let set = 0; set < 4_096; set += 1) {
      const of = groups.filter((_, at) => (set >> at) % 2 === 1);
      const decisions = snapshot.decisionsFor(user(`u${set}`, { groups: of }), environment);
      expect(decisions.decide('Query.users', nothing).effect).toBe(of.length > 0 ? 'allow' : 'deny');
      greatest = Math.max(greatest, snapshot.tables().bytes);
    }
    // A turn is made before the next one is taken in.
    expect(greatest).toBeLessThan(most + 5_000);
    expect(greatest).toBeGreaterThan(most / 3);
  });

  test('are never given to a principal whose names only look like another’s when joined', async () => {
    const snapshot = await snapshotOf('p, group:a, Query.users, *, allow\n');
    const effectFor = (groups: unknown): string =>
      snapshot
        .decisionsFor({ ...user('ann'), groups } as ReturnType<typeof user>, environment)
        .decide('Query.users', nothing).effect;
    expect(effectFor(['group:a', 'group:b'])).toBe('allow');
    for (const groups of [
      ['group:a group:b'],
      [['group:a'], 'group:b'],
      ['group:a', null],
      ['group:a\0group:b'],
      { 0: 'group:a', 1: 'group:b', length: 2 },
    ])
      expect(effectFor(groups)).toBe('deny');
    expect(effectFor(['group:a', 'group:b'])).toBe('allow');
  });

  test('follow a principal whose groups, name or kind are others than when it was met before', async () => {
    const snapshot = await snapshotOf('p, group:a, Query.users, *, allow\n');
    const groups: `group:${string}`[] = ['group:a'];
    const ann = { ...user('ann'), groups };
    const effectFor = (who: object): string =>
      snapshot.decisionsFor(who as typeof ann, environment).decide('Query.users', nothing).effect;
    expect(effectFor(ann)).toBe('allow');
    expect(effectFor({ ...ann, username: 'bob' })).toBe('deny');
    expect(effectFor({ ...ann, kind: 'anonymous' })).toBe('deny');
    expect(effectFor({ ...ann, groups: [] })).toBe('deny');
    expect(effectFor(ann)).toBe('allow');
    groups[0] = 'group:b';
    expect(effectFor(ann)).toBe('deny');
    groups.length = 0;
    expect(effectFor({ ...ann, groups: '' })).toBe('deny');
  });
});
