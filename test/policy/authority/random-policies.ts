import fc from 'fast-check';
import type { Coordinate } from '../../../src/core/coordinate.ts';
import { buildSnapshot } from '../../../src/policy/build-snapshot.ts';
import type { Declarations } from '../../../src/policy/declarations.ts';
import { loadPolicy } from '../../../src/policy/files/load-policy.ts';
import { showFinding } from '../../../src/policy/finding.ts';
import type { PolicyRows, Rule } from '../../../src/policy/rule.ts';
import type { PolicySnapshot } from '../../../src/policy/snapshot.ts';
import { filesOf, model, noRows, recordingLog, standingClock } from '../fixture.ts';

/** Policies at random, as values: what they say is known without reading their text. */

export const coordinates: readonly Coordinate[] = [
  'Query.notes',
  'Query.users',
  'Note.title',
  'User.email',
  'Mutation.updateNote',
  'Mutation.deleteUser',
];

const facts = ['owner', 'shared', 'groups'];

export const declarations: Declarations = {
  schema: { coordinates: new Set(coordinates), interfaceCoordinates: new Set(), nonNull: new Set() },
  attributes: { department: 'string' },
  facts: { Query: facts, Note: facts, User: facts, Mutation: facts },
  args: new Map(),
  acts: new Map(),
};

/** The parts that conditions are made of. */
export const atoms = {
  self: 'self(r.ctx)',
  shared: 'r.ctx.object.shared == true',
  fresh: "fresh(r.ctx, '5m')",
  sales: "has_attribute(r.ctx, 'department', 'sales')",
  office: "in_network(r.ctx, '192.0.2.0/24')",
  elsewhere: "in_network(r.ctx, '10.0.0.0/8')",
  inB: "in_group(r.ctx, 'group:b')",
  amongC: "'group:c' in r.ctx.principal.groups",
  inItsGroups: 'in_group(r.ctx, r.ctx.object.groups)',
  isAnn: "r.ctx.principal.username == 'ann'",
} as const;
export type AtomName = keyof typeof atoms;

export type Condition =
  | { readonly kind: 'atom'; readonly name: AtomName }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition };

export interface RandomRule {
  readonly subject: string;
  readonly object: string;
  readonly effect: 'allow' | 'deny';
  readonly condition: Condition | null;
}

export interface RandomPolicy {
  readonly rules: readonly RandomRule[];
  /** Pairs of member and group. */
  readonly memberships: readonly (readonly [string, string])[];
  /** Pairs of coordinate or permission, and the permission that covers it. */
  readonly coverage: readonly (readonly [string, string])[];
}

export const groupNames = ['a', 'b', 'c', 'd'] as const;
export const permissions = ['notes.view', 'people.view'] as const;

const conditionOf = (names: readonly AtomName[]): fc.Arbitrary<Condition> =>
  fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      {
        weight: 4,
        arbitrary: fc.constantFrom(...names).map((name): Condition => ({ kind: 'atom', name })),
      },
      { weight: 1, arbitrary: tie('condition').map((part): Condition => ({ kind: 'not', part })) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom('and' as const, 'or' as const), tie('condition'), tie('condition'))
          .map(([kind, left, right]): Condition => ({ kind, left, right })),
      },
    ),
  })).condition;

interface Alphabet {
  readonly atoms: readonly AtomName[];
  /** Besides the coordinates and permissions. */
  readonly objects: readonly string[];
  readonly leastRules?: number;
  readonly mostRules: number;
}

const ruleOf = ({ atoms: names, objects }: Alphabet): fc.Arbitrary<RandomRule> =>
  fc.record({
    subject: fc.constantFrom(
      ...groupNames.map((name) => `group:${name}`),
      'group:a',
      'group:b',
      'user:ann',
      'user:bob',
      'authenticated',
      'everyone',
    ),
    object: fc.constantFrom(...coordinates, ...coordinates, ...permissions, ...objects),
    effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
    condition: fc.option(conditionOf(names), { freq: 3 }),
  });

/** From an earlier group to a later one, so that no circle is made. */
const upwards = fc.tuple(fc.nat(groupNames.length - 2), fc.nat(groupNames.length)).map(([low, step]) => {
  const high = Math.min(low + 1 + step, groupNames.length - 1);
  return [`group:${groupNames[low]!}`, `group:${groupNames[high]!}`] as const;
});

export const policiesOf = (alphabet: Alphabet): fc.Arbitrary<RandomPolicy> =>
  fc.record({
    rules: fc.uniqueArray(ruleOf(alphabet), {
      minLength: alphabet.leastRules ?? 1,
      maxLength: alphabet.mostRules,
      selector: renderRule,
    }),
    memberships: fc.uniqueArray(
      fc.oneof(
        { weight: 2, arbitrary: upwards },
        {
          weight: 1,
          arbitrary: fc.constantFrom(...groupNames).map((group) => ['user:bob', `group:${group}`] as const),
        },
      ),
      { maxLength: 3, selector: (pair) => pair.join() },
    ),
    coverage: fc.constantFrom(
      [
        ['Query.notes', 'notes.view'],
        ['User.email', 'people.view'],
      ] as const,
      [
        ['Query.notes', 'notes.view'],
        ['Note.title', 'notes.view'],
        ['notes.view', 'people.view'],
      ] as const,
    ),
  });

/** Everything that there is. */
export const policies = policiesOf({
  atoms: Object.keys(atoms) as AtomName[],
  objects: ['*', 'portcullis.grant_beyond'],
  mostRules: 12,
});

export function renderCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'atom':
      return atoms[condition.name];
    case 'not':
      return `!(${renderCondition(condition.part)})`;
    case 'and':
    case 'or':
      return `(${renderCondition(condition.left)} ${condition.kind === 'and' ? '&&' : '||'} ${renderCondition(condition.right)})`;
  }
}

function renderRule({ subject, object, effect, condition }: RandomRule): string {
  const columns = ['p', subject, object, '*', effect];
  // Casbin takes enclosing brackets for its own where a condition begins with one: see `condition-not-plain`.
  return condition === null ? columns.join(', ') : `${columns.join(', ')}, "${renderCondition(condition)}"`;
}

export const renderPolicy = ({ rules, memberships, coverage }: RandomPolicy): string =>
  [
    ...rules.map(renderRule),
    ...memberships.map((pair) => `g, ${pair.join(', ')}`),
    ...coverage.map((pair) => `g2, ${pair.join(', ')}`),
    '',
  ].join('\n');

/** A grant of a permission, as the row that it becomes. */
export const grantRow = (subject: string, permission: string, action = '*'): Rule => ({
  subject,
  object: permission,
  action,
  effect: 'allow',
  condition: null,
  provenance: { kind: 'grant', id: `${subject} ${permission}`, by: 'operator', at: 0 },
});

export const snapshotOf = async (
  policy: RandomPolicy,
  grants: PolicyRows = noRows,
  modelText = model,
): Promise<PolicySnapshot> => {
  const files = filesOf(renderPolicy(policy)).map((file) =>
    file.name === 'model.conf' ? { ...file, text: modelText } : file,
  );
  const loaded = loadPolicy(files, declarations, grants, { production: false });
  const errors = loaded.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Error(`The test's own policy is refused:\n${errors.map(showFinding).join('\n')}`);
  return buildSnapshot(loaded, 'test', {
    schema: declarations.schema,
    clock: standingClock(),
    log: recordingLog(),
  });
};
