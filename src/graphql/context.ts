import type { Origin } from '../core/origin.ts';
import type { Principal } from '../core/principal.ts';
import type { Decisions, RequestEnvironment } from '../policy/decision.ts';
import type { PolicySnapshot } from '../policy/snapshot.ts';
import type { UserRow } from '../store/contract/users.ts';

/**
 * What a request brings to GraphQL. `principal`, `account`, `decisions` and `sessionId` are read anew each time: logging in or out
 * replaces them for the rest of the operation. The snapshot stays: one request, one policy.
 */
export interface RequestState {
  readonly requestId: string;
  /** For records of what is done: read anew each time, as the principal is. */
  readonly origin: Origin;
  /** What decisions of this request look at besides the principal. */
  readonly environment: RequestEnvironment;
  readonly principal: Principal;
  /** The principal's account, as it was read to begin the request; nothing where that is not known, or not any more. */
  readonly account?: UserRow | null;
  readonly decisions: Decisions;
  readonly snapshot: PolicySnapshot;
  /** The public id of the session that the request came with, or that was begun by it. */
  readonly sessionId: string | null;
  readonly actions: RequestActions;
  /**
   * The state as of now, for what goes on for longer than a request: who this is, what decides, and the time. `null` where
   * the session that the request came with has ended. Rejects with UNAVAILABLE. Without it, a subscription is decided by
   * what it began with.
   */
  renew?(): Promise<RequestState | null>;
}

/** What only the server around GraphQL can do: it holds the cookie. */
export interface RequestActions {
  /**
   * Proves who somebody is and begins their session: afterwards the state speaks of them. Rejects with
   * BAD_CREDENTIALS, THROTTLED, BUSY, NOT_FOUND (no such authenticator) or UNAVAILABLE.
   */
  logIn(attempt: {
    readonly authenticator: string | null;
    readonly credentials: Readonly<Record<string, string>>;
  }): Promise<void>;
  /**
   * Ends the session, for good: afterwards the state is anonymous. Answers where the browser goes to be logged out at the
   * issuer as well; `null` where nobody else is concerned.
   */
  logOut(): Promise<{ readonly continueAt: URL | null }>;
}

/** Finds objects by id, each once per request, those asked for together in one go. `null` where there is none. */
export type Load<Loaded> = { readonly [Name in keyof Loaded]: (id: string) => Promise<Loaded[Name] | null> };

/** What a resolver may use. */
export interface Context<Services, Loaded = object> extends RequestState {
  readonly services: Services;
  readonly load: Load<Loaded>;
}
