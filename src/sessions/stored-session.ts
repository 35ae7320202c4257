import type { LoadedSession, SessionRow } from '../store/contract/sessions.ts';

/** What `loadUser` tells. */
export type Account = Omit<LoadedSession, 'session'>;

type Members = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** By hand: this runs for every request, and a schema's parser takes as long as all the rest of it. */
const isStoredRow = (row: unknown): row is Omit<SessionRow, 'idHash' | 'data' | 'lastUsedAt'> =>
  isMembers(row) &&
  isText(row['publicId']) &&
  isText(row['userId']) &&
  isText(row['authenticator']) &&
  isTexts(row['amr']) &&
  (row['aal'] === 0 || row['aal'] === 1 || row['aal'] === 2 || row['aal'] === 3) &&
  isNumber(row['authTime']) &&
  isNumber(row['sessionEpoch']) &&
  isNumber(row['createdAt']) &&
  isTextOrNull(row['address']) &&
  isTextOrNull(row['userAgent']);

const isUser = (user: unknown): boolean =>
  isMembers(user) &&
  isText(user['id']) &&
  isText(user['username']) &&
  isText(user['name']) &&
  (user['status'] === 'active' || user['status'] === 'suspended') &&
  isMembers(user['attributes']) &&
  isNumber(user['sessionEpoch']) &&
  isNumber(user['createdAt']);

const isAccount = (account: unknown): account is Account =>
  isMembers(account) &&
  isNumber(account['policyEpoch']) &&
  (account['user'] === null || isUser(account['user'])) &&
  isTexts(account['groups']);

function parseJson(text: unknown): unknown {
  if (!isText(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `null` for what is not a session as we write it. */
export function parseSession(
  idHash: Buffer,
  fields: { readonly row: unknown; readonly data: unknown; readonly lastUsedAt: unknown },
): SessionRow | null {
  const row = parseJson(fields.row);
  const data = parseJson(fields.data);
  const lastUsedAt = isText(fields.lastUsedAt) ? Number(fields.lastUsedAt) : NaN;
  return isStoredRow(row) && isMembers(data) && Number.isFinite(lastUsedAt)
    ? { ...row, idHash, data, lastUsedAt }
    : null;
}

/** `null` for what is not an answer about that account, such as a mark. */
export function parseAccount(text: unknown, userId: string): Account | null {
  const account = parseJson(text);
  return isAccount(account) && (account.user === null || account.user.id === userId) ? account : null;
}

/** `null` for a mark. */
export const parsePolicyEpoch = (text: unknown): number | null =>
  isText(text) && /^\d{1,10}$/.test(text) ? Number(text) : null;
