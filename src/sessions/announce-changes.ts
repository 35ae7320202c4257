import type { Log } from '../core/log.ts';
import type { OnChange, PrincipalChanges } from '../store/contract/changes.ts';
import { markedFor, markScript } from './principal-scripts.ts';
import type { RedisConnection } from './redis-client.ts';
import { type RedisKeys, redisKeys } from './redis-keys.ts';
import { prepareScript, type RunScript } from './redis-script.ts';

export interface AnnounceNeeds {
  readonly connect: () => Promise<RedisConnection>;
  readonly prefix: string;
  readonly log: Log;
}

/** More accounts than these are everyone. */
const mostUsers = 100;

/**
 * Marks in Redis what has changed, so that no process believes what is kept of it. Where Redis does not take the mark, the
 * change is acknowledged when all that may be kept has gone by itself: a little more than a second after its commit.
 */
export function announceChanges({ connect, prefix, log }: AnnounceNeeds): OnChange {
  const keys = redisKeys(prefix);
  let mark: Promise<RunScript> | null = null;
  let failing = false;

  const send = async (changes: PrincipalChanges): Promise<true> => {
    mark ??= connect().then((client) => prepareScript(client, markScript));
    try {
      await (
        await mark
      )(keysOf(changes, keys), []);
    } catch (error) {
      mark = null;
      throw error;
    }
    return true;
  };

  return async (changes) => {
    let timer: NodeJS.Timeout | undefined;
    const outlived = new Promise<false>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, markedFor);
    });
    let reason: unknown = `no answer within ${markedFor} ms`;
    const told = await Promise.race([
      outlived,
      send(changes).catch((error: unknown) => {
        reason = error;
        return outlived;
      }),
    ]);
    clearTimeout(timer);
    if (!told && !failing) {
      log.warn(
        { event: 'redis.change-not-told', err: reason },
        'Redis took no word of a change: changes are acknowledged a second later, until it does.',
      );
    }
    failing = !told;
  };
}

const keysOf = ({ users, policy }: PrincipalChanges, keys: RedisKeys): string[] => [
  ...(users === 'everyone' || users.length > mostUsers ? [keys.everyone] : users.map(keys.principal)),
  ...(policy ? [keys.policyEpoch] : []),
];
