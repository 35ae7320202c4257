import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { parseUsername } from '../core/names.ts';
import { buildSchema, declare, grantsOf } from '../foundation.ts';
import { checkAccounts } from '../policy/checks/check-accounts.ts';
import { loadPolicy } from '../policy/files/load-policy.ts';
import type { Finding } from '../policy/finding.ts';
import { readFolders } from '../policy/read-folders.ts';
import type { MembershipRow, PolicyRows } from '../policy/rule.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { commandLog } from './command-log.ts';

const nothing: PolicyRows = { rules: [], memberships: [], coverage: [] };

/**
 * What the server would say of the policy files as they are now. Where there is a database, its groups and accounts are
 * known too; a new checkout in a build needs none.
 */
export async function checkPolicy(settings: Settings): Promise<readonly Finding[]> {
  const production = settings.mode === 'production';
  const { files, findings } = await readFolders(settings.policyFolders, { production, settleMs: 50 });
  if (findings.length > 0) return findings;
  const declarations = declare(settings, buildSchema(settings));
  if (settings.databaseUrl === null && !existsSync(join(settings.dataDir, 'database'))) {
    return loadPolicy(files, declarations, nothing, { production }).findings;
  }
  const { databaseUrl, dataDir } = settings;
  const store = await openStore({ databaseUrl, dataDir, log: commandLog, attach: true });
  try {
    const { rows } = await grantsOf(store).load();
    const memberships = [...rows.memberships, ...(await loadOneMemberEach(store))];
    const loaded = loadPolicy(files, declarations, { ...rows, memberships }, { production });
    return [...loaded.findings, ...checkAccounts(loaded.rows, await loadNamedAccounts(store, loaded.rows))];
  } finally {
    await store.close();
  }
}

/** A member of each group that has one in the database: enough to know that somebody can be in it. */
async function loadOneMemberEach({ groups }: Store): Promise<readonly MembershipRow[]> {
  const rows: MembershipRow[] = [];
  for (const { name, createdAt } of await groups.list()) {
    const [member] = await groups.membersOf(name, { after: null, limit: 1 });
    if (member === undefined) continue;
    const provenance = { kind: 'grant', id: member.id, by: 'operator', at: createdAt } as const;
    rows.push({ member: `user:${member.username}`, group: `group:${name}`, provenance });
  }
  return rows;
}

/** Those names of accounts that the rows mention and somebody has. */
async function loadNamedAccounts({ users }: Store, rows: PolicyRows): Promise<ReadonlySet<string>> {
  const named = [
    ...rows.rules.map(({ subject }) => subject),
    ...rows.memberships.map(({ member }) => member),
  ];
  const found = new Set<string>();
  for (const subject of new Set(named.filter((name) => name.startsWith('user:')))) {
    const username = parseUsername(subject.slice('user:'.length));
    if (username !== null && (await users.findByUsername(username)) !== null) found.add(username);
  }
  return found;
}
