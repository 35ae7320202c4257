import { isGroupName, parseUsername } from '../../core/names.ts';
import type { Attributes } from '../../core/principal.ts';
import type { FactKind } from '../declarations.ts';
import type { ConditionScope } from './scope.ts';
import { ConditionFailed } from './condition-failed.ts';
import { ConditionRefused } from './condition-refused.ts';
import type { Input } from './form.ts';
import { pathOf, type ExpressionNode } from './parse-expression.ts';
import type { Scribe } from './scribe.ts';

/** What is known of a value when the policy is loaded. */
export type ValueKind = FactKind | 'null' | 'unknown';

export type Literal = string | number | boolean | null | readonly (string | number | boolean)[];

/** A value in a condition: a literal, or a member of `r.ctx`. */
export interface Operand {
  readonly kind: ValueKind;
  /** Absent where it is not a literal. */
  readonly literal?: Literal;
  /** As it stands in the condition. */
  readonly text: string;
  /** Of a member whose texts all look alike. */
  readonly form?: Form;
  /** @throws {ConditionFailed} where there is nothing to read. */
  read(scope: ConditionScope): unknown;
}

/** How a member's texts look: a literal that looks otherwise would never equal one, and a deny would never deny. */
export interface Form {
  readonly example: string;
  admits(text: string): boolean;
}

/** @throws {ConditionRefused} for everything but a literal or a known member. */
export function compileOperand(node: ExpressionNode, scribe: Scribe): Operand {
  const literal = findLiteral(node);
  if (literal !== null) {
    for (const text of [literal.literal].flat())
      if (typeof text === 'string' && groupForm.admits(text)) scribe.groups.add(text);
    return { ...literal, read: () => literal.literal };
  }
  const path = pathOf(node);
  if (path?.[0] !== 'r' || path[1] !== 'ctx' || path.length < 3) {
    throw new ConditionRefused(
      'condition-name',
      path === null
        ? 'A value is neither a literal nor a member of r.ctx.'
        : `${path.join('.')} is not a value of a condition.`,
      'Write a literal, or a member of r.ctx, with dots.',
    );
  }
  return { ...compileMember(path.slice(2), scribe), text: path.join('.') };
}

type Member = Pick<Operand, 'kind' | 'read' | 'form'>;
/** A member that needs no declaration, and what decides it: `request` where nothing is said. */
type KnownMember = Member & { readonly input?: Input };

function findLiteral(node: ExpressionNode): { kind: ValueKind; literal: Literal; text: string } | null {
  if (node.type === 'Literal') {
    const { value, raw } = node;
    if (value === null) return { kind: 'null', literal: null, text: raw };
    if (typeof value === 'string') return { kind: 'string', literal: value, text: raw };
    if (typeof value === 'number') return { kind: 'number', literal: value, text: raw };
    return typeof value === 'boolean' ? { kind: 'boolean', literal: value, text: raw } : null;
  }
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const inner = findLiteral(node.argument as ExpressionNode);
    return typeof inner?.literal === 'number' && inner.literal >= 0
      ? { kind: 'number', literal: -inner.literal, text: `-${inner.text}` }
      : null;
  }
  if (node.type !== 'ArrayExpression') return null;
  const elements = node.elements.map((element) =>
    element === null ? null : findLiteral(element as ExpressionNode),
  );
  const values: (string | number | boolean)[] = [];
  for (const element of elements) {
    const value = element?.literal;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
    values.push(value);
  }
  const kind = values.every((value) => typeof value === 'string') ? 'strings' : 'unknown';
  return { kind, literal: values, text: `[${elements.map((element) => element?.text ?? '').join(', ')}]` };
}

const userOf = (scope: ConditionScope) => {
  if (scope.principal.kind !== 'user') throw new ConditionFailed('The principal is anonymous.');
  return scope.principal;
};

