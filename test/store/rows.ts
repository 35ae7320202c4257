import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import type { Username } from '../../src/core/names.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import type { GrantRow } from '../../src/store/contract/grants.ts';
import type { NestingRow } from '../../src/store/contract/groups.ts';
import type { IdentityRow } from '../../src/store/contract/identities.ts';
import type { SessionRow } from '../../src/store/contract/sessions.ts';
import type { NewUser, UserRow } from '../../src/store/contract/users.ts';

/** A moment, in milliseconds, that tests count from. */
export const at = 1_800_000_000_000;

export const userNamed = (username: string, more: Partial<NewUser> = {}): NewUser => ({
  id: newId(systemClock),
  username: username as Username,
  name: `The ${username}`,
  attributes: {},
  createdAt: at,
  emails: [],
  passwordHash: null,
  ...more,
});

/** A session that began at `at` and is used by nobody else. */
export const sessionOf = (user: Pick<UserRow, 'id'>, more: Partial<SessionRow> = {}): SessionRow => ({
  idHash: randomBytes(32),
  publicId: newId(systemClock),
  userId: user.id,
  authenticator: 'password',
  amr: ['pwd'],
  aal: 1,
  authTime: at,
  sessionEpoch: 0,
  createdAt: at,
  lastUsedAt: at,
  address: '192.0.2.7',
  userAgent: 'a browser',
  data: { csrf: 'token' },
  ...more,
});

export const nesting = (member: string, group: string): NestingRow => ({
  id: newId(systemClock),
  member,
  group,
  by: 'user:root',
  at,
});

/** What an account may do: `accounts.view_user`, all of it, where nothing else is said. */
export const grantTo = (
  subject: { readonly userId: string } | { readonly group: string },
  more: Partial<GrantRow> = {},
): GrantRow => ({
  id: newId(systemClock),
  userId: null,
  group: null,
  ...subject,
  permission: 'accounts.view_user',
  action: '*',
  by: 'user:root',
  at,
  ...more,
});

/** An identity that nobody else has. */
export const identityOf = (user: Pick<UserRow, 'id'>, more: Partial<IdentityRow> = {}): IdentityRow => ({
  id: newId(systemClock),
  userId: user.id,
  authenticator: 'work',
  issuer: 'https://op.example',
  subject: newId(systemClock),
  label: 'ann@example.org',
  linkedAt: at,
  lastUsedAt: at,
  ...more,
});

/** A record of that moment; what is not given is as little as a record can say. */
export const recordAt = (moment: number, more: Partial<AuditRow> = {}): AuditRow => ({
  id: newId({ now: () => moment }),
  at: moment,
  event: 'login.succeeded',
  subject: 'anonymous',
  actorId: null,
  accountId: null,
  authenticator: null,
  sessionId: null,
  requestId: null,
  address: null,
  userAgent: null,
  policyVersion: null,
  count: 1,
  details: {},
  ...more,
});
