import { PortcullisError } from '../core/errors.ts';
import type { LoadedSession, SessionLimits, SessionRow } from '../store/contract/sessions.ts';
import type { Store } from '../store/store.ts';
import { answered } from './answered.ts';
import type { RedisConnection } from './redis-client.ts';
import { redisKeys } from './redis-keys.ts';
import { prepareScript, type RunScript } from './redis-script.ts';
import { endScript, insertScript, updateScript } from './redis-scripts.ts';
import { createSessionReader } from './session-reader.ts';
import type { SessionBackend } from './sessions.ts';
import { parseSession } from './stored-session.ts';

export interface RedisSessionsNeeds {
  readonly client: RedisConnection;
  /**
   * The account's half of a session: status, groups and epochs are the database's, and kept in Redis for a second. So that
   * changes act at once, stores that make them need `announceChanges`.
   */
  readonly store: { readonly sessions: Pick<Store['sessions'], 'loadUser'> };
  /** Before every key, so that several servers can share a Redis. Those of one prefix share a database too. */
  readonly prefix: string;
  /** How long Redis keeps a session at most. `load` asks for the limits in force each time. */
  readonly limits: SessionLimits;
  /** Milliseconds until a silent Redis is UNAVAILABLE. */
  readonly deadline?: number;
}

type Alive = SessionLimits & { readonly now: number };

const isAlive = (row: SessionRow, { idle, absolute, now }: Alive): boolean =>
  now - row.lastUsedAt < idle && now - row.createdAt < absolute;

/** Sessions in Redis. The account's half of `load` is the database's, so an ended epoch ends them here too. */
export function createRedisSessions(needs: RedisSessionsNeeds): SessionBackend {
  const { client, store, prefix, limits, deadline = 2_000 } = needs;
  const keys = redisKeys(prefix);
  const lifetime = (createdAt: number, now: number): number =>
    Math.max(1, Math.min(limits.idle, createdAt + limits.absolute - now));

  const ask = <T>(command: Promise<T>): Promise<T> => answered(command, deadline);
  const asked =
    (run: RunScript) =>
    async (...args: Parameters<RunScript>): Promise<boolean> =>
      (await ask(run(...args))) === 1;
  const insert = asked(prepareScript(client, insertScript));
  const update = asked(prepareScript(client, updateScript));
  const end = asked(prepareScript(client, endScript));
  const read = createSessionReader({
    client,
    keys,
    loadUser: (userId) => store.sessions.loadUser(userId),
    deadline,
  });

  /** `null` for a session that is not there, has ended, or is not text of ours. */
  const find = async (idHash: Buffer): Promise<SessionRow | null> => {
    const { row, data, lastUsedAt, endedAt } = await ask(client.hGetAll(keys.session(idHash)));
    return endedAt === undefined ? parseSession(idHash, { row, data, lastUsedAt }) : null;
  };

  const liveRowsOf = async (userId: string, alive: Alive): Promise<readonly SessionRow[]> => {
    const [account, ids] = await Promise.all([
      store.sessions.loadUser(userId),
      ask(client.zRange(keys.index(userId), 0, -1)),
    ]);
    const epoch = account.user?.status === 'active' ? account.user.sessionEpoch : null;
    const rows = await Promise.all(ids.map((hex) => find(Buffer.from(hex, 'hex'))));
    return rows.filter(
      (row): row is SessionRow =>
        row !== null && row.userId === userId && row.sessionEpoch === epoch && isAlive(row, alive),
    );
  };

  return {
    async load(idHash, alive): Promise<LoadedSession> {
      const { session: row, account: accountOf } = await read(idHash);
      const session = row !== null && isAlive(row, alive) ? row : null;
      const account = await accountOf(session?.userId ?? null);
      return session !== null &&
        account.user?.status === 'active' &&
        account.user.sessionEpoch === session.sessionEpoch
        ? { ...account, session }
        : { policyEpoch: account.policyEpoch, session: null, user: null, groups: [] };
    },
    loadUser: (userId) => store.sessions.loadUser(userId),
    async insert(row) {
      const { idHash, data, lastUsedAt, ...rest } = row;
      const hex = idHash.toString('hex');
      const made = await insert(
        [keys.session(idHash), keys.index(row.userId), keys.named(row.publicId)],
        [
          JSON.stringify(rest),
          JSON.stringify(data),
          lastUsedAt,
          lifetime(row.createdAt, lastUsedAt),
          hex,
          row.createdAt,
          row.createdAt - limits.absolute,
          limits.absolute,
          row.userId,
        ],
      );
      if (!made) throw new PortcullisError('INTERNAL', { detail: 'A session of that id exists.' });
    },
    async update(idHash, { data, lastUsedAt }) {
      const row = await find(idHash);
      if (row === null) return false;
      return update(
        [keys.session(idHash), keys.named(row.publicId)],
        [
          JSON.stringify(data),
          lastUsedAt,
          lifetime(row.createdAt, lastUsedAt),
          idHash.toString('hex'),
          row.userId,
        ],
      );
    },
    end: (idHash, at) => end([keys.session(idHash)], [at]),
    async endByPublicId(userId, publicId, at) {
      const ids = await ask(client.zRange(keys.index(userId), 0, -1));
      for (const hex of ids) {
        const row = await find(Buffer.from(hex, 'hex'));
        if (row?.publicId === publicId && row.userId === userId) return end([keys.session(row.idHash)], [at]);
      }
      return false;
    },
    async findByPublicId(publicId, alive) {
      const hex = await ask(client.get(keys.named(publicId)));
      const row = hex === null ? null : await find(Buffer.from(hex, 'hex'));
      if (row === null || row.publicId !== publicId || !isAlive(row, alive)) return null;
      const { user } = await store.sessions.loadUser(row.userId);
      return user?.status === 'active' && user.sessionEpoch === row.sessionEpoch ? row : null;
    },
    async list(userId, alive) {
      const rows = await liveRowsOf(userId, alive);
      // Whoever learns a public id here must find the session by it, also one that an older version began.
      await Promise.all(
        rows.map(({ publicId, idHash, createdAt, lastUsedAt }) =>
          ask(
            client.set(keys.named(publicId), idHash.toString('hex'), {
              condition: 'NX',
              expiration: { type: 'PX', value: lifetime(createdAt, lastUsedAt) },
            }),
          ),
        ),
      );
      return [...rows].sort((a, b) => b.lastUsedAt - a.lastUsedAt);
    },
    // Redis forgets by itself.
    purge: () => Promise.resolve(0),
  };
}
