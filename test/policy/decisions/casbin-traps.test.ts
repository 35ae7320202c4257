import { describe, expect, test } from '@jest/globals';
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { buildSnapshot } from '../../../src/policy/build-snapshot.ts';
import { renderStockPolicy } from '../../../src/policy/files/stock-policy.ts';
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

/** Regressions against the faults of casbin 5.51.1 that decisions meet. Those of its parser are in test/policy/files. */
describe('casbin trap', () => {
  test('a missing column is undefined: a rule without a condition holds, and one with a condition is not it', async () => {
    const snapshot = await snapshotOf(`p, everyone, Query.notes, *, allow
p, everyone, Query.users, *, allow, "has_attribute(r.ctx, 'department', 'sales')"
`);
    const decisions = snapshot.decisionsFor(user('ann', { attributes: { department: 'law' } }), environment);
    expect(decisions.decide('Query.notes', nothing).effect).toBe('allow');
    expect(decisions.decide('Query.users', nothing).effect).toBe('deny');
  });

  test('a policy without rules is judged once with empty columns: it allows nobody anything', async () => {
    const loaded = load(filesOf('').filter(({ name }) => name !== 'builtin.csv'));
    const needs = { schema: declarations.schema, clock: standingClock(), log: recordingLog() };
    const snapshot = await buildSnapshot(loaded, 'test', needs);
    for (const principal of [anonymous, user('ann'), user('root', { groups: ['superusers'] })]) {
      const decisions = snapshot.decisionsFor(principal, environment);
      for (const coordinate of coordinates) {
        expect(decisions.decide(coordinate, nothing)).toMatchObject({
          effect: 'deny',
          reason: 'no-rule-allows',
        });
        expect(decisions.preview(coordinate).effect).toBe('deny');
        expect(decisions.remedyFor(decisions.decide(coordinate, nothing), nothing)).toEqual({ kind: 'none' });
      }
    }
  });

  test('g(x, x) is true: a subject of a rule is nobody by being spelt like somebody', async () => {
    const snapshot = await snapshotOf(
      'p, group:ann, Query.notes, *, allow\np, user:bob, Query.users, *, allow\n',
    );
    expect(snapshot.decisionsFor(user('ann'), environment).decide('Query.notes', nothing).effect).toBe(
      'deny',
    );
    const member = user('carl', { groups: ['bob'] });
    expect(snapshot.decisionsFor(member, environment).decide('Query.users', nothing).effect).toBe('deny');
  });

  test('chains of roles are followed for 10 steps and no more: the longest that the loader takes is followed to its end', async () => {
    const chain = Array.from({ length: 9 }, (_, step) => `g, group:s${step}, group:s${step + 1}\n`).join('');
    const rules = `${chain}p, group:s9, Query.notes, *, allow\np, everyone, Query.notes, *, deny, "!in_group(r.ctx, 'group:s9')"\n`;
    const loaded = load(filesOf(rules));
    const ann = user('ann', { groups: ['s0'] });
    const snapshot = await snapshotOf(rules);
    expect(snapshot.decisionsFor(ann, environment).decide('Query.notes', nothing).effect).toBe('allow');
    const provenance = { kind: 'file', file: 'principal', line: 0 } as const;
    const stock = renderStockPolicy(loaded, [{ member: ann.subject, group: 'group:s0', provenance }]);
    const enforcer = await newEnforcer(newModelFromString(stock.model), new StringAdapter(stock.policy));
    await enforcer.addFunction('when', (condition: unknown) => condition === undefined);
    expect(await enforcer.enforce(ann.subject, 'Query.notes', 'read', {})).toBe(true);

    const longer = `g, group:s9, group:s10\n${rules}`;
    expect(() => load(filesOf(longer))).toThrow('chain-too-deep');
  });

  test('a revoked user stays allowed by a cached enforcer: nothing is remembered past a request', async () => {
    const snapshot = await snapshotOf('p, group:support, Query.users, *, allow\n');
    const before = snapshot.decisionsFor(user('ann', { groups: ['support'] }), environment);
    expect(before.decide('Query.users', nothing).effect).toBe('allow');
    const after = snapshot.decisionsFor(user('ann'), environment);
    expect(after.decide('Query.users', nothing).effect).toBe('deny');
  });

  test('one enforcer serves many: requests that interleave, or ask within a question, keep their own groups', async () => {
    const snapshot = await snapshotOf(`p, group:support, Query.users, *, allow
p, everyone, Note.title, *, allow, r.ctx.object.shared == true
p, group:support, Note.id, *, allow
`);
    const support = snapshot.decisionsFor(user('ann', { groups: ['support'] }), environment);
    const guest = snapshot.decisionsFor(anonymous, environment);
    const within = {
      args: {},
      object: {
        get shared() {
          return support.decide('Note.id', nothing).effect === 'allow';
        },
      },
    };
    expect(guest.decide('Note.title', within).effect).toBe('allow');
    expect(guest.decide('Query.users', nothing).effect).toBe('deny');
    expect(support.decide('Query.users', nothing).effect).toBe('allow');
    expect(guest.decide('Note.id', nothing).effect).toBe('deny');
  });

  test('an un-awaited promise is truthy: a decision is a value, there at once', async () => {
    const decision = (await snapshotOf(''))
      .decisionsFor(anonymous, environment)
      .decide('Query.notes', nothing);
    expect(decision).not.toHaveProperty('then');
    expect(decision.effect).toBe('deny');
  });
});
