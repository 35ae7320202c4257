import type { LoadedSession, SessionLimits, SessionRow } from '../contract/sessions.ts';
import type { AccountStatus, UserRow } from '../contract/users.ts';
import type { Unit } from '../unit.ts';

/** What the statements below return: the column names of the tables, times as Dates. */
interface UserColumns {
  readonly policy_epoch: number;
  readonly user_id: string | null;
  readonly username: UserRow['username'];
  readonly name: string;
  readonly status: AccountStatus;
  readonly attributes: UserRow['attributes'];
  readonly user_session_epoch: number;
  readonly user_created_at: Date;
  readonly groups: readonly string[] | null;
}

interface SessionColumns extends UserColumns {
  readonly id_hash: Buffer;
  readonly public_id: string;
  readonly authenticator: string;
  readonly amr: readonly string[];
  readonly aal: SessionRow['aal'];
  readonly auth_time: Date;
  readonly session_epoch: number;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly data: SessionRow['data'];
}

/** A group may be given by an administrator and by claims: DISTINCT tells it once, and sorts. */
const userColumns = `
  e.value AS policy_epoch,
  u.id AS user_id, u.username, u.name, u.status, u.attributes,
  u.session_epoch AS user_session_epoch, u.created_at AS user_created_at,
  (SELECT array_agg(DISTINCT m.group_name) FROM memberships m WHERE m.user_id = u.id) AS groups`;

/** A session is alive while its row, its account and its two limits say so; the account's half is null otherwise. */
const sessionStatement = `
SELECT ${userColumns},
  s.id_hash, s.public_id, s.authenticator, s.amr, s.aal, s.auth_time, s.session_epoch, s.created_at, s.last_used_at,
  s.address, s.user_agent, s.data
FROM policy_epoch e
LEFT JOIN (sessions s JOIN users u ON u.id = s.user_id)
  ON s.id_hash = $1 AND s.ended_at IS NULL AND s.last_used_at > $2 AND s.created_at > $3
  AND u.session_epoch = s.session_epoch AND u.status = 'active'`;

const userStatement = `
SELECT ${userColumns}
FROM policy_epoch e
LEFT JOIN users u ON u.id = $1 AND u.status = 'active'`;

const noRow = (): Error => new Error('the policy epoch has no row: run the migrations');

function userOf(row: UserColumns): UserRow | null {
  if (row.user_id === null) return null;
  return {
    id: row.user_id,
    username: row.username,
    name: row.name,
    status: row.status,
    attributes: row.attributes,
    sessionEpoch: row.user_session_epoch,
    createdAt: row.user_created_at.getTime(),
  };
}

function sessionOf(row: SessionColumns): SessionRow | null {
  if (row.user_id === null) return null;
  return {
    idHash: row.id_hash,
    publicId: row.public_id,
    userId: row.user_id,
    authenticator: row.authenticator,
    amr: row.amr,
    aal: row.aal,
    authTime: row.auth_time.getTime(),
    sessionEpoch: row.session_epoch,
    createdAt: row.created_at.getTime(),
    lastUsedAt: row.last_used_at.getTime(),
    address: row.address,
    userAgent: row.user_agent,
    data: row.data,
  };
}

/** `pg` prepares a named statement once a connection. Embedded, all connections share one session: no names there. */
const named = (unit: Unit, name: string): { name?: string } => (unit.kind === 'postgresql' ? { name } : {});

/** The one read on every request, in one statement: session, account, memberships, policy epoch. */
export async function loadSession(
  unit: Unit,
  idHash: Buffer | null,
  { now, idle, absolute }: SessionLimits & { now: number },
): Promise<LoadedSession> {
  const { rows } = await unit.query<SessionColumns>({
    ...named(unit, 'load-session'),
    text: sessionStatement,
    values: [idHash, new Date(now - idle), new Date(now - absolute)],
  });
  const [row] = rows;
  if (row === undefined) throw noRow();
  return {
    policyEpoch: row.policy_epoch,
    session: sessionOf(row),
    user: userOf(row),
    groups: row.groups ?? [],
  };
}

/** The account's half of it. */
export async function loadUser(unit: Unit, userId: string | null): Promise<Omit<LoadedSession, 'session'>> {
  const { rows } = await unit.query<UserColumns>({
    ...named(unit, 'load-user'),
    text: userStatement,
    values: [userId],
  });
  const [row] = rows;
  if (row === undefined) throw noRow();
  return { policyEpoch: row.policy_epoch, user: userOf(row), groups: row.groups ?? [] };
}
