import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/core/clock.ts';
import type { Principal } from '../../src/core/principal.ts';
import { recordDenials } from '../../src/graphql/record-denials.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import { recordAt } from '../store/rows.ts';
import { ask, type PublicError } from './asking.ts';
import { anonymous, openHouse, settled, type House } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({
    rows: [
      'p, user:ann, Query.users, *, allow',
      'p, user:ann, User.username, *, allow',
      'p, user:ann, User.email, *, deny',
      '',
    ].join('\n'),
  });
});
afterAll(() => house.close());
beforeEach(() => house.reset());

const asked = async (principal: Principal, source: string, variables: Record<string, unknown> = {}) =>
  ask(house.schema, source, {
    state: house.as(principal),
    services: house.services,
    variables,
    recordDenial: recordDenials(house.audit),
  });

type Page = { edges: { node: Record<string, unknown>; cursor: string }[]; pageInfo: Record<string, unknown> };
const nodesOf = (page: unknown): readonly Record<string, unknown>[] =>
  (page as Page).edges.map(({ node }) => node);
const codesOf = (errors: readonly PublicError[] = []) =>
  errors.map(({ extensions }) => [extensions['coordinate'], extensions['code']] as const);

const now = systemClock.now();
/** One record each second, the last one now. */
const append = async (...rows: readonly Partial<AuditRow>[]): Promise<readonly AuditRow[]> => {
  const complete = rows.map((row, index) => recordAt(now - (rows.length - 1 - index) * 1_000, row));
  await house.store.audit.append(complete);
  return complete;
};

