import type { ExecutionResult } from 'graphql';

/** A result; a stream is a fault here, and is found as one. */
export type Answer = ExecutionResult | AsyncIterableIterator<ExecutionResult>;

/** One operation, whole: what a server does with a parsed document and a request's own context. */
export type Operation = () => Answer | Promise<Answer>;

/** One way of guarding the schema (or none), ready to run documents of `parcels.ts`. */
export interface Side {
  readonly name: string;
  /** A source is parsed once, as servers with a document cache do. */
  prepare(source: string): Operation;
}

/** What is measured beside the guard. */
export interface Peer extends Side {
  /** Too slow to wait for often: takes part in the first process alone. */
  readonly slow: boolean;
  /** In how many rounds it takes part with a list of so many rows; 0 where nobody would wait for it. */
  roundsFor(rows: number): number;
}

/** What a server would know of the caller: made anew for every operation, around what it keeps by permission set. */
export interface PeerContext {
  readonly user: { readonly id: string };
  /** The coordinates that the caller may read, whatever the row. */
  readonly allowed: ReadonlySet<string>;
}
