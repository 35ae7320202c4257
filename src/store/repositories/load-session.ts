import { gather } from '../../core/gather.ts';
import type { LoadedSession, SessionLimits, SessionRow } from '../contract/sessions.ts';
import type { UserRow } from '../contract/users.ts';
import { isUuid } from '../identifiers.ts';
import type { Unit } from '../unit.ts';

type Alive = SessionLimits & { readonly now: number };
type LoadedUser = Omit<LoadedSession, 'session'>;

/** The reads of every request. Outside a unit of work, one statement serves all who come while others are on their way. */
export interface SessionLoading {
  load(idHash: Buffer | null, alive: Alive): Promise<LoadedSession>;
  loadUser(userId: string | null): Promise<LoadedUser>;
}

/** What the statements below tell of an account. A list in JSON: a driver takes many columns apart at some cost each. */
type UserParts = readonly [
  id: string,
  username: UserRow['username'],
  name: string,
  status: UserRow['status'],
  attributes: UserRow['attributes'],
  sessionEpoch: number,
  createdAt: number,
];

type SessionParts = readonly [
  publicId: string,
  authenticator: string,
  amr: readonly string[],
  aal: SessionRow['aal'],
  authTime: number,
  sessionEpoch: number,
  createdAt: number,
  lastUsedAt: number,
  address: string | null,
  userAgent: string | null,
  data: SessionRow['data'],
];

interface Loaded<Found> {
  readonly policy_epoch: number;
  readonly found: Found | null;
}

type FoundUser = readonly [groups: readonly string[] | null, user: UserParts];
type FoundSession = readonly [...FoundUser, session: SessionParts];

/** Whole milliseconds since 1970, as a Date of the driver's would have them. */
const milliseconds = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000)`;

/** A group may be given by an administrator and by claims: DISTINCT tells it once, and sorts. */
const userParts = `
  (SELECT array_agg(DISTINCT m.group_name) FROM memberships m WHERE m.user_id = u.id),
  json_build_array(u.id, u.username, u.name, u.status, u.attributes, u.session_epoch, ${milliseconds('u.created_at')})`;

const sessionParts = `
  json_build_array(s.public_id, s.authenticator, s.amr, s.aal, ${milliseconds('s.auth_time')}, s.session_epoch,
    ${milliseconds('s.created_at')}, ${milliseconds('s.last_used_at')}, s.address, s.user_agent, s.data)`;

/**
 * A row for each that was asked for, in that order. A session is alive while its row, its account and its limits say so.
 * The keys come as JSON: of an array PostgreSQL sees how long it is, and would plan the statement anew each time.
 */
const sessionsStatement = `
SELECT e.value AS policy_epoch, l.found
FROM policy_epoch e
CROSS JOIN json_array_elements($1::json) WITH ORDINALITY AS asked (key, place)
LEFT JOIN LATERAL (
  SELECT json_build_array(${userParts}, ${sessionParts}) AS found
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id_hash = decode(asked.key->>0, 'hex') AND s.ended_at IS NULL
  AND s.last_used_at > to_timestamp((asked.key->>1)::float8 / 1000)
  AND s.created_at > to_timestamp((asked.key->>2)::float8 / 1000)
  AND u.session_epoch = s.session_epoch AND u.status = 'active'
) l ON true
ORDER BY asked.place`;

const usersStatement = `
SELECT e.value AS policy_epoch, l.found
FROM policy_epoch e
CROSS JOIN json_array_elements_text($1::json) WITH ORDINALITY AS asked (id, place)
LEFT JOIN LATERAL (
  SELECT json_build_array(${userParts}) AS found FROM users u WHERE u.id = asked.id::uuid AND u.status = 'active'
) l ON true
ORDER BY asked.place`;

const userOf = ([id, username, name, status, attributes, sessionEpoch, createdAt]: UserParts): UserRow => ({
  id,
  username,
  name,
  status,
  attributes,
  sessionEpoch,
  createdAt,
});

const sessionOf = (idHash: Buffer, userId: string, parts: SessionParts): SessionRow => ({
  idHash,
  publicId: parts[0],
  userId,
  authenticator: parts[1],
  amr: parts[2],
  aal: parts[3],
  authTime: parts[4],
  sessionEpoch: parts[5],
  createdAt: parts[6],
  lastUsedAt: parts[7],
  address: parts[8],
  userAgent: parts[9],
  data: parts[10],
});

interface AskedSession {
  readonly idHash: Buffer | null;
  readonly alive: Alive;
}

const loadSessions =
  (unit: Unit) =>
  async (asked: readonly AskedSession[]): Promise<readonly LoadedSession[]> => {
    const keys = asked.map(({ idHash, alive: { now, idle, absolute } }) => [
      idHash?.toString('hex') ?? null,
      now - idle,
      now - absolute,
    ]);
    const rows = await ask<FoundSession>(unit, 'load-sessions', sessionsStatement, keys);
    return rows.map(({ policy_epoch: policyEpoch, found }, place): LoadedSession => {
      const idHash = asked[place]?.idHash ?? null;
      if (found === null || idHash === null) return { policyEpoch, session: null, user: null, groups: [] };
      const user = userOf(found[1]);
      return { policyEpoch, session: sessionOf(idHash, user.id, found[2]), user, groups: found[0] ?? [] };
    });
  };

const loadUsers =
  (unit: Unit) =>
  async (asked: readonly (string | null)[]): Promise<readonly LoadedUser[]> => {
    const rows = await ask<FoundUser>(unit, 'load-users', usersStatement, asked);
    return rows.map(({ policy_epoch: policyEpoch, found }) =>
      found === null
        ? { policyEpoch, user: null, groups: [] }
        : { policyEpoch, user: userOf(found[1]), groups: found[0] ?? [] },
    );
  };

/** `pg` prepares a named statement once a connection. Embedded, all connections share one session: no names there. */
async function ask<Found>(
  unit: Unit,
  name: string,
  text: string,
  keys: readonly unknown[],
): Promise<readonly Loaded<Found>[]> {
  const { rows } = await unit.query<Loaded<Found>>({
    ...(unit.kind === 'postgresql' ? { name } : {}),
    text,
    values: [JSON.stringify(keys)],
  });
  if (rows.length !== keys.length) throw new Error('the policy epoch has no row: run the migrations');
  return rows;
}

/** A unit of work has one connection, and sees what it has written itself: what it asks, it asks alone. */
export function createSessionLoading(unit: Unit): SessionLoading {
  const [sessions, users] = [loadSessions(unit), loadUsers(unit)];
  const alone =
    <Key, Value>(ask: (keys: readonly Key[]) => Promise<readonly Value[]>) =>
    async (key: Key): Promise<Value> =>
      (await ask([key]))[0] as Value;
  const [session, user] = unit.isRoot ? [gather(sessions), gather(users)] : [alone(sessions), alone(users)];
  return {
    load: (idHash, alive) => session({ idHash, alive }),
    loadUser: (userId) => user(userId !== null && isUuid(userId) ? userId : null),
  };
}
