import type { SchemaCoordinates } from '../core/coordinate.ts';

/** The kinds of value a condition may compare. */
export type FactKind = 'string' | 'number' | 'boolean' | 'strings';

/**
 * Everything a policy may name besides its own groups and permissions, told by the rest of the house as data. What is
 * not declared can't be named: a misspelt member is refused at load and never evaluates to `undefined`.
 */
export interface Declarations {
  readonly schema: SchemaCoordinates;
  /** Attributes of accounts, by name: `r.ctx.principal.attributes.<name>`. */
  readonly attributes: Readonly<Record<string, FactKind>>;
  /** Members of `r.ctx.object`, by object type name. */
  readonly facts: Readonly<Record<string, readonly string[]>>;
  /** Arguments of each coordinate: `r.ctx.args.<name>`. */
  readonly args: ReadonlyMap<string, readonly string[]>;
  /** For a root field, the object type whose facts it is decided on (`acts`). */
  readonly acts: ReadonlyMap<string, string>;
}
