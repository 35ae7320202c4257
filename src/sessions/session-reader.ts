import { gather } from '../core/gather.ts';
import type { SessionRow } from '../store/contract/sessions.ts';
import type { Store } from '../store/store.ts';
import { answered } from './answered.ts';
import { keepScript, readScript } from './principal-scripts.ts';
import type { RedisConnection } from './redis-client.ts';
import type { RedisKeys } from './redis-keys.ts';
import { prepareScript } from './redis-script.ts';
import { type Account, parseAccount, parsePolicyEpoch, parseSession } from './stored-session.ts';

/** Who has no session asks too: for the policy epoch. */
const nobody = 'nobody';

export interface SessionReaderNeeds {
  readonly client: RedisConnection;
  readonly keys: RedisKeys;
  readonly loadUser: Store['sessions']['loadUser'];
  /** Milliseconds for Redis to answer. */
  readonly deadline: number;
}

/** A session as Redis has it, alive or past its limits, and the account's half for whoever turns out to need it. */
export interface ReadSession {
  readonly session: SessionRow | null;
  /** Of that session's account, or of nobody: as one statement of the database told it, and nobody has changed it since. */
  readonly account: (userId: string | null) => Account | Promise<Account>;
}

/**
 * Reads sessions and, beside them, principals: one question to Redis for all who ask in the same turn, and one to the
 * database for what Redis has not, which Redis is then given.
 */
export function createSessionReader({
  client,
  keys,
  loadUser,
  deadline,
}: SessionReaderNeeds): (idHash: Buffer | null) => Promise<ReadSession> {
  const runRead = prepareScript(client, readScript);
  const runKeep = prepareScript(client, keepScript);
  const beginning = keys.principal('');

  const loadAndKeep = async (userId: string | null, begun: number): Promise<Account> => {
    const account = await loadUser(userId);
    const names = [keys.policyEpoch, keys.everyone, ...(userId === null ? [] : [keys.principal(userId)])];
    // Nobody waits for it: whoever comes next asks the database again.
    runKeep(names, [begun, account.policyEpoch, JSON.stringify(account)]).catch(() => undefined);
    return account;
  };

  const read = gather<Buffer | typeof nobody, ReadSession>(async (ids) => {
    const known = ids.filter((id) => id !== nobody);
    const [begun, epoch, ...sessions] = (await answered(
      runRead([keys.policyEpoch, keys.everyone, ...known.map(keys.session)], [beginning]),
      deadline,
    )) as [number, string | null, ...(readonly (string | null)[] | null)[]];
    const policyEpoch = parsePolicyEpoch(epoch);
    const loading = new Map<string | null, Promise<Account>>();

    const load = (userId: string | null): Promise<Account> => {
      const account = loading.get(userId) ?? loadAndKeep(userId, begun);
      loading.set(userId, account);
      return account;
    };
    const find = (userId: string | null, principal: string | null): Account | Promise<Account> => {
      if (policyEpoch === null) return load(userId);
      if (userId === null) return { policyEpoch, user: null, groups: [] };
      const kept = principal === null ? null : parseAccount(principal, userId);
      // Of another epoch: names and grants of two moments must not meet.
      return kept?.policyEpoch === policyEpoch ? kept : load(userId);
    };

    let next = 0;
    return ids.map((idHash) => {
      const fields = idHash === nobody ? null : (sessions[next++] ?? null);
      if (idHash === nobody || fields === null) return { session: null, account: (id) => find(id, null) };
      const [row, data, lastUsedAt, keptFor, principal = null] = fields;
      return {
        session: parseSession(idHash, { row, data, lastUsedAt }),
        account: (id) => find(id, id === keptFor ? principal : null),
      };
    });
  });
  return (idHash) => read(idHash ?? nobody);
}
