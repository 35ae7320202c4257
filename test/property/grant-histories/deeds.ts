import type { Accounts } from '../../../src/accounts/accounts.ts';
import type { Actor } from '../../../src/accounts/actor.ts';
import type { Dice } from './dice.ts';
import type { Entry, Ledger } from './ledger.ts';

/** Something that an administrator does, and what the ledger says once it is acknowledged. */
export interface Deed {
  readonly what: string;
  /** Answers what has changed. */
  run(accounts: Accounts, by: Actor): Promise<(ledger: Ledger) => Ledger>;
}

const names = ['ann', 'bob', 'eve', 'gus', 'kim', 'lea'] as const;
export const groupNames = ['a', 'b', 'c', 'd', 'new'] as const;
export const permissions = ['notes.view', 'people.view', 'portcullis.grant_beyond'] as const;

const withUser = (ledger: Ledger, id: string, change: Partial<Entry>): Ledger => {
  const entry = ledger.users.get(id);
  if (entry === undefined)
    throw new Error('A deed was acknowledged for an account that the ledger does not have.');
  return { ...ledger, users: new Map(ledger.users).set(id, { ...entry, ...change }) };
};
const withGroups = (ledger: Ledger, ...groups: readonly string[]): Ledger => ({
  ...ledger,
  groups: new Set([...ledger.groups, ...groups]),
});
const same = (ledger: Ledger): Ledger => ledger;

/** A deed at random; about accounts and grants that are there, mostly. */
export function throwDeed(dice: Dice, ledger: Ledger): Deed {
  if (ledger.users.size === 0) return create(dice.one(names), [], null);
  const [id, entry] = dice.one([...ledger.users]);
  const subject = `user:${entry.username}`;
  const group = dice.one(groupNames);
  const member = dice.one(groupNames);
  const permission = dice.one(permissions);
  const deeds: readonly (() => Deed)[] = [
    () => create(dice.one(names), dice.some(groupNames, 2), dice.one(['sales', 'law', null])),
    () => rename(id, dice.one(names)),
    () => changeStatus(id, dice.one(['active', 'suspended'] as const)),
    () => changeDepartment(id, dice.one(['sales', 'law', null])),
    () => remove(id, entry.username),
    () => addUser(group, id, subject),
    () => addUser(group, id, subject),
    () => removeUser(group, id, subject),
    () => removeUser(dice.one([...entry.groups, group]), id, subject),
    () => nest(member, group),
    () => nest(member, group),
    () => {
      const [from = member, to = group] = dice.one([...ledger.nestings, `${member}>${group}`]).split('>');
      return unnest(from, to);
    },
    () => grant(subject, id, permission),
    () => grant(`group:${group}`, `group:${group}`, permission),
    () => revoke(dice.one([...ledger.grants.keys(), '00000000-0000-7000-8000-000000000000'])),
    () => createGroup(group),
    () => deleteGroup(group),
  ];
  return dice.one(deeds)();
}

export const create = (username: string, groups: readonly string[], department: string | null): Deed => ({
  what: `create ${username} in ${groups.join()} (${department ?? ''})`,
  async run(accounts, by) {
    const attributes = department === null ? {} : { department };
    const { id } = await accounts.create({ username, groups, attributes }, by);
    return (ledger) =>
      withGroups(
        {
          ...ledger,
          users: new Map(ledger.users).set(id, {
            username,
            department,
            status: 'active',
            groups: [...groups].toSorted(),
          }),
        },
        ...groups,
      );
  },
});

const rename = (id: string, username: string): Deed => ({
  what: `rename ${id} to ${username}`,
  async run(accounts, by) {
    await accounts.rename(id, { username }, by);
    return (ledger) => withUser(ledger, id, { username });
  },
});

const changeStatus = (id: string, status: 'active' | 'suspended'): Deed => ({
  what: `${status} ${id}`,
  async run(accounts, by) {
    await accounts.changeStatus(id, status, by);
    return (ledger) => withUser(ledger, id, { status });
  },
});

