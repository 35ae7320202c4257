import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import type { AttributeDeclarations } from '../../src/accounts/attributes.ts';
import { createIdentities } from '../../src/accounts/create-identities.ts';
import type { ForeignIdentity } from '../../src/accounts/foreign-identity.ts';
import type { Identities } from '../../src/accounts/identities.ts';
import type { Audit } from '../../src/audit/audit.ts';
import { createAudit } from '../../src/audit/create-audit.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { originWithoutRequest } from '../../src/core/origin.ts';
import { grantsOf } from '../../src/accounts/grants-of.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { environment, user as principalCalled } from '../policy/fixture.ts';
import { setDesk, type Desk } from '../policy/engine/desk.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { userNamed } from '../store/rows.ts';

const rules = `
g, user:boss, group:superusers
p, authenticated, Query.notes, *, allow
p, group:contractors, Query.notes, *, deny
p, group:support, Query.users, *, allow
`;

const anybody = originWithoutRequest('anonymous');
const attributes: AttributeDeclarations = { department: 'string', level: 'number', badges: 'strings' };

const acme = (subject: string, more: Partial<ForeignIdentity> = {}): ForeignIdentity => ({
  issuer: 'https://acme.example',
  subject,
  label: `${subject}@acme.example`,
  username: subject,
  name: null,
  email: null,
  groups: null,
  attributes: {},
  ...more,
});

