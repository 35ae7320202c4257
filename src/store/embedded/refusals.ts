/**
 * All clients share one backend session, so whatever outlives a transaction would reach somebody else, and a COPY
 * from the client ends the backend. Each row: what it looks like, and what to tell its sender. This catches mistakes;
 * who can open the socket is the operator, and is not held off by it.
 */
const refusals: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\s*set\s+(?!local\b|transaction\b|constraints\b)/i, 'SET'],
  [/^\s*(?:reset|discard|load)\b/i, 'RESET, DISCARD and LOAD'],
  [/^\s*(?:un)?listen\b/i, 'LISTEN'],
  [/^\s*(?:prepare|deallocate)\b/i, 'PREPARE'],
  [/^\s*create\s+(?:(?:local|global)\s+)?temp/i, 'a temporary table'],
  [/\bdeclare\b[^;]*\bwith\s+hold\b/i, 'a cursor WITH HOLD'],
  [/^\s*copy\b|\bcopy\b[^;]*\b(?:from\s+stdin|to\s+stdout)\b/i, 'COPY'],
  [/\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i, 'a session advisory lock'],
];

const comments = /\/\*[\s\S]*?\*\/|--[^\n]*/g;

/** Why this text can't run here, or `null`. */
export function refusalOf(sql: string): string | null {
  const bare = sql.replace(comments, ' ');
  const found = refusals.find(([pattern]) => pattern.test(bare));
  return found === undefined
    ? null
    : `The embedded database does not take ${found[1]}: all its connections share one session. Use PostgreSQL (DATABASE_URL) for this.`;
}

export const namedStatementRefusal =
  'The embedded database does not take named statements: all its connections share one session.';
export const unparsedBindRefusal =
  'The embedded database binds a statement only in the unit that parsed it: all its connections share one session.';
