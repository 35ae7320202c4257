import type { AuthenticationContext } from '../core/principal.ts';
import type { LoadedSession, SessionRow, SessionRepository } from '../store/contract/sessions.ts';
import type { UserRow } from '../store/contract/users.ts';

/** Where sessions are kept: PostgreSQL (`store.sessions` is one), or Redis. One conformance suite holds for both. */
export type SessionBackend = SessionRepository;

/** What the session middleware leaves on `ctx.state.session` for the rest of a request. */
export interface RequestSession {
  /**
   * What the one statement told: who this is, where they belong, how new the grants are. Read again by `begin`, empty
   * after `end`.
   */
  readonly loaded: LoadedSession;
  /** The same statement again, for what goes on after the request: it leaves `loaded` as it is. */
  reload(): Promise<LoadedSession>;
  /** The CSRF token that forms of this session carry; `null` while nobody is logged in. */
  readonly csrf: string | null;
  /** What the issuer of the session's identity wants to see at logout; `null` where it wants nothing. Never shown or logged. */
  readonly logoutHint: string | null;
  /**
   * Logs in: ends the session there was, and begins one with a new id, a new CSRF token and nothing of the old data.
   * Committed when the promise resolves.
   */
  begin(
    user: UserRow,
    authentication: AuthenticationContext,
    kept: { readonly logoutHint: string | null },
  ): Promise<SessionRow>;
  /** Logs out: the session is over on the server when the promise resolves, and its cookie is cleared. */
  end(): Promise<void>;
}
