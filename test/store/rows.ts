import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import type { Username } from '../../src/core/names.ts';
import type { NewUser, SessionRow, UserRow } from '../../src/store/store.ts';

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
