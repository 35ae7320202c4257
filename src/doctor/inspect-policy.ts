import { grantsOf } from '../accounts/grants-of.ts';
import type { Settings } from '../config/settings.ts';
import { parseUsername } from '../core/names.ts';
import { buildSchema, declare } from '../foundation.ts';
import { checkAccounts } from '../policy/checks/check-accounts.ts';
import type { Declarations } from '../policy/declarations.ts';
import { loadPolicy } from '../policy/files/load-policy.ts';
import type { Finding } from '../policy/finding.ts';
import type { PolicyFile } from '../policy/loaded-policy.ts';
import { readFolders } from '../policy/read-folders.ts';
import type { MembershipRow, PolicyRows } from '../policy/rule.ts';
import type { Store } from '../store/store.ts';

/** What the server would say of the policy as it is now. */
export interface PolicyInspection {
  readonly findings: readonly Finding[];
  readonly files: readonly PolicyFile[];
  /** Rows that administrators added; `null` where no database was asked. */
  readonly grants: PolicyRows | null;
  /** Of files and database together: who is in what. */
  readonly memberships: readonly MembershipRow[];
  readonly declarations: Declarations;
}

/** How far it is: there may be many groups and names to ask for. */
export type OnStep = (done: number, total: number) => void;

const nothing: PolicyRows = { rules: [], memberships: [], coverage: [] };

/** Reads the policy files as the server does; with a store, groups and accounts are known too. Decides nothing. */
export async function inspectPolicy(
  settings: Settings,
  store: Store | null,
  onStep: OnStep = () => undefined,
): Promise<PolicyInspection> {
  const production = settings.mode === 'production';
  const declarations = declare(settings, buildSchema(settings));
  const { files, findings } = await readFolders(settings.policyFolders, { production, settleMs: 50 });
  if (findings.length > 0) return { findings, files, grants: null, memberships: [], declarations };
  if (store === null) {
    const { rows, findings: found } = loadPolicy(files, declarations, nothing, { production });
    return { findings: found, files, grants: null, memberships: rows.memberships, declarations };
  }
  const { rows: grants } = await grantsOf(store).load();
  const oneEach = await loadOneMemberEach(store, onStep);
  const known = { ...grants, memberships: [...grants.memberships, ...oneEach] };
  const { rows, findings: found } = loadPolicy(files, declarations, known, { production });
  const unknown = checkAccounts(rows, await loadNamedAccounts(store, rows, onStep));
  return { findings: [...found, ...unknown], files, grants, memberships: rows.memberships, declarations };
}

/** A member of each group that has one in the database: enough to know that somebody can be in it. */
async function loadOneMemberEach({ groups }: Store, onStep: OnStep): Promise<readonly MembershipRow[]> {
  const rows: MembershipRow[] = [];
  const all = await groups.list();
  for (const [index, { name, createdAt }] of all.entries()) {
    onStep(index, all.length);
    const [member] = await groups.membersOf(name, { after: null, limit: 1 });
    if (member === undefined) continue;
    const provenance = { kind: 'grant', id: member.id, by: 'operator', at: createdAt } as const;
    rows.push({ member: `user:${member.username}`, group: `group:${name}`, provenance });
  }
  return rows;
}

/** Those names of accounts that the rows mention and somebody has. */
async function loadNamedAccounts(
  { users }: Store,
  { rules, memberships }: PolicyRows,
  onStep: OnStep,
): Promise<ReadonlySet<string>> {
  const subjects = [...rules.map(({ subject }) => subject), ...memberships.map(({ member }) => member)];
  const named = [...new Set(subjects.filter((name) => name.startsWith('user:')))];
  const found = new Set<string>();
  for (const [index, subject] of named.entries()) {
    onStep(index, named.length);
    const username = parseUsername(subject.slice('user:'.length));
    if (username !== null && (await users.findByUsername(username)) !== null) found.add(username);
  }
  return found;
}