describe.each(storeKinds)('identities on the %s store', (kind) => {
  let opened: TestStore;
  let store: Store;
  let desk: Desk;
  let policy: PolicyEngine;
  let audit: Audit;
  let identities: Identities;

  const identitiesOn = (other: Store, trail: Audit): Identities =>
    createIdentities({ store: other, audit: trail, policy, attributes, clock: systemClock });

  beforeAll(async () => {
    opened = await openTestStore(kind);
    store = opened.store;
    desk = setDesk(rules);
    policy = await desk.open({
      grants: grantsOf(store),
      lastGoodFile: null,
      clock: systemClock,
      log: silentLog,
    });
  });
  afterAll(async () => {
    await desk.clear();
    await opened.close();
  });
  beforeEach(async () => {
    await opened.empty();
    audit = createAudit({ store, settings: { queue: 1_000 }, clock: systemClock, log: silentLog });
    identities = identitiesOn(store, audit);
  });
  afterEach(() => audit.close());

  const logIn = (identity: ForeignIdentity, provision = true, of = identities) =>
    of.logIn(identity, { authenticator: 'acme', provision, origin: anybody });
  const link = (identity: ForeignIdentity, userId: string) =>
    identities.link(identity, { authenticator: 'acme', userId, origin: originWithoutRequest('user:ann') });
  const groupsOf = async (id: string) => (await store.groups.groupsOf([id])).get(id);
  const identitiesOf = async (id: string) => (await store.identities.ofUsers([id])).get(id) ?? [];
  const eventsSoFar = async () => {
    await audit.close();
    return (await store.audit.list({}, { after: null, limit: 100 })).map(({ event }) => event).reverse();
  };
  /** Everything but the trail, which a refusal does write. */
  const digest = async () => {
    const tables = ['users', 'identities', 'groups', 'memberships', 'email_addresses', 'administration'];
    const rows = [];
    for (const table of tables) rows.push(await opened.sql(`SELECT * FROM ${table} ORDER BY 1, 2`));
    return JSON.stringify(rows);
  };
  const refusal = (message: RegExp) => ({
    code: 'LOGIN_REFUSED',
    message: expect.stringMatching(message) as unknown,
  });

  describe('a first login', () => {
    test('makes an account of what the claims say, and tells who made it', async () => {
      const identity = acme('Ann', {
        name: ' Ann\nExample ',
        email: { address: 'ann@example.org', verified: true },
        groups: ['support', 'new-group', 'support'],
        attributes: { department: 'sales', level: null },
      });
      const user = await logIn(identity);
      expect(user).toMatchObject({
        username: 'ann',
        name: 'Ann\\nExample',
        status: 'active',
        attributes: { department: 'sales' },
      });
      expect(await store.users.find(user.id)).toEqual(user);
      expect(await groupsOf(user.id)).toEqual(['new-group', 'support']);
      expect(await identitiesOf(user.id)).toMatchObject([
        { issuer: 'https://acme.example', subject: 'Ann', label: 'Ann@acme.example', authenticator: 'acme' },
      ]);
      expect(await store.users.passwordOf(user.id)).toBeNull();
      await audit.close();
      expect(await store.audit.list({}, { after: null, limit: 10 })).toMatchObject([
        { event: 'group.claims-applied', subject: 'authenticator:acme', accountId: user.id },
        {
          event: 'account.email-changed',
          subject: 'authenticator:acme',
          accountId: user.id,
          details: { username: 'ann', address: 'ann@example.org', verified: true },
        },
        {
          event: 'account.provisioned',
          subject: 'anonymous',
          accountId: user.id,
          details: { username: 'ann', issuer: 'https://acme.example', subject: 'Ann' },
        },
      ]);
    });

    test('C54: takes an address for verified only where the issuer says exactly so', async () => {
      const verifiedAtOf = async (subject: string, verified: boolean) => {
        const email = { address: `${subject}@example.org`, verified };
        const { id } = await logIn(acme(subject, { email }));
        return (await store.users.emailsOf([id])).get(id)?.map(({ verifiedAt }) => verifiedAt !== null);
      };
      expect(await verifiedAtOf('ann', true)).toEqual([true]);
      expect(await verifiedAtOf('bob', false)).toEqual([false]);
    });

    test('leaves out an address that is none, and is let in all the same', async () => {
      const email = { address: 'Ann <ann@example.org>\r\nBcc: x', verified: true };
      const { id } = await logIn(acme('ann', { email }));
      expect((await store.users.emailsOf([id])).get(id)).toEqual([]);
    });

    test('takes a thousand groups', async () => {
      const groups = Array.from({ length: 1_000 }, (_, index) => `group-${index}`);
      const { id } = await logIn(acme('ann', { groups }));
      expect((await groupsOf(id))?.toSorted()).toEqual(groups.toSorted());
      await logIn(acme('ann', { groups: ['group-7'] }));
      expect(await groupsOf(id)).toEqual(['group-7']);
    });

    test.each([
      [
        'is taken',
        'bob',
        /username bob can’t be given.*log in to it in another way.*\/account.*administrator/s,
      ],
      ['is taken in another spelling', 'ＢＯＢ', /username bob can’t be given/],
      ['is named by a policy file', 'Boss', /username boss can’t be given/],
      ['is a built-in subject', 'everyone', /username everyone can’t be given/],
      ['no account can have', 'no name', /can’t be a username here.*administrator/s],
      ['is bob with a Cyrillic о, for whom others would take it', 'b\u043eb', /can’t be a username here/],
      ['is bob with a Greek ο', 'b\u03bfb', /can’t be a username here/],
      ['has something in it that nobody sees', 'bob\ufe0f', /can’t be a username here/],
      ['is missing', null, /can’t be a username here/],
    ])('is refused where its username %s, and writes nothing', async (_, username, message) => {
      await store.users.insert(userNamed('bob'));
      const before = await digest();
      await expect(logIn(acme('subject-1', { username, groups: ['support'] }))).rejects.toMatchObject(
        refusal(message),
      );
      expect(await digest()).toBe(before);
      expect(await eventsSoFar()).toEqual(['identity.refused']);
    });

    test('is refused where the authenticator makes no accounts', async () => {
      await expect(logIn(acme('ann'), false)).rejects.toMatchObject(refusal(/No account here is linked/));
      expect(await store.users.count()).toBe(0);
      expect(await eventsSoFar()).toEqual(['identity.refused']);
    });

    test.each([
      ['an empty subject', { subject: '' }],
      ['a subject of 256 characters', { subject: 'x'.repeat(256) }],
      ['a subject with U+0000', { subject: 'a\0b' }],
      ['half a character', { subject: 'a\ud800' }],
      ['an issuer of 501 octets', { issuer: `https://${'x'.repeat(493)}` }],
      ['a group that can have no name', { groups: ['Everyone!'] }],
      ['a built-in subject for a group', { groups: ['authenticated'] }],
      ['an attribute that is not declared', { attributes: { salary: 1 } }],
      ['an attribute of another kind', { attributes: { level: 'high' } }],
    ] as const)('is refused with %s, and writes nothing', async (_, fault) => {
      const before = await digest();
      await expect(logIn(acme('ann', { username: 'ann', ...fault }))).rejects.toMatchObject({
        code: 'LOGIN_REFUSED',
      });
      expect(await digest()).toBe(before);
    });

    // Each holds the administration for a moment: whoever comes second waits for it, and is not turned away.
    test('of 60 people at once lets all of them in, and so does the next one, which changes their groups', async () => {
      for (const group of ['support', 'sales']) {
        const users = await Promise.all(
          Array.from({ length: 60 }, (_, at) => logIn(acme(`person-${at}`, { groups: [group] }))),
        );
        expect(await store.users.count()).toBe(60);
        expect(await store.groups.membersOf(group, { after: null, limit: 100 })).toHaveLength(60);
        expect(new Set(users.map(({ id }) => id)).size).toBe(60);
      }
    });

    test('of one identity in parallel, on two servers, makes one account that all of them get', async () => {
      const other = await openStore({ ...opened.options, attach: true });
      const trail = createAudit({
        store: other,
        settings: { queue: 1_000 },
        clock: systemClock,
        log: silentLog,
      });
      try {
        const there = identitiesOn(other, trail);
        for (let round = 0; round < rounds(3, 50); round += 1) {
          const identity = acme(`person-${round}`, { name: 'P', groups: ['support'] });
          const users = await Promise.all(
            Array.from({ length: 8 }, (_, index) =>
              logIn(identity, true, index % 2 === 0 ? identities : there),
            ),
          );
          expect(new Set(users.map(({ id }) => id)).size).toBe(1);
          expect(await groupsOf(users[0]!.id)).toEqual(['support']);
          expect(await store.users.count()).toBe(round + 1);
        }
      } finally {
        await trail.close();
        await other.close();
      }
    });
  });

  describe('C54: an account', () => {
    test('is found by issuer and subject alone: the same subject, name and address elsewhere are not its owner', async () => {
      const email = { address: 'ann@example.org', verified: true };
      const ann = await logIn(acme('ann', { email }));
      for (const other of ['https://acme.example/', 'https://ACME.example', 'https://other.example']) {
        await expect(logIn(acme('ann', { issuer: other, email }))).rejects.toMatchObject(
          refusal(/username ann can’t be given/),
        );
      }
      await expect(logIn(acme('ANN', { username: 'ann', email }))).rejects.toMatchObject(
        refusal(/username ann can’t be given/),
      );
      const namesake = await logIn(
        acme('ann', { issuer: 'https://other.example', username: 'ann.other', email }),
      );
      expect(namesake.id).not.toBe(ann.id);
      expect((await logIn(acme('ann', { email }))).id).toBe(ann.id);
    });
  });

  describe('a later login', () => {
    test('brings the e-mail address up to date; one that is not sent any more, or is none, stays', async () => {
      const sent = (address: string) => ({ email: { address, verified: true } });
      const { id } = await logIn(acme('ann', sent('ann@example.org')));
      const primary = async () =>
        (await store.users.emailsOf([id])).get(id)?.map(({ address, primary: first }) => [address, first]);
      await logIn(acme('ann', sent('archer@example.org')));
      expect(await primary()).toEqual([['archer@example.org', true]]);
      await logIn(acme('ann', sent('archer@example.org')));
      await logIn(acme('ann'));
      await logIn(acme('ann', sent('nobody')));
      expect(await primary()).toEqual([['archer@example.org', true]]);
      expect(await eventsSoFar()).toEqual([
        'account.provisioned',
        'account.email-changed',
        'account.email-changed',
      ]);
    });

    test('brings name, attributes and claimed groups up to date, and leaves what an administrator gave', async () => {
      const { id } = await logIn(acme('ann', { name: 'Ann', groups: ['support', 'lead'] }));
      await store.groups.addMember('lead', id, 'operator', systemClock.now());
      const attributesNow = { department: 'sales', level: 3, badges: ['a'] };
      const user = await logIn(
        acme('ann', { username: 'other', name: 'Ann B', groups: ['staff'], attributes: attributesNow }),
      );
      expect(user).toMatchObject({ id, username: 'ann', name: 'Ann B', attributes: attributesNow });
      expect(await groupsOf(id)).toEqual(['lead', 'staff']);
      expect(await eventsSoFar()).toEqual([
        'account.provisioned',
        'group.claims-applied',
        'account.renamed',
        'account.attributes-changed',
        'group.claims-applied',
      ]);
    });

    test('takes away what claims gave when they give no groups any more', async () => {
      const { id } = await logIn(acme('ann', { groups: ['support'] }));
      await logIn(acme('ann', { groups: null }));
      expect(await groupsOf(id)).toEqual([]);
    });

    test('that says nothing new writes nothing but that the identity was used', async () => {
      const same = acme('ann', { name: 'Ann', groups: ['support'], attributes: { department: 'sales' } });
      const first = await logIn(same);
      const revision = await store.administration.revision();
      await audit.close();
      const told = await store.audit.list({}, { after: null, limit: 100 });
      expect(await logIn(same)).toEqual(first);
      expect(await store.administration.revision()).toBe(revision);
      expect(await store.audit.list({}, { after: null, limit: 100 })).toEqual(told);
    });

    test('makes an administrator decide again where it changes who belongs where', async () => {
      await logIn(acme('ann', { groups: ['support'] }));
      const revision = await store.administration.revision();
      await logIn(acme('ann', { groups: [] }));
      expect(await store.administration.revision()).toBe(revision + 1);
    });

    test('of a suspended account changes nothing, and leaves it to the door', async () => {
      const { id } = await logIn(acme('ann', { name: 'Ann', groups: ['support'] }));
      await store.users.changeStatus(id, 'active', 'suspended');
      const before = await digest();
      expect(await logIn(acme('ann', { name: 'Changed', groups: [] }))).toMatchObject({
        id,
        status: 'suspended',
        name: 'Ann',
      });
      expect(await digest()).toBe(before);
    });
  });

  describe('linking', () => {
    test('gives an account another way to log in, with what its claims give', async () => {
      const ann = userNamed('ann');
      await store.users.insert(ann);
      const linked = await link(acme('a.smith', { name: 'Ann Smith', groups: ['support'] }), ann.id);
      expect(linked).toMatchObject({ id: ann.id, username: 'ann', name: 'Ann Smith' });
      expect(await groupsOf(ann.id)).toEqual(['support']);
      expect((await logIn(acme('a.smith', { groups: ['support'] }))).id).toBe(ann.id);
      await audit.close();
      expect(await store.audit.list({ event: 'identity.' }, { after: null, limit: 10 })).toMatchObject([
        { event: 'identity.linked', subject: 'user:ann', accountId: ann.id },
      ]);
    });

    test('the same one again changes nothing', async () => {
      const { id } = await logIn(acme('ann'));
      await link(acme('ann'), id);
      expect(await identitiesOf(id)).toHaveLength(1);
      expect(await eventsSoFar()).toEqual(['account.provisioned']);
    });

    test("somebody else's is a conflict, and writes nothing", async () => {
      const bob = userNamed('bob');
      await store.users.insert(bob);
      await logIn(acme('ann'));
      const before = await digest();
      await expect(link(acme('ann', { groups: ['support'] }), bob.id)).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      expect(await digest()).toBe(before);
      expect(await eventsSoFar()).toEqual(['account.provisioned', 'identity.refused']);
    });

    test('to an account that was suspended or deleted meanwhile is refused', async () => {
      const bob = userNamed('bob');
      await store.users.insert(bob);
      await store.users.changeStatus(bob.id, 'active', 'suspended');
      await expect(link(acme('ann'), bob.id)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
      await store.users.delete(bob.id);
      await expect(link(acme('ann'), bob.id)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
      expect(await store.identities.find('https://acme.example', 'ann')).toBeNull();
    });
  });

  describe('unlinking', () => {
    const own = async (id: string, ...groups: string[]) => {
      const { username } = (await store.users.find(id))!;
      const principal = { ...principalCalled(username, { groups }), id };
      return { origin: originWithoutRequest(`user:${username}`), authority: { principal, environment } };
    };

    test('takes the groups along that the claims gave', async () => {
      const { id } = await logIn(acme('ann', { groups: ['support'] }));
      await link(acme('ann', { issuer: 'https://other.example' }), id);
      const [first] = await identitiesOf(id);
      await identities.unlink(first!.id, await own(id, 'support'));
      expect(await groupsOf(id)).toEqual([]);
      expect((await identitiesOf(id)).map(({ issuer }) => issuer)).toEqual(['https://other.example']);
      await expect(logIn(acme('ann'))).rejects.toMatchObject(refusal(/username ann can’t be given/));
      await audit.close();
      expect(
        await store.audit.list({ event: 'identity.unlinked' }, { after: null, limit: 10 }),
      ).toMatchObject([
        { subject: 'user:ann', accountId: id, details: { issuer: 'https://acme.example', subject: 'ann' } },
      ]);
    });

    test('the only way to log in is a conflict; with a password it is none', async () => {
      const { id } = await logIn(acme('ann'));
      const [identity] = await identitiesOf(id);
      for (const by of [operator, await own(id)]) {
        await expect(identities.unlink(identity!.id, by)).rejects.toMatchObject({ code: 'CONFLICT' });
      }
      expect(await identitiesOf(id)).toEqual([identity]);
      await store.users.setPassword(id, '$some$hash', systemClock.now(), { endSessions: false });
      await identities.unlink(identity!.id, await own(id));
      expect(await identitiesOf(id)).toEqual([]);
    });

    test('both of two ways to log in at once leaves one', async () => {
      for (let round = 0; round < rounds(5, 200); round += 1) {
        const { id } = await logIn(acme(`p${round}`));
        await link(acme(`p${round}`, { issuer: 'https://other.example' }), id);
        const both = await identitiesOf(id);
        const outcomes = await Promise.allSettled(both.map((each) => identities.unlink(each.id, operator)));
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(await identitiesOf(id)).toHaveLength(1);
      }
    });

    test('C75: what a claimed group denies comes back to nobody who has no more than that', async () => {
      const { id } = await logIn(acme('ann', { groups: ['contractors'] }));
      await store.users.setPassword(id, '$some$hash', systemClock.now(), { endSessions: false });
      const [identity] = await identitiesOf(id);
      await expect(identities.unlink(identity!.id, await own(id, 'contractors'))).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: 'You cannot give what you do not have yourself: Query.notes.',
      });
      expect(await groupsOf(id)).toEqual(['contractors']);
      const bob = userNamed('bob');
      await store.users.insert(bob);
      await identities.unlink(identity!.id, await own(bob.id));
      expect(await groupsOf(id)).toEqual([]);
    });

    test('an identity that made the last administrator is a conflict', async () => {
      const { id } = await logIn(acme('ann', { groups: ['superusers'] }));
      await store.users.setPassword(id, '$some$hash', systemClock.now(), { endSessions: false });
      const [identity] = await identitiesOf(id);
      await expect(identities.unlink(identity!.id, operator)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await groupsOf(id)).toEqual(['superusers']);
    });

    test('what is not there is not found', async () => {
      for (const id of ['00000000-0000-7000-8000-000000000000', 'no id']) {
        await expect(identities.unlink(id, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
    });
  });
});
