import { createHash } from 'node:crypto';
import type { RedisConnection } from './redis-client.ts';

/** Runs one script of ours; answers what it returns. */
export type RunScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** A script that is sent once, and named by its digest from then on: `EVAL` would send, and hash, the text every time. */
export function prepareScript(client: RedisConnection, text: string): RunScript {
  const digest = createHash('sha1').update(text).digest('hex');
  return async (keys, args) => {
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    try {
      return await client.sendCommand(['EVALSHA', digest, ...rest]);
    } catch (error) {
      // Redis forgets scripts when it starts.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.sendCommand(['EVAL', text, ...rest]);
    }
  };
}
