import { describe, expect, test } from '@jest/globals';
import type { Coordinate } from '../../../src/core/coordinate.ts';
import {
  anonymous,
  coordinates,
  environment,
  nothing,
  ownedBy,
  recordingLog,
  snapshotOf,
  standingClock,
  user,
} from '../fixture.ts';

const long = 24 * 60 * 60 * 1000;

describe('a decision', () => {
  test('is a deny where no rule speaks, for every coordinate and everybody', async () => {
    const snapshot = await snapshotOf('');
    for (const principal of [anonymous, user('ann'), user('bob', { groups: ['support'] })]) {
      const decisions = snapshot.decisionsFor(principal, environment);
      for (const coordinate of coordinates) {
        expect(decisions.decide(coordinate, nothing)).toEqual({
          effect: 'deny',
          coordinate,
          action: coordinate.startsWith('Mutation')
            ? 'write'
            : coordinate.startsWith('Sub')
              ? 'subscribe'
              : 'read',
          reason: 'no-rule-allows',
          rules: [],
          policyVersion: snapshot.version,
        });
      }
    }
  });

  test('is a frozen value that names the rules that allowed, in policy order', async () => {
    const snapshot = await snapshotOf(`p, authenticated, Query.notes, *, allow
p, group:support, Query.users, *, allow
p, everyone, Query.notes, read, allow
`);
    const decision = snapshot.decisionsFor(user('ann'), environment).decide('Query.notes', nothing);
    expect(decision).toMatchObject({ effect: 'allow', reason: 'allowed' });
    expect(decision.rules.map((rule) => rule.provenance)).toEqual([
      { kind: 'file', file: 'rules.csv', line: 1 },
      { kind: 'file', file: 'rules.csv', line: 3 },
    ]);
    expect(Object.isFrozen(decision)).toBe(true);
  });

  test('is a deny where any rule denies, superusers included, and names every rule that denied', async () => {
    const snapshot = await snapshotOf(`g, user:root, group:superusers
p, everyone, Mutation.deleteUser, *, deny
p, group:superusers, Mutation.*, *, deny
`);
    const decisions = snapshot.decisionsFor(user('root'), environment);
    expect(decisions.decide('Mutation.updateNote', nothing).effect).toBe('deny');
    expect(decisions.decide('Query.users', nothing).effect).toBe('allow');
    const denied = decisions.decide('Mutation.deleteUser', nothing);
    expect(denied.reason).toBe('denied-by-rule');
    // Stock casbin stops at the first deny; whoever asks why must see them all.
    expect(denied.rules.map((rule) => rule.subject)).toEqual(['everyone', 'group:superusers']);
  });

  test('looks at the object: somebody may update their own note, and not another one', async () => {
    const snapshot = await snapshotOf('p, authenticated, Mutation.updateNote, *, allow, self(r.ctx)\n');
    const decisions = snapshot.decisionsFor(user('ann'), environment);
    expect(decisions.decide('Mutation.updateNote', ownedBy('ann')).effect).toBe('allow');
    expect(decisions.decide('Mutation.updateNote', ownedBy('bob')).effect).toBe('deny');
    expect(decisions.decide('Mutation.updateNote', nothing).effect).toBe('deny');
    expect(decisions.decide('Mutation.updateNote', ownedBy('ann')).effect).toBe('allow');
  });

  test('C44: a user called like a group has nothing of the group', async () => {
    const snapshot = await snapshotOf(`p, group:admin, Query.users, *, allow
p, group:lead, Query.notes, *, allow
g, group:admin, group:lead
g, user:admin, group:other
`);
    const admin = snapshot.decisionsFor(user('admin'), environment);
    for (const coordinate of coordinates) expect(admin.decide(coordinate, nothing).effect).toBe('deny');
    const impostor = {
      ...user('ann'),
      groups: ['user:admin', 'everyone', 'group:admin, group:lead'],
    } as unknown as ReturnType<typeof user>;
    expect(snapshot.decisionsFor(impostor, environment).decide('Query.users', nothing).effect).toBe('deny');
    const member = snapshot.decisionsFor(user('ann', { groups: ['admin'] }), environment);
    expect(member.decide('Query.users', nothing).effect).toBe('allow');
    expect(member.decide('Query.notes', nothing).effect).toBe('allow');
  });

  test('C45: names outside their alphabets reach nothing: not arrays, null, numbers, quotes or newlines', async () => {
    const snapshot = await snapshotOf('p, everyone, *, *, allow\n');
    const hostile: unknown[] = [
      null,
      undefined,
      1,
      true,
      ['Query.users'],
      {},
      '',
      '*',
      'Query.*',
      'Query.users\n',
      '"Query.users"',
      'Query.users,x',
      ' Query.users',
      'Query',
    ];
    const decisions = snapshot.decisionsFor(user('ann'), environment);
    for (const name of hostile) {
      expect(decisions.decide(name as Coordinate, nothing)).toMatchObject({
        effect: 'deny',
        reason: 'engine-failed',
      });
      expect(decisions.preview(name as Coordinate)).toMatchObject({
        effect: 'deny',
        reason: 'engine-failed',
      });
    }
    for (const subject of [
      null,
      1,
      ['user:ann'],
      'group:superusers',
      'everyone',
      'user:Ann',
      'user:ann\n',
      'ann',
    ]) {
      const principal = { ...user('ann'), subject } as unknown as ReturnType<typeof user>;
      expect(snapshot.decisionsFor(principal, environment).decide('Query.users', nothing).effect).toBe(
        'deny',
      );
      expect([...snapshot.subjectsOf(principal)]).toEqual([]);
    }
    expect(decisions.decide('Query.users', nothing).effect).toBe('allow');
  });
});

