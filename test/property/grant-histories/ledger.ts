import type { UserRow } from '../../../src/store/contract/users.ts';
import type { Store } from '../../../src/store/store.ts';

/** Who holds what, as a plain value: what was acknowledged, or what the database has. */
export interface Ledger {
  readonly users: ReadonlyMap<string, Entry>;
  readonly groups: ReadonlySet<string>;
  /** `member>group`, bare names. */
  readonly nestings: ReadonlySet<string>;
  /** By id: `<account id or group:name> permission`. */
  readonly grants: ReadonlyMap<string, string>;
}

export interface Entry {
  readonly username: string;
  readonly status: string;
  readonly department: string | null;
  readonly groups: readonly string[];
}

export const emptyLedger: Ledger = {
  users: new Map(),
  groups: new Set(),
  nestings: new Set(),
  grants: new Map(),
};

export async function loadLedger({ users, groups, grants }: Store): Promise<Ledger> {
  const rows: readonly UserRow[] = await users.list({ after: null, limit: 1_000 });
  const memberships = await groups.groupsOf(rows.map(({ id }) => id));
  return {
    users: new Map(
      rows.map(({ id, username, status, attributes }) => [
        id,
        {
          username,
          status,
          department: typeof attributes['department'] === 'string' ? attributes['department'] : null,
          groups: [...(memberships.get(id) ?? [])].toSorted(),
        },
      ]),
    ),
    groups: new Set((await groups.list()).map(({ name }) => name)),
    nestings: new Set((await groups.nestings()).map(({ member, group }) => `${member}>${group}`)),
    grants: new Map(
      (await grants.list()).map(({ id, userId, group, permission }) => [
        id,
        `${userId ?? `group:${group ?? ''}`} ${permission}`,
      ]),
    ),
  };
}

/** In one order: two ledgers that say the same read the same. */
export const renderLedger = ({ users, groups, nestings, grants }: Ledger): string =>
  JSON.stringify([
    [...users]
      .map(([id, { username, status, department, groups: own }]) => [id, username, status, department, own])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    [...groups].toSorted(),
    [...nestings].toSorted(),
    [...grants].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