export const usernameForm: Form = { example: "'ann'", admits: (text) => parseUsername(text) === text };
export const subjectForm: Form = {
  example: "'user:ann'",
  admits: (text) =>
    text === 'anonymous' || (text.startsWith('user:') && usernameForm.admits(text.slice('user:'.length))),
};
export const groupForm: Form = {
  example: "'group:support'",
  admits: (text) => text.startsWith('group:') && isGroupName(text.slice('group:'.length)),
};

/** Every member of `r.ctx` but arguments, facts and attributes. */
const members: ReadonlyMap<string, KnownMember> = new Map<string, KnownMember>([
  ['now', { kind: 'number', read: (scope) => scope.environment.now }],
  ['address', { kind: 'string', read: (scope) => scope.environment.address }],
  [
    'principal.subject',
    { kind: 'string', form: subjectForm, input: 'username', read: (scope) => scope.principal.subject },
  ],
  ['principal.id', { kind: 'string', read: (scope) => userOf(scope).id }],
  [
    'principal.username',
    { kind: 'string', form: usernameForm, input: 'username', read: (scope) => userOf(scope).username },
  ],
  // Every group that the principal counts as, those above its own included, as group:<name>.
  [
    'principal.groups',
    {
      kind: 'strings',
      form: groupForm,
      input: 'groups',
      read: (scope) => [...scope.subjects].filter((subject) => subject.startsWith('group:')),
    },
  ],
  [
    'principal.authentication.authenticator',
    { kind: 'string', input: 'login', read: (scope) => userOf(scope).authentication.authenticator },
  ],
  [
    'principal.authentication.amr',
    { kind: 'strings', input: 'login', read: (scope) => userOf(scope).authentication.amr },
  ],
  [
    'principal.authentication.aal',
    { kind: 'number', input: 'login', read: (scope) => userOf(scope).authentication.aal },
  ],
  [
    'principal.authentication.authTime',
    { kind: 'number', input: 'login', read: (scope) => userOf(scope).authentication.authTime },
  ],
]);

/** The members of `r.ctx` that need no declaration. */
export const memberNames: readonly string[] = [...members.keys()].map((name) => `r.ctx.${name}`);

function compileMember(path: readonly string[], scribe: Scribe): Member {
  const known = members.get(path.join('.'));
  if (known !== undefined) {
    scribe.inputs.add(known.input ?? 'request');
    return known;
  }
  const [root, name = '', third = ''] = path;
  if (path.length === 2 && root === 'args') {
    scribe.args.add(name);
    return { kind: 'unknown', read: (scope) => readOwn(scope.args, name, 'argument') };
  }
  if (path.length === 2 && root === 'object') {
    scribe.facts.add(name);
    return { kind: 'unknown', read: (scope) => readOwn(scope.object, name, 'fact') };
  }
  if (path.length === 3 && root === 'principal' && name === 'attributes') {
    const kind = Object.hasOwn(scribe.attributes, third) ? scribe.attributes[third] : undefined;
    if (kind !== undefined) {
      scribe.held.add(third);
      return { kind, read: (scope) => readAttribute(userOf(scope).attributes, third) };
    }
    throw new ConditionRefused(
      'condition-name',
      `No attribute ${third} is declared.`,
      ['Declare it in the setting attributes', ...Object.keys(scribe.attributes)].join(', or take ') + '.',
    );
  }
  throw new ConditionRefused(
    'condition-name',
    `r.ctx.${path.join('.')} does not exist.`,
    `Take one of ${memberNames.join(', ')}, r.ctx.principal.attributes.<name>, r.ctx.args.<name> or r.ctx.object.<name>.`,
  );
}

/** Own members only: `constructor` and its like are never reached through a prototype. */
export function readOwn(from: Readonly<Record<string, unknown>> | null, name: string, what: string): unknown {
  const value = from !== null && Object.hasOwn(from, name) ? from[name] : undefined;
  if (value === undefined) throw new ConditionFailed(`There is no ${what} ${name}.`);
  return value;
}

const readAttribute = (attributes: Attributes, name: string): unknown =>
  readOwn(attributes, name, 'attribute');
