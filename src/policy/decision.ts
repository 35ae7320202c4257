import type { Action, Coordinate } from '../core/coordinate.ts';
import type { AssuranceLevel, Principal } from '../core/principal.ts';
import type { Effect, Rule } from './rule.ts';

/**
 * What the engine answers. A value: never a boolean, never a promise (an un-awaited promise is truthy, and permits
 * everybody).
 */
export interface Decision {
  readonly effect: Effect;
  readonly coordinate: Coordinate;
  readonly action: Action;
  readonly reason: DecisionReason;
  /** The rules that decided, in policy order: the allows of an allow, the denies of a deny; empty where none matched. */
  readonly rules: readonly Rule[];
  readonly policyVersion: string;
}

export type DecisionReason =
  /** An allow rule matched and no deny rule did. */
  | 'allowed'
  /** A deny rule matched. */
  | 'denied-by-rule'
  /** A deny rule's condition could not be evaluated, and so denies. */
  | 'deny-condition-failed'
  /** No allow rule matched. */
  | 'no-rule-allows'
  /** The engine itself failed: fail closed. */
  | 'engine-failed';

/** A decision taken before any object or argument was looked at. `depends`: only they can tell. */
export type Preview =
  Decision | { readonly effect: 'depends'; readonly coordinate: Coordinate; readonly action: Action };

/** What a request brings besides its principal. One per request. */
export interface RequestEnvironment {
  /** Milliseconds since the Unix epoch; the same instant for the whole request. */
  readonly now: number;
  /** The client's address as the trusted proxies tell it; `null` for work that no client asked for. */
  readonly address: string | null;
  /** What a new login could prove here: the methods and the highest level of all enabled authenticators. */
  readonly provable: { readonly amr: readonly string[]; readonly aal: AssuranceLevel };
}

/** What one field's decision may look at. */
export interface DecisionContext {
  readonly args: Readonly<Record<string, unknown>>;
  /** The declared facts of the object; `null` where there is none, or it does not exist. */
  readonly object: Readonly<Record<string, unknown>> | null;
}

/** What a denied caller could do about it. */
export type Remedy =
  /** Nothing that a login could change. */
  | { readonly kind: 'none' }
  /** The caller is anonymous, and somebody logged in might be allowed. */
  | { readonly kind: 'log-in' }
  /** A newer or stronger login would be allowed; `calls` are the conditions to satisfy, such as `fresh(r.ctx, '5m')`. */
  | { readonly kind: 'step-up'; readonly calls: readonly string[] };

/**
 * What stands already for whoever counts as the principal does, whatever is asked with. It fills as `decide` and `preview`
 * are asked, and only grows; nobody but the engine writes to it.
 */
export interface Standing {
  /** The coordinates that it is about: a coordinate's number is its place among them. */
  readonly coordinates: ReadonlySet<Coordinate>;
  /** By number, in the two lowest bits: one of `stands`. */
  readonly marks: Readonly<ArrayLike<number>>;
}

export const stands = { unknown: 0, allowed: 1, denied: 2, depends: 3, mask: 3 } as const;

/** For whoever decides without tables: nothing stands, everything is asked. */
export const nothingStands: Standing = { coordinates: new Set(), marks: [] };

/**
 * The decisions of one request: one principal, one snapshot, one instant. Everything that asks for a decision asks
 * here; how it is found is nobody else's business.
 */
export interface Decisions {
  readonly principal: Principal;
  readonly policyVersion: string;
  readonly standing: Standing;
  decide(coordinate: Coordinate, context: DecisionContext): Decision;
  preview(coordinate: Coordinate): Preview;
  /** Why-not for the caller: asked only after a deny, so it may be slow. */
  remedyFor(decision: Decision, context: DecisionContext): Remedy;
}
