export type RedisKeys = ReturnType<typeof redisKeys>;

/** What is called what in Redis. The prefix keeps several servers apart. */
export const redisKeys = (prefix: string) => ({
  session: (idHash: Buffer): string => `${prefix}session:${idHash.toString('hex')}`,
  /** Sessions of an account. */
  index: (userId: string): string => `${prefix}sessions-of:${userId}`,
  /** A session by its public id. */
  named: (publicId: string): string => `${prefix}session-named:${publicId}`,
  /** What `loadUser` told of an account, or a mark that it has changed. */
  principal: (userId: string): string => `${prefix}principal:${userId}`,
  /** There while nothing that is kept of any account is to be believed. */
  everyone: `${prefix}principals`,
  policyEpoch: `${prefix}policy-epoch`,
});