describe('a condition that cannot be evaluated', () => {
  test('keeps an allow rule from allowing, and makes a deny rule deny', async () => {
    const snapshot =
      await snapshotOf(`p, authenticated, Query.notes, *, allow, r.ctx.principal.attributes.department == 'sales'
p, authenticated, Note.title, *, allow
p, authenticated, Note.title, *, deny, r.ctx.object.shared == false
`);
    const decisions = snapshot.decisionsFor(user('ann'), environment);
    expect(decisions.decide('Query.notes', nothing).reason).toBe('no-rule-allows');
    const denied = decisions.decide('Note.title', nothing);
    expect(denied).toMatchObject({ effect: 'deny', reason: 'deny-condition-failed' });
    expect(denied.rules.map((rule) => rule.provenance)).toEqual([
      { kind: 'file', file: 'rules.csv', line: 3 },
    ]);
    expect(decisions.decide('Note.title', { args: {}, object: { shared: true, owner: 'x' } }).effect).toBe(
      'allow',
    );
  });

  test('is told with file and line once a minute for each rule, and counted each time', async () => {
    const log = recordingLog();
    const clock = standingClock();
    const snapshot = await snapshotOf(
      // Something must hang on the condition: where nothing allows, nobody asks it.
      `p, everyone, Note.title, *, deny, r.ctx.object.shared == false
p, everyone, Note.title, *, allow
`,
      log,
      clock,
    );
    const ask = (): void =>
      void snapshot.decisionsFor(user('ann'), environment).decide('Note.title', nothing);
    for (let i = 0; i < 5; i++) ask();
    expect(log.told.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(log.told[0]!.message).toContain('rules.csv:1');
    clock.move(61_000);
    ask();
    expect(log.told.filter(({ level }) => level === 'warn')).toHaveLength(2);
    expect([...snapshot.failedConditions.values()]).toEqual([6]);
  });
});

describe('a preview', () => {
  const policy = `p, authenticated, Query.notes, *, allow
p, authenticated, Mutation.updateNote, *, allow, self(r.ctx)
p, authenticated, User.name, *, allow
p, authenticated, User.name, *, deny, r.ctx.object.owner == 'nobody'
p, authenticated, Mutation.deleteUser, *, allow
p, everyone, Mutation.deleteUser, *, deny, "!fresh(r.ctx, '5m')"
`;
  test('is definite where neither object nor arguments can change it', async () => {
    const decisions = (await snapshotOf(policy)).decisionsFor(
      user('ann', { authTime: environment.now - long }),
      environment,
    );
    expect(decisions.preview('Query.notes').effect).toBe('allow');
    expect(decisions.preview('Query.users').effect).toBe('deny');
    expect(decisions.preview('Mutation.deleteUser')).toMatchObject({
      effect: 'deny',
      reason: 'denied-by-rule',
    });
  });

  test('depends where only the object can tell, for an allow as for a deny', async () => {
    const decisions = (await snapshotOf(policy)).decisionsFor(user('ann'), environment);
    expect(decisions.preview('Mutation.updateNote')).toEqual({
      effect: 'depends',
      coordinate: 'Mutation.updateNote',
      action: 'write',
    });
    expect(decisions.preview('User.name').effect).toBe('depends');
    expect(decisions.preview('Mutation.deleteUser').effect).toBe('allow');
  });
});

describe('the remedy for a deny', () => {
  const policy = `p, authenticated, Query.notes, *, allow
p, anonymous, Query.users, *, deny
p, everyone, Query.users, *, allow
p, everyone, User.email, *, deny
p, authenticated, User.email, *, allow
p, authenticated, Mutation.deleteUser, *, allow
p, everyone, Mutation.deleteUser, *, deny, "!fresh(r.ctx, '5m')"
p, authenticated, Mutation.updateNote, *, allow, "self(r.ctx) && aal(r.ctx, 2)"
p, authenticated, Note.title, *, allow, "self(r.ctx) && fresh(r.ctx, '10m')"
`;
  const stale = user('ann', { authTime: environment.now - long });

  test('is to log in for somebody anonymous whom a login might help, and only then', async () => {
    const decisions = (await snapshotOf(policy)).decisionsFor(anonymous, environment);
    const remedy = (coordinate: Coordinate): string =>
      decisions.remedyFor(decisions.decide(coordinate, nothing), nothing).kind;
    expect(remedy('Query.notes')).toBe('log-in');
    expect(remedy('Query.users')).toBe('log-in');
    expect(remedy('User.email')).toBe('none');
    expect(remedy('Mutation.deleteUser')).toBe('log-in');
    expect(remedy('Query.note')).toBe('log-in'); // group:superusers
  });

  test('is a step-up, with the calls as written, where a new login would be allowed', async () => {
    const decisions = (await snapshotOf(policy)).decisionsFor(stale, environment);
    expect(decisions.remedyFor(decisions.decide('Mutation.deleteUser', nothing), nothing)).toEqual({
      kind: 'step-up',
      calls: ["fresh(r.ctx, '5m')"],
    });
    const own = ownedBy('ann');
    expect(decisions.remedyFor(decisions.decide('Note.title', own), own)).toEqual({
      kind: 'step-up',
      calls: ["fresh(r.ctx, '10m')"],
    });
  });

  test('is none where a new login could not prove enough, or the object is another one', async () => {
    const snapshot = await snapshotOf(policy);
    const decisions = snapshot.decisionsFor(stale, environment);
    const own = ownedBy('ann');
    expect(decisions.remedyFor(decisions.decide('Mutation.updateNote', own), own).kind).toBe('none');
    const other = ownedBy('bob');
    expect(decisions.remedyFor(decisions.decide('Note.title', other), other).kind).toBe('none');
    expect(decisions.remedyFor(decisions.decide('Query.users', nothing), nothing).kind).toBe('none');
    const stronger = snapshot.decisionsFor(stale, {
      ...environment,
      provable: { amr: ['pwd', 'otp'], aal: 2 },
    });
    expect(stronger.remedyFor(stronger.decide('Mutation.updateNote', own), own)).toEqual({
      kind: 'step-up',
      calls: ['aal(r.ctx, 2)'],
    });
  });

  test('of a preview is found without an object, whatever context comes with the question', async () => {
    const snapshot = await snapshotOf(`p, authenticated, Mutation.updateNote, *, allow, self(r.ctx)
p, everyone, Mutation.updateNote, *, deny, "!fresh(r.ctx, '5m')"
`);
    const decisions = snapshot.decisionsFor(stale, environment);
    const preview = decisions.preview('Mutation.updateNote');
    if (preview.effect === 'depends') throw new Error('It must be a definite deny.');
    expect(decisions.remedyFor(preview, nothing)).toEqual({ kind: 'step-up', calls: ["fresh(r.ctx, '5m')"] });
  });
});

describe('a snapshot', () => {
  const policy = `g2, Query.users, people.view_user
g2, User.*, people.view_user
g2, people.view_user, people.manage_user
g2, Mutation.deleteUser, people.manage_user
g, user:ann, group:support
g, group:support, group:staff
p, group:staff, people.manage_user, read, allow
p, everyone, Note.*, *, allow
p, group:lead, Subscription.noteChanged, *, deny
`;
  test('tells its groups, its permissions and what they cover', async () => {
    const snapshot = await snapshotOf(policy);
    expect(snapshot.groups).toEqual(['lead', 'staff', 'superusers', 'support']);
    expect([...snapshot.permissions.get('people.view_user')!]).toEqual([
      'Query.users',
      'User.email',
      'User.name',
    ]);
    expect([...snapshot.permissions.get('people.manage_user')!]).toEqual([
      'Mutation.deleteUser',
      'Query.users',
      'User.email',
      'User.name',
    ]);
  });

  test('counts as covered what a rule names by coordinate, type or permission, and not by a bare star', async () => {
    const { coverage } = await snapshotOf(policy);
    expect(coverage.uncovered).toEqual([
      'Mutation.deleteUser',
      'Mutation.updateNote',
      'Query.note',
      'Query.notes',
    ]);
    expect(coverage).toMatchObject({ total: 10, covered: 6 });
  });

  test('explains rule by rule, with the chain of memberships', async () => {
    const snapshot = await snapshotOf(policy);
    const explanation = snapshot.explain(user('ann'), 'User.email', environment, null);
    expect(explanation.effect).toBe('allow');
    expect(explanation.subjects).toContainEqual({
      subject: 'group:staff',
      path: ['user:ann', 'group:support', 'group:staff'],
    });
    expect(explanation.candidates).toEqual([
      expect.objectContaining({
        subjectMatched: false,
        actionMatched: true,
        condition: null,
        decided: false,
      }),
      expect.objectContaining({ subjectMatched: true, actionMatched: true, condition: null, decided: true }),
    ]);
    expect(
      snapshot.explain(user('ann'), 'Mutation.deleteUser', environment, nothing).candidates[1],
    ).toMatchObject({
      subjectMatched: true,
      actionMatched: false,
      decided: false,
    });
  });

  test('says in an explanation what a condition came to', async () => {
    const snapshot = await snapshotOf('p, authenticated, Mutation.updateNote, *, allow, self(r.ctx)\n');
    const conditionFor = (context: typeof nothing | null): unknown =>
      snapshot.explain(user('ann'), 'Mutation.updateNote', environment, context).candidates.at(-1)!.condition;
    expect(conditionFor(null)).toBe('unknown');
    expect(conditionFor(nothing)).toBe('failed');
    expect(conditionFor(ownedBy('bob'))).toBe('false');
    expect(conditionFor(ownedBy('ann'))).toBe('true');
  });
});

test('a fact that asks in turn, while it is read, changes nothing of the question that it was read for', async () => {
  const snapshot = await snapshotOf(
    `p, everyone, Note.title, read, allow, r.ctx.object.shared == false && self(r.ctx)
`,
  );
  const decisions = snapshot.decisionsFor(user('ann'), environment);
  const asking = {
    get shared() {
      expect(decisions.decide('Note.title', ownedBy('ann')).effect).toBe('allow');
      return false;
    },
    owner: 'id-of-bob',
  };
  expect(decisions.decide('Note.title', { args: {}, object: asking }).effect).toBe('deny');
  expect(decisions.decide('Note.title', ownedBy('ann')).effect).toBe('allow');
});
