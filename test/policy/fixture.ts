import type { Coordinate } from '../../src/core/coordinate.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Log } from '../../src/core/log.ts';
import { parseUsername } from '../../src/core/names.ts';
import {
  anonymous,
  type Attributes,
  type AssuranceLevel,
  type UserPrincipal,
} from '../../src/core/principal.ts';
import { buildSnapshot } from '../../src/policy/build-snapshot.ts';
import type { DecisionContext, RequestEnvironment } from '../../src/policy/decision.ts';
import type { Declarations } from '../../src/policy/declarations.ts';
import { loadPolicy } from '../../src/policy/files/load-policy.ts';
import { showFinding } from '../../src/policy/finding.ts';
import type { LoadedPolicy, PolicyFile } from '../../src/policy/loaded-policy.ts';
import type { PolicyRows } from '../../src/policy/rule.ts';
import type { PolicySnapshot } from '../../src/policy/snapshot.ts';
import { policyVersion } from '../../src/policy/version.ts';

/** A small schema of notes and people, and policies over it: what the tests of this room share. */

export const coordinates: readonly Coordinate[] = [
  'Query.notes',
  'Query.note',
  'Query.users',
  'Note.id',
  'Note.title',
  'User.name',
  'User.email',
  'Mutation.updateNote',
  'Mutation.deleteUser',
  'Subscription.noteChanged',
];

export const declarations: Declarations = {
  schema: {
    coordinates: new Set(coordinates),
    interfaceCoordinates: new Set(['Node.id']),
    nonNull: new Set(['Note.id']),
  },
  attributes: { department: 'string' },
  facts: { Note: ['owner', 'shared'], User: ['owner'] },
  args: new Map([
    ['Query.note', ['id']],
    ['Mutation.updateNote', ['id', 'title']],
    ['Mutation.deleteUser', ['id']],
  ]),
  acts: new Map([['Mutation.updateNote', 'Note']]),
};

export const model = `[request_definition]
r = sub, obj, act, ctx

[policy_definition]
p = sub, obj, act, eft, cond

[role_definition]
g = _, _
g2 = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = g(r.sub, p.sub) && (g2(r.obj, p.obj) || keyMatch(r.obj, p.obj)) && (p.act == "*" || r.act == p.act) && when(p.cond, p.eft, r.ctx)
`;

export const builtin = `g, authenticated, everyone
g, anonymous, everyone
p, group:superusers, *, *, allow
`;

export const noRows: PolicyRows = { rules: [], memberships: [], coverage: [] };

/** `rules.csv` beside the model and the built-in rows. */
export const filesOf = (rules: string): readonly PolicyFile[] => [
  { name: 'model.conf', text: model },
  { name: 'builtin.csv', text: builtin },
  { name: 'rules.csv', text: rules },
];

export function load(files: readonly PolicyFile[], grants: PolicyRows = noRows): LoadedPolicy {
  const loaded = loadPolicy(files, declarations, grants, { production: false });
  const errors = loaded.findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0)
    throw new Error(`The test's own policy is refused:\n${errors.map(showFinding).join('\n')}`);
  return loaded;
}

export interface Told {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that can be read. */
export function recordingLog(): Log & { readonly told: Told[] } {
  const told: Told[] = [];
  const tell =
    (level: keyof Log) =>
    (fields: object, message: string): void =>
      void told.push({ level, message, fields: { ...fields } });
  return { told, debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
}

/** A clock that stands until it is moved. */
export function standingClock(): Clock & { move(ms: number): void } {
  let at = Date.UTC(2026, 10, 20, 12);
  return { now: () => at, monotonic: () => at, move: (ms) => void (at += ms) };
}

export async function snapshotOf(
  rules: string,
  log: Log = recordingLog(),
  clock = standingClock(),
): Promise<PolicySnapshot> {
  const files = filesOf(rules);
  return buildSnapshot(load(files), policyVersion(files, noRows), {
    schema: declarations.schema,
    clock,
    log,
  });
}

interface UserOptions {
  readonly groups?: readonly string[];
  readonly attributes?: Attributes;
  readonly authTime?: number;
  readonly aal?: AssuranceLevel;
  readonly amr?: readonly string[];
}

export function user(name: string, options: UserOptions = {}): UserPrincipal {
  const username = parseUsername(name);
  if (username === null) throw new Error(`${name} is no username.`);
  return {
    kind: 'user',
    subject: `user:${username}`,
    id: `id-of-${name}`,
    username,
    groups: (options.groups ?? []).map((group) => `group:${group}` as const),
    attributes: options.attributes ?? {},
    authentication: {
      authenticator: 'password',
      amr: options.amr ?? ['pwd'],
      aal: options.aal ?? 1,
      authTime: options.authTime ?? environment.now,
    },
  };
}

export { anonymous };

export const environment: RequestEnvironment = {
  now: Date.UTC(2026, 10, 20, 12),
  address: '192.0.2.7',
  provable: { amr: ['pwd'], aal: 1 },
};

export const nothing: DecisionContext = { args: {}, object: null };
export const ownedBy = (name: string): DecisionContext => ({
  args: {},
  object: { owner: `id-of-${name}`, shared: false },
});
