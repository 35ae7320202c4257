/**
 * The hashing process. It is a process and not a thread because libuv's pool belongs to a process: argon2 on the server's
 * own pool delays its every file read and DNS lookup, and its niceness would be the server's.
 */
import { randomBytes } from 'node:crypto';
import { argon2id, hash, verify } from 'argon2';
import { digestLength, renderArgon2id, saltLength } from './argon2id.ts';
import type { HashingReply, HashingRequest } from './messages.ts';

async function answer(request: HashingRequest): Promise<HashingReply> {
  const { id } = request;
  const password = Buffer.from(request.password, 'utf8');
  try {
    if (request.kind === 'verify') return { id, matches: await verify(request.hash, password) };
    const { cost } = request;
    const salt = randomBytes(saltLength);
    const digest = await hash(password, {
      type: argon2id,
      memoryCost: cost.memory,
      timeCost: cost.passes,
      parallelism: cost.lanes,
      hashLength: digestLength,
      salt,
      raw: true,
    });
    return { id, hash: renderArgon2id(cost, salt, digest) };
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