const changeDepartment = (id: string, department: string | null): Deed => ({
  what: `department of ${id}: ${department ?? 'none'}`,
  async run(accounts, by) {
    await accounts.changeAttributes(id, { department }, by);
    return (ledger) => withUser(ledger, id, { department });
  },
});

const remove = (id: string, username: string): Deed => ({
  what: `delete ${username}`,
  async run(accounts, by) {
    await accounts.delete(id, by);
    return (ledger) => ({
      ...ledger,
      users: new Map([...ledger.users].filter(([other]) => other !== id)),
      grants: new Map([...ledger.grants].filter(([, about]) => !about.startsWith(`${id} `))),
    });
  },
});

const addUser = (group: string, id: string, subject: string): Deed => ({
  what: `add ${subject} to ${group}`,
  async run(accounts, by) {
    await accounts.addToGroup(group, subject, by);
    return (ledger) =>
      withGroups(
        withUser(ledger, id, {
          groups: [...new Set([...(ledger.users.get(id)?.groups ?? []), group])].toSorted(),
        }),
        group,
      );
  },
});

const removeUser = (group: string, id: string, subject: string): Deed => ({
  what: `remove ${subject} from ${group}`,
  async run(accounts, by) {
    await accounts.removeFromGroup(group, subject, by);
    return (ledger) =>
      withUser(ledger, id, {
        groups: (ledger.users.get(id)?.groups ?? []).filter((each) => each !== group),
      });
  },
});

const nest = (member: string, group: string): Deed => ({
  what: `put ${member} into ${group}`,
  async run(accounts, by) {
    await accounts.addToGroup(group, `group:${member}`, by);
    return (ledger) =>
      withGroups({ ...ledger, nestings: new Set([...ledger.nestings, `${member}>${group}`]) }, member, group);
  },
});

const unnest = (member: string, group: string): Deed => ({
  what: `take ${member} out of ${group}`,
  async run(accounts, by) {
    await accounts.removeFromGroup(group, `group:${member}`, by);
    return (ledger) => ({
      ...ledger,
      nestings: new Set([...ledger.nestings].filter((pair) => pair !== `${member}>${group}`)),
    });
  },
});

const grant = (subject: string, about: string, permission: string): Deed => ({
  what: `grant ${permission} to ${subject}`,
  async run(accounts, by) {
    const { grant: row, added } = await accounts.grant({ subject, permission, action: '*' }, by);
    if (!added) return same;
    return (ledger) => {
      const given = { ...ledger, grants: new Map(ledger.grants).set(row.id, `${about} ${permission}`) };
      return row.group === null ? given : withGroups(given, row.group);
    };
  },
});

const revoke = (id: string): Deed => ({
  what: `revoke ${id}`,
  async run(accounts, by) {
    await accounts.revoke(id, by);
    return (ledger) => ({
      ...ledger,
      grants: new Map([...ledger.grants].filter(([other]) => other !== id)),
    });
  },
});

const createGroup = (group: string): Deed => ({
  what: `make ${group}`,
  async run(accounts, by) {
    await accounts.createGroup(group, by);
    return (ledger) => withGroups(ledger, group);
  },
});

const deleteGroup = (group: string): Deed => ({
  what: `delete group ${group}`,
  async run(accounts, by) {
    await accounts.deleteGroup(group, by);
    return (ledger) => ({
      users: new Map(
        [...ledger.users].map(([id, entry]) => [
          id,
          { ...entry, groups: entry.groups.filter((each) => each !== group) },
        ]),
      ),
      groups: new Set([...ledger.groups].filter((each) => each !== group)),
      nestings: new Set([...ledger.nestings].filter((pair) => !pair.split('>').includes(group))),
      grants: new Map([...ledger.grants].filter(([, about]) => !about.startsWith(`group:${group} `))),
    });
  },
});
