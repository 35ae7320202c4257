import { z } from 'zod';
import { PortcullisError } from '../core/errors.ts';
import type { LoadedSession, SessionLimits, SessionRow } from '../store/contract/sessions.ts';
import type { Store } from '../store/store.ts';
import { endScript, insertScript, updateScript } from './redis-scripts.ts';
import type { RedisConnection } from './redis-client.ts';
import type { SessionBackend } from './sessions.ts';

export interface RedisSessionsNeeds {
  readonly client: RedisConnection;
  /** The account's half of a session stays in the database: status, groups and epochs act at once. */
  readonly store: { readonly sessions: Pick<Store['sessions'], 'loadUser'> };
  /** Before every key, so that several servers can share a Redis. */
  readonly prefix: string;
  /** How long Redis keeps a session at most. `load` asks for the limits in force each time. */
  readonly limits: SessionLimits;
  /** Milliseconds until a silent Redis is UNAVAILABLE. */
  readonly deadline?: number;
}

type Alive = SessionLimits & { readonly now: number };

/** What a session's row is while it is text in Redis. */
const storedRow = z.object({
  publicId: z.string(),
  userId: z.string(),
  authenticator: z.string(),
  amr: z.array(z.string()),
  aal: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  authTime: z.number(),
  sessionEpoch: z.number(),
  createdAt: z.number(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
});

const storedData = z.record(z.string(), z.unknown());

const isAlive = (row: SessionRow, { idle, absolute, now }: Alive): boolean =>
  now - row.lastUsedAt < idle && now - row.createdAt < absolute;

/** Sessions in Redis. The account's half of `load` is the database's, so an ended epoch ends them here too. */
export function createRedisSessions(needs: RedisSessionsNeeds): SessionBackend {
  const { client, store, prefix, limits, deadline = 2_000 } = needs;
  const sessionKey = (hex: string): string => `${prefix}session:${hex}`;
  const indexKey = (userId: string): string => `${prefix}sessions-of:${userId}`;
  const publicKey = (publicId: string): string => `${prefix}session-named:${publicId}`;
  const lifetime = (createdAt: number, now: number): number =>
    Math.max(1, Math.min(limits.idle, createdAt + limits.absolute - now));

  const ask = <T>(command: Promise<T>): Promise<T> => answered(command, deadline);
  const run = async (script: string, keys: string[], args: (string | number)[]): Promise<boolean> =>
    (await ask(client.eval(script, { keys, arguments: args.map(String) }))) === 1;

  const find = async (idHash: Buffer): Promise<SessionRow | null> =>
    parseRow(idHash, await ask(client.hGetAll(sessionKey(idHash.toString('hex')))));

  const liveRowsOf = async (userId: string, alive: Alive): Promise<readonly SessionRow[]> => {
    const [account, ids] = await Promise.all([
      store.sessions.loadUser(userId),
      ask(client.zRange(indexKey(userId), 0, -1)),
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
      const row = idHash === null ? null : await find(idHash);
      const session = row !== null && isAlive(row, alive) ? row : null;
      const account = await store.sessions.loadUser(session?.userId ?? null);
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
      const made = await run(
        insertScript,
        [sessionKey(hex), indexKey(row.userId), publicKey(row.publicId)],
        [
          JSON.stringify(rest),
          JSON.stringify(data),
          lastUsedAt,
          lifetime(row.createdAt, lastUsedAt),
          hex,
          row.createdAt,
          row.createdAt - limits.absolute,
          limits.absolute,
        ],
      );
      if (!made) throw new PortcullisError('INTERNAL', { detail: 'A session of that id exists.' });
    },
    async update(idHash, { data, lastUsedAt }) {
      const row = await find(idHash);
      if (row === null) return false;
      const hex = idHash.toString('hex');
      return run(
        updateScript,
        [sessionKey(hex), publicKey(row.publicId)],
        [JSON.stringify(data), lastUsedAt, lifetime(row.createdAt, lastUsedAt), hex],
      );
    },
    end: (idHash, at) => run(endScript, [sessionKey(idHash.toString('hex'))], [at]),
    async endByPublicId(userId, publicId, at) {
      const ids = await ask(client.zRange(indexKey(userId), 0, -1));
      for (const hex of ids) {
        const row = await find(Buffer.from(hex, 'hex'));
        if (row?.publicId === publicId && row.userId === userId)
          return run(endScript, [sessionKey(hex)], [at]);
      }
      return false;
    },
    async findByPublicId(publicId, alive) {
      const hex = await ask(client.get(publicKey(publicId)));
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
            client.set(publicKey(publicId), idHash.toString('hex'), {
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

/** `null` for a session that is not there, has ended, or is not text of ours. */
function parseRow(idHash: Buffer, fields: Record<string, string>): SessionRow | null {
  if (fields['row'] === undefined || fields['endedAt'] !== undefined) return null;
  const row = storedRow.parse(JSON.parse(fields['row']));
  const data = storedData.parse(JSON.parse(fields['data'] ?? '{}'));
  return { ...row, idHash, data, lastUsedAt: Number(fields['lastUsedAt']) };
}

/** The command's answer, or UNAVAILABLE: at the deadline, or when Redis or the connection fails. */
async function answered<T>(command: Promise<T>, deadline: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Redis did not answer within ${deadline} ms.`));
    }, deadline);
  });
  try {
    return await Promise.race([command, late]);
  } catch (cause) {
    throw new PortcullisError('UNAVAILABLE', { detail: 'redis', cause });
  } finally {
    clearTimeout(timer);
  }
}
