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

/** A session as one request holds it: what koa-session asks its store, answered for this request alone. */
export interface Visit extends RequestSession {
  /** Runs the one statement, for a session id or for nobody. */
  load(id: string | null): Promise<SessionRow['data'] | null>;
  /** Keeps data of koa-session: a new row while `begin` is at work, else a conditional update. Never revives. */
  keep(id: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  /** Ends the session's row, if there is one; what `end` does apart from the cookie. */
  drop(): Promise<void>;
  /** Whether this request began the session of that id, so that the browser must be told of it. */
  began(id: string): boolean;
  /** Records that the session was used; at most once a minute. Never rejects. */
  touch(): Promise<void>;
}

const touchEvery = 60_000;
const longestUserAgent = 300;
const nobody = (policyEpoch: number): LoadedSession => ({
  policyEpoch,
  session: null,
  user: null,
  groups: [],
});

export function createVisit(
  { backend, limits, clock, log }: VisitNeeds,
  ctx: Koa.Context,
  address: string,
): Visit {
  let loaded = nobody(0);
  let beginning: SessionRow | null = null;
  let begunId: string | null = null;

  const load = async (idHash: Buffer | null): Promise<void> => {
    loaded = await backend.load(idHash, { ...limits, now: clock.now() });
  };

  const insert = async (id: string, data: SessionRow['data'], draft: SessionRow): Promise<void> => {
    beginning = { ...draft, idHash: digestOf(id), data };
    await backend.insert(beginning);
    await load(beginning.idHash);
    // Last: an id whose making failed anywhere is never told to the browser.
    begunId = id;
  };

  const update = async (session: SessionRow, data: SessionRow['data']): Promise<void> => {
    if (JSON.stringify(data) === JSON.stringify(session.data)) return;
    const lastUsedAt = clock.now();
    const alive = await backend.update(session.idHash, { data, lastUsedAt });
    loaded = alive ? { ...loaded, session: { ...session, data, lastUsedAt } } : nobody(loaded.policyEpoch);
  };

  const drop = async (): Promise<void> => {
    if (loaded.session === null) return;
    await backend.end(loaded.session.idHash, clock.now());
    loaded = nobody(loaded.policyEpoch);
  };

  return {
    get loaded() {
      return loaded;
    },
    get csrf() {
      return findText(loaded, 'csrf');
    },
    get logoutHint() {
      return findText(loaded, 'logoutHint');
    },
    reload: () => backend.load(loaded.session?.idHash ?? null, { ...limits, now: clock.now() }),
    async load(id) {
      await load(id === null ? null : digestOf(id));
      return loaded.session?.data ?? null;
    },
    async keep(id, stored) {
      // koa-session marks its own members with an underscore; what they say (expiry) is the row's business.
      const data = Object.fromEntries(Object.entries(stored).filter(([name]) => !name.startsWith('_')));
      if (beginning !== null) await insert(id, data, beginning);
      else if (loaded.session !== null) await update(loaded.session, data);
      else
        log.debug({ event: 'session.dropped' }, 'Session data of a request without a session was not kept.');
    },
    began: (id) => id === begunId,
    async begin(user, authentication, { logoutHint }) {
      const draft = draftRow(user, authentication, clock, address, ctx.get('user-agent'));
      beginning = draft;
      try {
        // regenerate() alone would carry the old data over: the session is replaced first.
        ctx['session'] = { csrf: newToken(), ...(logoutHint === null ? {} : { logoutHint }) };
        await (ctx['session'] as { regenerate(): Promise<void> }).regenerate();
        return beginning;
      } finally {
        beginning = null;
      }
    },
    drop,
    async end() {
      await drop();
      // koa-session clears the cookie when the request is over.
      ctx['session'] = null;
    },
    async touch() {
      const { session } = loaded;
      const now = clock.now();
      if (session === null || now - session.lastUsedAt < touchEvery) return;
      try {
        await backend.update(session.idHash, { data: session.data, lastUsedAt: now });
      } catch (error) {
        log.warn(
          { event: 'session.touch-failed', err: error },
          'The last use of a session could not be written.',
        );
      }
    },
  };
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