describe('the whole trail', () => {
  const TRAIL = `query ($first: Int! = 20, $after: String, $event: String, $subject: String, $account: ID, $from: DateTime, $until: DateTime) {
    auditRecords(first: $first, after: $after, event: $event, subject: $subject, account: $account, from: $from, until: $until) {
      edges { cursor node { id event subject } }
      pageInfo { hasNextPage endCursor }
    }
  }`;
  const ids = async (variables: Record<string, unknown>): Promise<readonly unknown[]> => {
    const { data, errors } = await asked(house.people.aud, TRAIL, variables);
    expect(errors).toBeUndefined();
    return nodesOf(data?.['auditRecords']).map(({ id }) => id);
  };

  test('is told to an auditor with all that is known, newest first', async () => {
    const { ann, root } = house.people;
    const details = { coordinate: 'User.email', rules: ['a.csv:1'], level: 2 };
    const source = {
      authenticator: 'password',
      sessionId: 's',
      requestId: 'r',
      address: '192.0.2.7',
      userAgent: 'b',
    };
    const [older, newer] = await append(
      { event: 'login.failed', accountId: ann.id },
      {
        event: 'decision.denied',
        subject: 'user:ann',
        actorId: ann.id,
        accountId: root.id,
        ...source,
        policyVersion: 'v',
        count: 7,
        details,
      },
    );
    const { data, errors } = await asked(
      house.people.aud,
      `{ auditRecords { edges { node {
        id at event sentence subject count authenticator session requestId address userAgent policyVersion
        about { name value } details { name value }
      } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(nodesOf(data?.['auditRecords'])).toEqual([
      {
        id: newer?.id,
        at: new Date(now).toISOString(),
        event: 'decision.denied',
        sentence: 'A field was denied.',
        subject: 'user:ann',
        count: 7,
        authenticator: 'password',
        session: 's',
        requestId: 'r',
        address: '192.0.2.7',
        userAgent: 'b',
        policyVersion: 'v',
        about: [{ name: 'coordinate', value: 'User.email' }],
        details: [
          { name: 'coordinate', value: 'User.email' },
          { name: 'level', value: '2' },
          { name: 'rules', value: '["a.csv:1"]' },
        ],
      },
      expect.objectContaining({ id: older?.id, event: 'login.failed', address: null, details: [] }),
    ]);
  });

  test('comes in pages, whose cursors tell nothing', async () => {
    const rows = await append(...Array.from({ length: 7 }, () => ({ event: 'login.failed' })));
    const seen: unknown[] = [];
    let after: unknown = null;
    for (let more: unknown = true; more === true;) {
      const { data } = await asked(house.people.aud, TRAIL, { first: 3, after });
      const page = data?.['auditRecords'] as Page;
      seen.push(...nodesOf(page).map(({ id }) => id));
      for (const { node, cursor } of page.edges) {
        expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain(node['id']);
      }
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    expect(seen).toEqual(rows.map(({ id }) => id).reverse());
  });

  test('is narrowed down by event, kind, subject, account and time', async () => {
    const { ann, bob } = house.people;
    const rows = await append(
      { event: 'login.failed', accountId: ann.id },
      { event: 'login.succeeded', subject: 'user:ann', actorId: ann.id, accountId: ann.id },
      { event: 'logout.succeeded', subject: 'user:bob', actorId: bob.id },
      { event: 'account.suspended', subject: 'user:bob', actorId: bob.id, accountId: ann.id },
    );
    const [failed, succeeded, logout, suspended] = rows.map(({ id }) => id);
    expect(await ids({ event: 'login.failed' })).toEqual([failed]);
    expect(await ids({ event: 'login.' })).toEqual([succeeded, failed]);
    expect(await ids({ subject: 'user:bob' })).toEqual([suspended, logout]);
    expect(await ids({ account: ann.id })).toEqual([suspended, succeeded, failed]);
    expect(await ids({ account: ann.id, subject: 'user:bob' })).toEqual([suspended]);
    const moment = (ago: number): string => new Date(now - ago).toISOString();
    expect(await ids({ from: moment(2_000), until: moment(0) })).toEqual([logout, succeeded]);
    expect(await ids({ from: '1969-01-01', until: '+200000-01-01T00:00:00Z' })).toHaveLength(4);
    expect(await ids({ account: 'nobody' })).toEqual([]);
    expect(await ids({ subject: "user:bob' OR 1=1 --" })).toEqual([]);
  });

  test.each([
    [{ event: 'login' }],
    [{ event: '' }],
    [{ event: '.' }],
    [{ event: 'login.%' }],
    [{ first: 0 }],
    [{ first: 101 }],
    [{ after: 'nonsense' }],
  ])('is not searched for what there can not be: %j', async (variables) => {
    const { errors } = await asked(house.people.aud, TRAIL, variables);
    expect(codesOf(errors)).toEqual([[undefined, 'BAD_USER_INPUT']]);
  });

  test('is closed to everybody else', async () => {
    await append({ event: 'login.failed' });
    for (const [principal, code] of [
      [anonymous, 'UNAUTHENTICATED'],
      [house.people.ann, 'FORBIDDEN'],
      [house.people.cleo, 'FORBIDDEN'],
    ] as const) {
      const { data, errors } = await asked(principal, TRAIL);
      expect(data).toEqual({ auditRecords: null });
      expect(codesOf(errors)).toEqual([['Query.auditRecords', code]]);
    }
  });

  test('stays closed to nobody in particular, whatever is granted', async () => {
    const open = await openHouse({ rows: 'p, everyone, audit.view, *, allow\n' });
    const state = { services: open.services, state: open.as(anonymous) };
    const { data } = await ask(open.schema, '{ auditRecords { edges { node { id } } } }', state);
    expect(data).toEqual({ auditRecords: null });
    await open.close();
  });
});

describe("one's own records", () => {
  const OWN = `{ viewer { auditRecords { edges { node {
    event subject about { name value } account { username } actor { username } address userAgent session
  } } } } }`;
  const own = async (principal: Principal, source = OWN) => {
    const { data, errors } = await asked(principal, source);
    const viewer = data?.['viewer'] as { auditRecords: unknown };
    return { nodes: nodesOf(viewer.auditRecords), codes: codesOf(errors) };
  };
  const source = { address: '192.0.2.7', userAgent: 'a browser', sessionId: 'a session' };

  test('are what they did and what was done to them, and nobody else’s', async () => {
    const { ann, bob, root } = house.people;
    await append(
      { event: 'login.failed', accountId: bob.id },
      { event: 'login.failed', accountId: ann.id, ...source },
      { event: 'login.succeeded', subject: 'user:ann', actorId: ann.id, accountId: ann.id, ...source },
      {
        event: 'group.member-added',
        subject: 'user:root',
        actorId: root.id,
        accountId: ann.id,
        ...source,
        details: { group: 'support', member: 'user:ann', gains: ['secret'] },
      },
      { event: 'group.member-added', subject: 'user:root', actorId: root.id, accountId: bob.id },
    );
    const { nodes, codes } = await own(ann);
    const hidden = { address: null, userAgent: null, session: null };
    const shown = { address: '192.0.2.7', userAgent: 'a browser', session: 'a session' };
    const account = { username: 'ann' };
    expect(nodes).toEqual([
      {
        event: 'group.member-added',
        subject: 'user:root',
        about: [
          { name: 'group', value: 'support' },
          { name: 'member', value: 'user:ann' },
        ],
        account,
        actor: { username: 'root' },
        ...hidden,
      },
      { event: 'login.succeeded', subject: 'user:ann', about: [], account, actor: account, ...shown },
      { event: 'login.failed', subject: 'anonymous', about: [], account, actor: null, ...shown },
    ]);
    // Where an administrator works is told once for all rows, as a denial.
    expect(codes.map(([coordinate]) => coordinate).sort()).toEqual([
      'AuditRecord.address',
      'AuditRecord.session',
      'AuditRecord.userAgent',
    ]);
  });

  test('do not tell reasons and rules: those are for auditors', async () => {
    const { ann } = house.people;
    const details = { coordinate: 'User.email', reasons: ['denied-by-rule'], rules: ['more.csv:3'] };
    await append({ event: 'decision.denied', subject: 'user:ann', actorId: ann.id, details });
    const { nodes, codes } = await own(
      ann,
      '{ viewer { auditRecords { edges { node { about { name value } details { name value } } } } } }',
    );
    expect(nodes).toEqual([{ about: [{ name: 'coordinate', value: 'User.email' }], details: null }]);
    expect(codes).toEqual([['AuditRecord.details', 'FORBIDDEN']]);
  });

  test('are none where nobody is logged in', async () => {
    await append({ event: 'login.failed' });
    const { data } = await asked(anonymous, OWN);
    expect(data).toEqual({ viewer: { auditRecords: null } });
  });
});

describe('C48: denials', () => {
  test('are on record once for each coordinate of an operation, with count, rules, reason, version and origin', async () => {
    const { ann } = house.people;
    const state = house.as(ann);
    const { errors } = await asked(
      ann,
      '{ users(first: 100) { edges { node { username email status } } } groups { edges { node { name } } } }',
    );
    await settled(house.audit);
    const records = await house.store.audit.list({}, { after: null, limit: 100 });
    expect(records.map(({ details }) => details['coordinate']).sort()).toEqual([
      'Query.groups',
      'User.email',
      'User.status',
    ]);
    for (const record of records) {
      expect(record).toMatchObject({
        event: 'decision.denied',
        subject: 'user:ann',
        actorId: ann.id,
        accountId: null,
        requestId: 'request-1',
        sessionId: house.sessions.ann,
        policyVersion: state.snapshot.version,
      });
    }
    const of = (coordinate: string) => records.find(({ details }) => details['coordinate'] === coordinate);
    expect(of('User.email')).toMatchObject({
      count: 5,
      details: { codes: ['FORBIDDEN'], reasons: ['denied-by-rule'], rules: ['more.csv:3'] },
    });
    // Her own status she sees.
    expect(of('User.status')).toMatchObject({
      count: 4,
      details: { reasons: ['no-rule-allows'], rules: [] },
    });
    expect(of('Query.groups')).toMatchObject({ count: 1 });
    expect(codesOf(errors)).toHaveLength(3);
  });

  test('of a mutation that is refused as a whole are on record, and nothing else has happened', async () => {
    const { ann, bob } = house.people;
    await asked(ann, 'mutation ($id: ID!) { suspendUser(input: { id: $id }) { user { id } } }', {
      id: bob.id,
    });
    await settled(house.audit);
    const records = await house.store.audit.list({}, { after: null, limit: 100 });
    expect(records).toMatchObject([
      { event: 'decision.denied', count: 1, details: { coordinate: 'Mutation.suspendUser' } },
    ]);
    expect(await house.store.users.find(bob.id)).toMatchObject({ status: 'active' });
  });
});
