import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator, type Actor } from '../../src/accounts/actor.ts';
import type { Accounts } from '../../src/accounts/accounts.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import { user as principal } from '../policy/fixture.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { actAs, environment } from './acting.ts';
import { openOffice, type Office } from './open-accounts.ts';

/** Helpers may read people, chiefs may delete them too; whoever is limited may not read notes, which everybody may. */
const rows = `g2, Query.users, people.view
g2, User.name, people.view
g2, Mutation.deleteUser, people.delete
p, group:helpers, people.view, *, allow
p, group:chiefs, people.view, *, allow
p, group:chiefs, people.delete, *, allow
p, group:limited, Query.notes, *, deny
p, authenticated, Query.notes, *, allow
p, user:vip, people.delete, *, allow
p, authenticated, User.email, *, allow, "has_attribute(r.ctx, 'department', 'law')"
p, group:beyond, portcullis.grant_beyond, *, allow
`;

const beyond = (...coordinates: string[]) => ({
  code: 'FORBIDDEN',
  message:
    coordinates.length === 1
      ? `You cannot give what you do not have yourself: ${coordinates[0]!}.`
      : `You cannot give what you do not have yourself: ${coordinates[0]!} and ${coordinates.length - 1} more.`,
});

describe.each(storeKinds)('C75: nobody grants beyond themselves, on the %s store', (kind) => {
  let opened: TestStore;
  let office: Office;
  let accounts: Accounts;
  let helper: UserRow;
  let byHelper: Actor;

  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    office = await openOffice({ store: opened.store, rows });
    ({ accounts } = office);
    helper = await accounts.create({ username: 'hal', groups: ['helpers'] }, operator);
    byHelper = await actAs(helper, opened.store);
  });
  afterEach(() => office.close());

  const groupsOf = async ({ id }: UserRow): Promise<readonly string[]> =>
    (await opened.store.groups.groupsOf([id])).get(id) ?? [];
  const may = async (name: string, groups: readonly string[] = []): Promise<readonly string[]> => {
    const snapshot = await office.policy.atEpoch(await opened.store.groups.epoch());
    const decisions = snapshot.decisionsFor(principal(name, { groups }), environment);
    return (['Query.users', 'User.name', 'Query.notes', 'Mutation.deleteUser'] as const).filter(
      (each) => decisions.decide(each, { args: {}, object: null }).effect === 'allow',
    );
  };

  test('a helper makes an account, and one in the group that they are in; not one in a stronger group', async () => {
    await accounts.create({ username: 'ann' }, byHelper);
    await accounts.create({ username: 'ben', groups: ['helpers'] }, byHelper);
    const made = accounts.create({ username: 'cleo', groups: ['helpers', 'chiefs'] }, byHelper);
    await expect(made).rejects.toMatchObject(beyond('Mutation.deleteUser'));
    expect(await accounts.findByUsername('cleo')).toBeNull();
  });

  test('a name that the policy speaks of is given only by who has as much', async () => {
    await expect(accounts.create({ username: 'VIP' }, byHelper)).rejects.toMatchObject(
      beyond('Mutation.deleteUser'),
    );
    const ann = await accounts.create({ username: 'ann' }, operator);
    await expect(accounts.rename(ann.id, { username: 'vip' }, byHelper)).rejects.toMatchObject(
      beyond('Mutation.deleteUser'),
    );
    const chief = await accounts.create({ username: 'chris', groups: ['chiefs'] }, operator);
    const renamed = await accounts.rename(ann.id, { username: 'Vip' }, await actAs(chief, opened.store));
    expect(renamed).toMatchObject({ id: ann.id, username: 'vip' });
    expect(await may('vip')).toContain('Mutation.deleteUser');
  });

  test('nobody is put into a group that gives more, neither themselves nor a group', async () => {
    for (const member of ['user:hal', 'group:helpers', 'group:new']) {
      const added = accounts.addToGroup('chiefs', member, byHelper);
      await expect(added).rejects.toMatchObject(beyond('Mutation.deleteUser'));
    }
    expect(await groupsOf(helper)).toEqual(['helpers']);
    expect(await opened.store.groups.nestings()).toEqual([]);
    await accounts.addToGroup('helpers', 'group:interns', byHelper);
    expect(await may('ivy', ['interns'])).toEqual(['Query.users', 'User.name', 'Query.notes']);
  });

  test('whoever is in a group already is not put there again by somebody who could not have', async () => {
    const chief = await accounts.create({ username: 'chris', groups: ['chiefs'] }, operator);
    await expect(accounts.addToGroup('chiefs', 'user:chris', byHelper)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await accounts.addToGroup('helpers', 'user:chris', byHelper)).toBe(true);
    expect(await groupsOf(chief)).toEqual(['chiefs', 'helpers']);
  });

  test('a permission is granted by who has all of it, to an account or a group', async () => {
    for (const subject of ['user:hal', 'group:helpers']) {
      const given = { subject, permission: 'people.delete', action: '*' };
      await expect(accounts.grant(given, byHelper)).rejects.toMatchObject(beyond('Mutation.deleteUser'));
    }
    expect(await opened.store.grants.list()).toEqual([]);
    const given = { subject: 'group:interns', permission: 'people.view', action: '*' };
    expect(await accounts.grant(given, byHelper)).toMatchObject({ added: true });
    expect(await may('ivy', ['interns'])).toContain('Query.users');
  });

  test('a deny rule is taken from nobody by who stands under it', async () => {
    const limited = await accounts.create({ username: 'lou', groups: ['limited', 'helpers'] }, operator);
    const byLimited = await actAs(limited, opened.store);
    const notes = beyond('Query.notes');
    await expect(accounts.removeFromGroup('limited', 'user:lou', byLimited)).rejects.toMatchObject(notes);
    expect(await accounts.removeFromGroup('limited', 'user:lou', byHelper)).toBe(true);

    await accounts.addToGroup('limited', 'user:lou', operator);
    await accounts.addToGroup('limited', 'group:interns', operator);
    await expect(accounts.removeFromGroup('limited', 'group:interns', byLimited)).rejects.toMatchObject(
      notes,
    );
    await expect(accounts.deleteGroup('limited', byLimited)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await accounts.removeFromGroup('limited', 'group:interns', byHelper)).toBe(true);
  });

  test('a group between others is not taken away by who stands under what is above it', async () => {
    await accounts.addToGroup('limited', 'group:between', operator);
    await accounts.addToGroup('between', 'group:interns', operator);
    const lou = await accounts.create({ username: 'lou', groups: ['between'] }, operator);
    await accounts.create({ username: 'ivy', groups: ['interns'] }, operator);
    const byLimited = await actAs(lou, opened.store);
    await expect(accounts.deleteGroup('between', byLimited)).rejects.toMatchObject(beyond('Query.notes'));
    await accounts.deleteGroup('between', byHelper);
    expect(await opened.store.groups.nestings()).toEqual([]);
    expect(await may('ivy', ['interns'])).toContain('Query.notes');
  });

  // What is left behind may be allowed to a member of the group and not to the group as such.
  test('a nesting is held against everybody who is in the group, not only against the group', async () => {
    await office.writePolicy(
      `${rows}p, group:readers, Note.title, *, allow\np, group:limited, Note.title, *, deny\n`,
    );
    await accounts.addToGroup('limited', 'group:interns', operator);
    const removed = () => accounts.removeFromGroup('limited', 'group:interns', byHelper);
    await accounts.create({ username: 'ivy', groups: ['interns', 'readers'] }, operator);
    await expect(removed()).rejects.toMatchObject(beyond('Note.title'));
    await accounts.removeFromGroup('readers', 'user:ivy', operator);
    expect(await removed()).toBe(true);
  });

  // By itself the group gives nothing: what a rule about another group gives to those in both would be given by it.
  test('a group that opens a rule about another one is not given to who is in that one, nor do they take it', async () => {
    await office.writePolicy(
      `${rows}p, group:interns, Mutation.deleteUser, *, allow, "in_group(r.ctx, 'group:oncall')"\n`,
    );
    const ivy = await accounts.create({ username: 'ivy', groups: ['interns'] }, operator);
    for (const by of [byHelper, await actAs(ivy, opened.store)]) {
      for (const member of ['user:ivy', 'group:interns']) {
        const added = accounts.addToGroup('oncall', member, by);
        await expect(added).rejects.toMatchObject(beyond('Mutation.deleteUser'));
      }
    }
    await accounts.addToGroup('team', 'user:ivy', operator);
    await expect(accounts.addToGroup('oncall', 'group:team', byHelper)).rejects.toMatchObject(
      beyond('Mutation.deleteUser'),
    );
    expect(await accounts.addToGroup('oncall', 'user:hal', byHelper)).toBe(true);
    const chief = await accounts.create({ username: 'chris', groups: ['chiefs'] }, operator);
    expect(await accounts.addToGroup('oncall', 'group:team', await actAs(chief, opened.store))).toBe(true);
  });

  test('a group that lifts a deny rule is not given by who stands under it', async () => {
    await office.writePolicy(
      `${rows}p, group:limited, Note.title, *, deny, "!in_group(r.ctx, 'group:trusted')"
p, authenticated, Note.title, *, allow\n`,
    );
    const lou = await accounts.create({ username: 'lou', groups: ['limited'] }, operator);
    const byLimited = await actAs(lou, opened.store);
    for (const member of ['user:lou', 'group:limited']) {
      const added = accounts.addToGroup('trusted', member, byLimited);
      await expect(added).rejects.toMatchObject(beyond('Note.title'));
    }
    expect(await accounts.addToGroup('trusted', 'group:limited', byHelper)).toBe(true);
  });

  test('an account that holds more is not let in again, and gets no password, by who has less', async () => {
    const chief = await accounts.create({ username: 'chris', groups: ['chiefs'] }, operator);
    const password = 'correct horse battery';
    await expect(accounts.setPassword(chief.id, password, byHelper)).rejects.toMatchObject(
      beyond('Mutation.deleteUser'),
    );
    await accounts.changeStatus(chief.id, 'suspended', byHelper);
    await expect(accounts.changeStatus(chief.id, 'active', byHelper)).rejects.toMatchObject(
      beyond('Mutation.deleteUser'),
    );
    await accounts.setPassword(helper.id, password, byHelper);
    const peer = await accounts.create({ username: 'pia', groups: ['helpers'] }, operator);
    await accounts.changeStatus(peer.id, 'suspended', byHelper);
    expect(await accounts.changeStatus(peer.id, 'active', byHelper)).toMatchObject({ status: 'active' });
  });

  test('an attribute that a condition asks for is given only by who meets the condition', async () => {
    const law = { department: 'law' };
    await expect(accounts.changeAttributes(helper.id, law, byHelper)).rejects.toMatchObject(
      beyond('User.email'),
    );
    await expect(accounts.create({ username: 'ann', attributes: law }, byHelper)).rejects.toMatchObject(
      beyond('User.email'),
    );
    await accounts.changeAttributes(helper.id, { department: 'sales' }, byHelper);
    await accounts.changeAttributes(helper.id, law, operator);
    await accounts.create({ username: 'ann', attributes: law }, await actAs(helper, opened.store));
  });

  test('portcullis.grant_beyond lifts it, and is given only by who has it', async () => {
    const grant = { subject: 'group:helpers', permission: 'portcullis.grant_beyond', action: '*' };
    await expect(accounts.grant(grant, byHelper)).rejects.toMatchObject(beyond('portcullis.grant_beyond'));
    await accounts.addToGroup('beyond', 'user:hal', operator);
    await accounts.addToGroup('chiefs', 'user:hal', byHelper);
    expect(await groupsOf(helper)).toEqual(['beyond', 'chiefs', 'helpers']);
    await accounts.grant(grant, byHelper);
  });

  test('what they have is read anew: a group that was taken since the request began counts no more', async () => {
    await accounts.addToGroup('chiefs', 'user:hal', operator);
    const stale = await actAs(helper, opened.store);
    await accounts.addToGroup('chiefs', 'user:hal', stale);
    await accounts.removeFromGroup('chiefs', 'user:hal', operator);
    await expect(accounts.create({ username: 'ann', groups: ['chiefs'] }, stale)).rejects.toMatchObject(
      beyond('Mutation.deleteUser'),
    );
    await accounts.changeStatus(helper.id, 'suspended', operator);
    await expect(accounts.create({ username: 'ann' }, stale)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await accounts.delete(helper.id, operator);
    await expect(accounts.createGroup('new', stale)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('a refusal is recorded, with what would have been gained; nothing else is', async () => {
    const before = await opened.store.audit.since(null, 100);
    await expect(accounts.addToGroup('chiefs', 'user:hal', byHelper)).rejects.toThrow();
    await office.audit.close();
    const since = await opened.store.audit.since(before.at(-1)?.id ?? null, 100);
    expect(since).toMatchObject([
      {
        event: 'administration.refused',
        subject: 'user:hal',
        actorId: helper.id,
        details: {
          change: 'group.member-added',
          group: 'chiefs',
          member: 'user:hal',
          reason: 'beyond-granter',
          coordinates: ['Mutation.deleteUser'],
          total: 1,
        },
      },
    ]);
  });
});
