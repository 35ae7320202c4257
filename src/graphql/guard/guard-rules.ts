import type { Coordinate } from '../../core/coordinate.ts';

/** What the guard knows of a schema besides its types, with the modules' own types left behind. */
export interface GuardRules {
  readonly facts: Readonly<Record<string, Readonly<Record<string, (object: unknown) => unknown>>>>;
  readonly acts: Readonly<Record<Coordinate, Act>>;
  readonly loaders: Readonly<Record<string, LoadMany>>;
  readonly alone: readonly Coordinate[];
}

export interface Act {
  /** The object type whose facts the root field is decided on. */
  readonly on: string;
  readonly load: (args: object, load: AnyLoad) => unknown;
}

export type AnyLoad = Readonly<Record<string, (id: string) => Promise<unknown>>>;
export type LoadMany = (ids: readonly string[], context: object) => Promise<ReadonlyMap<string, unknown>>;

export const noRules: GuardRules = { facts: {}, acts: {}, loaders: {}, alone: [] };
