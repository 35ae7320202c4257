import type { Declarations } from '../../../src/policy/declarations.ts';
import type { Finding } from '../../../src/policy/finding.ts';
import { defaultModel } from '../../../src/policy/files/default-model.ts';
import { loadPolicy } from '../../../src/policy/files/load-policy.ts';
import type { LoadedPolicy, PolicyFile } from '../../../src/policy/loaded-policy.ts';
import type { PolicyRows } from '../../../src/policy/rule.ts';

/** A schema of notes and people, and a good policy over it: what the tests from text to rows share. */
export const declarations: Declarations = {
  schema: {
    coordinates: new Set([
      'Query.users',
      'Query.note',
      'Query.__schema',
      'User.name',
      'User.email',
      'Note.title',
      'Note.text',
      'Mutation.updateNote',
      'Mutation.deleteUser',
      'Subscription.noteChanged',
      'lower.case',
    ]),
    interfaceCoordinates: new Set(['Node.id']),
    nonNull: new Set(),
  },
  attributes: { department: 'string', level: 'number', staff: 'boolean', teams: 'strings' },
  facts: { Note: ['owner', 'shared', 'groups', 'size'], User: ['owner'] },
  args: new Map([
    ['Query.note', ['id']],
    ['Mutation.updateNote', ['id', 'title', 'count']],
  ]),
  acts: new Map([['Mutation.updateNote', 'Note']]),
};

export const builtin = 'g, authenticated, everyone\ng, anonymous, everyone\n';

export const goodRows = `# permissions
g2, Query.users, accounts.view_user
g2, User.*, accounts.view_user
g2, accounts.view_user, accounts.manage_user
g2, Mutation.deleteUser, accounts.manage_user

# people
g, user:ann, group:support
g, group:lead, group:support
g, user:root, group:lead
p, group:support, accounts.view_user, read, allow
p, group:lead, accounts.manage_user, *, allow
p, authenticated, Note.*, *, allow, self(r.ctx)
p, authenticated, Mutation.updateNote, write, allow, "self(r.ctx) && in_network(r.ctx, '10.0.0.0/8')"
p, user:ann, Note.title, *, allow, "r.ctx.object.shared == true || r.ctx.object.size in [1, 2]"
p, everyone, Subscription.noteChanged, subscribe, allow
p, everyone, Mutation.deleteUser, *, deny, "!fresh(r.ctx, '5m')"
`;

export const noGrants: PolicyRows = { rules: [], memberships: [], coverage: [] };

export const filesOf = (
  rows: string | Uint8Array,
  model: string | Uint8Array = defaultModel,
): readonly PolicyFile[] => [
  { name: 'rows.csv', text: rows },
  { name: 'model.conf', text: model },
  { name: 'builtin.csv', text: builtin },
];

export const load = (files: readonly PolicyFile[], grants = noGrants): LoadedPolicy =>
  loadPolicy(files, declarations, grants, { production: false });

/** `line code` of each finding of `rows.csv`, other files' findings named. */
export const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ file, line, code }) => `${file === 'rows.csv' ? '' : `${file}:`}${line} ${code}`);

export const findingsOf = (rows: string | Uint8Array): readonly string[] =>
  brief(load(filesOf(rows)).findings);
