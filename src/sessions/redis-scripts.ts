/**
 * What Redis must do in one step. A session is a hash { row, data, lastUsedAt, userId, endedAt? }; ending it leaves a mark, so
 * that a late write finds an ended session, and not a free name. Redis deletes it when no limit could let it live.
 */

/**
 * KEYS: session, its public name. ARGV: data, lastUsedAt, milliseconds to live, idHash, userId. Answers 1, or 0 where it
 * has ended. The public name and the account are written anew: a session that an older version began has none.
 */
export const updateScript = `
if redis.call('HEXISTS', KEYS[1], 'row') == 0 or redis.call('HEXISTS', KEYS[1], 'endedAt') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'data', ARGV[1], 'lastUsedAt', ARGV[2], 'userId', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
return 1`;

/** KEYS: session. ARGV: endedAt. Answers 1, or 0 where it had ended. */
export const endScript = `
if redis.call('HEXISTS', KEYS[1], 'row') == 0 or redis.call('HEXISTS', KEYS[1], 'endedAt') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'endedAt', ARGV[1])
return 1`;

/**
 * KEYS: session, the account's index, the session's public name. ARGV: row, data, lastUsedAt, milliseconds to live, idHash, createdAt, the
 * createdAt before which no session of the index can be alive, milliseconds for the index to live, userId. Answers
 * 0 where the session exists.
 */
export const insertScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'row', ARGV[1], 'data', ARGV[2], 'lastUsedAt', ARGV[3], 'userId', ARGV[9])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[7])
redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[8])
redis.call('SET', KEYS[3], ARGV[5], 'PX', ARGV[4])
return 1`;
