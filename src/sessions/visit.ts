import type Koa from 'koa';
import type { Clock } from '../core/clock.ts';
import { newId, newToken } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { AuthenticationContext } from '../core/principal.ts';
import { digestOf } from '../core/secret.ts';
import type { LoadedSession, SessionLimits, SessionRow } from '../store/contract/sessions.ts';
import type { UserRow } from '../store/contract/users.ts';
import type { RequestSession, SessionBackend } from './sessions.ts';

export interface VisitNeeds {
  readonly backend: SessionBackend;
  /** In force for existing sessions at once. */
  readonly limits: SessionLimits;
  readonly clock: Clock;
  readonly log: Log;
}

const touchEvery = 60_000;
const longestUserAgent = 300;
const nobody = (policyEpoch: number): LoadedSession => ({
  policyEpoch,
  session: null,
  user: null,
  groups: [],
});

/**
 * A session as one request holds it: what koa-session asks its store, answered for this request alone. A class: one is made
 * for every request, and most of it is never asked for.
 */
export class Visit implements RequestSession {
  /** The session id that the request came with, unless it can't be one. */
  readonly id: string | null;
  readonly #needs: VisitNeeds;
  readonly #ctx: Koa.Context;
  #loaded = nobody(0);
  #beginning: SessionRow | null = null;
  #begunId: string | null = null;

  constructor(needs: VisitNeeds, ctx: Koa.Context, id: string | null) {
    this.#needs = needs;
    this.#ctx = ctx;
    this.id = id;
  }

  get loaded(): LoadedSession {
    return this.#loaded;
  }
  get csrf(): string | null {
    return findText(this.#loaded, 'csrf');
  }
  get logoutHint(): string | null {
    return findText(this.#loaded, 'logoutHint');
  }

  reload(): Promise<LoadedSession> {
    return this.#read(this.#loaded.session?.idHash ?? null);
  }

  /** Runs the one statement, for a session id or for nobody. */
  async load(id: string | null): Promise<SessionRow['data'] | null> {
    this.#loaded = await this.#read(id === null ? null : digestOf(id));
    return this.#loaded.session?.data ?? null;
  }

  /** Keeps data of koa-session: a new row while `begin` is at work, else a conditional update. Never revives. */
  async keep(id: string, stored: Readonly<Record<string, unknown>>): Promise<void> {
    // koa-session marks its own members with an underscore; what they say (expiry) is the row's business.
    const data = Object.fromEntries(Object.entries(stored).filter(([name]) => !name.startsWith('_')));
    const { session } = this.#loaded;
    if (this.#beginning !== null) await this.#insert(id, data, this.#beginning);
    else if (session !== null) await this.#update(session, data);
    else
      this.#needs.log.debug(
        { event: 'session.dropped' },
        'Session data of a request without a session was not kept.',
      );
  }

  /** Whether this request began the session of that id, so that the browser must be told of it. */
  began(id: string): boolean {
    return id === this.#begunId;
  }

  async begin(
    user: UserRow,
    authentication: AuthenticationContext,
    { logoutHint }: { readonly logoutHint: string | null },
  ): Promise<SessionRow> {
    const ctx = this.#ctx;
    const address = (ctx.state as { readonly address: string }).address;
    const draft = draftRow(user, authentication, this.#needs.clock, address, ctx.get('user-agent'));
    this.#beginning = draft;
    try {
      // regenerate() alone would carry the old data over: the session is replaced first.
      ctx['session'] = { csrf: newToken(), ...(logoutHint === null ? {} : { logoutHint }) };
      await (ctx['session'] as { regenerate(): Promise<void> }).regenerate();
      return this.#beginning;
    } finally {
      this.#beginning = null;
    }
  }

  /** Ends the session's row, if there is one; what `end` does apart from the cookie. */
  async drop(): Promise<void> {
    const { session, policyEpoch } = this.#loaded;
    if (session === null) return;
    await this.#needs.backend.end(session.idHash, this.#needs.clock.now());
    this.#loaded = nobody(policyEpoch);
  }

  async end(): Promise<void> {
    await this.drop();
    // koa-session clears the cookie when the request is over.
    this.#ctx['session'] = null;
  }

  /** Whether the use of the session is to be recorded: at most once a minute. */
  isToBeTouched(): boolean {
    const { session } = this.#loaded;
    return session !== null && this.#needs.clock.now() - session.lastUsedAt >= touchEvery;
  }

  /** Records that the session was used. Never rejects. */
  async touch(): Promise<void> {
    const { session } = this.#loaded;
    if (session === null || !this.isToBeTouched()) return;
    const { backend, clock, log } = this.#needs;
    try {
      await backend.update(session.idHash, { data: session.data, lastUsedAt: clock.now() });
    } catch (error) {
      log.warn(
        { event: 'session.touch-failed', err: error },
        'The last use of a session could not be written.',
      );
    }
  }

  #read(idHash: Buffer | null): Promise<LoadedSession> {
    const { backend, limits, clock } = this.#needs;
    return backend.load(idHash, { ...limits, now: clock.now() });
  }

  async #insert(id: string, data: SessionRow['data'], draft: SessionRow): Promise<void> {
    const row = { ...draft, idHash: digestOf(id), data };
    this.#beginning = row;
    await this.#needs.backend.insert(row);
    this.#loaded = await this.#read(row.idHash);
    // Last: an id whose making failed anywhere is never told to the browser.
    this.#begunId = id;
  }

  async #update(session: SessionRow, data: SessionRow['data']): Promise<void> {
    if (JSON.stringify(data) === JSON.stringify(session.data)) return;
    const lastUsedAt = this.#needs.clock.now();
    const alive = await this.#needs.backend.update(session.idHash, { data, lastUsedAt });
    this.#loaded = alive
      ? { ...this.#loaded, session: { ...session, data, lastUsedAt } }
      : nobody(this.#loaded.policyEpoch);
  }
}

function findText({ session }: LoadedSession, name: string): string | null {
  const value = session?.data[name];
  return typeof value === 'string' ? value : null;
}

const draftRow = (
  user: UserRow,
  authentication: AuthenticationContext,
  clock: Clock,
  address: string,
  userAgent: string,
): SessionRow => ({
  idHash: Buffer.alloc(0),
  publicId: newId(clock),
  userId: user.id,
  authenticator: authentication.authenticator,
  amr: authentication.amr,
  aal: authentication.aal,
  authTime: authentication.authTime,
  sessionEpoch: user.sessionEpoch,
  createdAt: clock.now(),
  lastUsedAt: clock.now(),
  address,
  userAgent: userAgent === '' ? null : userAgent.slice(0, longestUserAgent),
  data: {},
});
