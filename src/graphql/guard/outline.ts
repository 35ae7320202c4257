import { Kind, OperationTypeNode, visit, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { costOf } from './cost.ts';
import type { GuardRules } from './guard-rules.ts';
import { reachedFields, type Plan, type ReachedField } from './plan.ts';

/** What an operation reaches, as far as it is looked at before anything runs. */
export interface Outline {
  /** The most fields that it could resolve. */
  readonly cost: number;
  readonly roots: readonly ReachedField[];
  /** A root field that must stand alone and does not; `null` otherwise. */
  readonly crowded: ReachedField | null;
  /** The fields at which introspection begins. */
  readonly introspection: readonly ReachedField[];
  /** Of a mutation, everything that is decided ahead. What lies under a login is asked by somebody whom nobody knows yet. */
  readonly mutating: readonly ReachedField[];
  /** Whether it asks for nothing of the kind: only its cost is left to check. */
  readonly isPlain: boolean;
}

export function outlineOf(plan: Plan, { alone }: GuardRules): Outline {
  const reached = reachedFields(plan);
  const roots = reached.filter(isRoot);
  const shy = roots.find(({ coordinate }) => alone.includes(coordinate));
  const crowded = shy === undefined || roots.length === 1 ? null : shy;
  const introspection = reached.filter(({ field }) => field.name.startsWith('__'));
  const mutating =
    plan.operation.operation === OperationTypeNode.MUTATION
      ? reached.filter((field) => isRoot(field) || !alone.includes(field.root))
      : [];
  const isPlain = crowded === null && introspection.length === 0 && mutating.length === 0;
  return { cost: costOf(plan), roots, crowded, introspection, mutating, isPlain };
}

const isRoot = ({ root, coordinate }: ReachedField): boolean => root === coordinate;

/** The variables that an outline depends on: those in `@skip`, `@include` and `first`. */
export function outlineVariables(
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly string[] {
  if (variableDefinitions.length === 0) return [];
  const found = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) found.add(value.name.value);
    },
    Argument: ({ name, value }) => {
      if (name.value === 'first' && value.kind === Kind.VARIABLE) found.add(value.name.value);
    },
  });
  return variableDefinitions.map(({ variable }) => variable.name.value).filter((name) => found.has(name));
}
