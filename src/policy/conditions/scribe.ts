import type { FactKind } from '../declarations.ts';
import type { Input } from './form.ts';

/** What a condition may name, and what it, or a part of it, did name. */
export interface Scribe {
  readonly attributes: Readonly<Record<string, FactKind>>;
  readonly args: Set<string>;
  readonly facts: Set<string>;
  readonly stepUpCalls: Set<string>;
  readonly methods: Set<string>;
  /** Groups that a literal names. */
  readonly groups: Set<string>;
  /** Accounts that it compares the principal's name with, bare names. */
  readonly usernames: Set<string>;
  readonly inputs: Set<Input>;
  /** Attributes of the principal. */
  readonly held: Set<string>;
}

export const newScribe = (attributes: Scribe['attributes']): Scribe => ({
  attributes,
  args: new Set(),
  facts: new Set(),
  stepUpCalls: new Set(),
  methods: new Set(),
  groups: new Set(),
  usernames: new Set(),
  inputs: new Set(),
  held: new Set(),
});

/** Takes over what was written down of a part. */
export function addPart(whole: Scribe, part: Scribe): void {
  for (const key of ['args', 'facts', 'stepUpCalls', 'methods', 'groups', 'usernames', 'held'] as const)
    for (const name of part[key]) whole[key].add(name);
  for (const input of part.inputs) whole.inputs.add(input);
}
