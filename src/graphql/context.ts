import type { Principal } from '../core/principal.ts';
import type { Decisions } from '../policy/decision.ts';
import type { PolicySnapshot } from '../policy/snapshot.ts';

/**
 * What a request brings to GraphQL. `principal`, `decisions` and `sessionId` are read anew each time: logging in or out
 * replaces them for the rest of the operation. The snapshot stays: one request, one policy.
 */
export interface RequestState {
  readonly requestId: string;
  readonly principal: Principal;
  readonly decisions: Decisions;
  readonly snapshot: PolicySnapshot;
  /** The public id of the session that the request came with, or that was begun by it. */
  readonly sessionId: string | null;
  readonly actions: RequestActions;
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
  /** Ends the session, for good: afterwards the state is anonymous. */
  logOut(): Promise<void>;
}

/** Finds objects by id, each once per request, those asked for together in one go. `null` where there is none. */
export type Load<Loaded> = { readonly [Name in keyof Loaded]: (id: string) => Promise<Loaded[Name] | null> };

/** What a resolver may use. */
export interface Context<Services, Loaded = object> extends RequestState {
  readonly services: Services;
  readonly load: Load<Loaded>;
}
