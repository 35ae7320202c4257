/**
 * The hashing process. It is a process and not a thread because libuv's pool belongs to a process: argon2 on the server's
 * own pool delays its every file read and DNS lookup, and its niceness would be the server's.
 */
import { argon2id, hash, verify } from 'argon2';
import type { HashingReply, HashingRequest } from './messages.ts';

async function answer(request: HashingRequest): Promise<HashingReply> {
  const { id } = request;
  const password = Buffer.from(request.password, 'utf8');
  try {
    if (request.kind === 'verify') return { id, matches: await verify(request.hash, password) };
    const { memory, passes, lanes } = request.cost;
    const options = { type: argon2id, memoryCost: memory, timeCost: passes, parallelism: lanes } as const;
    return { id, hash: await hash(password, options) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : 'unknown' };
  }
}

process.on('message', (request: HashingRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
// The server decides when this process ends: a Ctrl-C reaches both, and the server still has logins to finish.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit());
