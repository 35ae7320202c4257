/**
 * Principals are kept in Redis beside the sessions, each for `keptFor` milliseconds from when its reading began: Redis' own
 * clock says when that was. Who changes one puts a mark in its place, which stands for longer than any answer that was read
 * before can still be written; so an old answer is never kept after the change is acknowledged.
 */
export const keptFor = 1_000;
/** A little more, for the grain of clocks. */
export const markedFor = 1_100;

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * KEYS: policy epoch, mark of everyone, sessions. ARGV: what keys of principals begin with. Answers the time, the policy
 * epoch, and each session with its principal, or nil: { row, data, lastUsedAt, userId, principal }.
 */
export const readScript = `${now}
local epoch = redis.call('GET', KEYS[1])
local kept = epoch and redis.call('EXISTS', KEYS[2]) == 0
local answer = { now, epoch }
for i = 3, #KEYS do
  local session = redis.call('HMGET', KEYS[i], 'row', 'data', 'lastUsedAt', 'userId', 'endedAt')
  if not session[1] or session[5] then
    answer[i] = false
  else
    session[5] = kept and session[4] and redis.call('GET', ARGV[1] .. session[4])
    answer[i] = session
  end
end
return answer`;

/**
 * KEYS: policy epoch, mark of everyone, the principal where there is one. ARGV: when its reading began, epoch, principal. A
 * clock that was set back meanwhile tells nothing of an answer's age: then it is not kept.
 */
export const keepScript = `${now}
local left = ARGV[1] + ${keptFor} - now
if left <= 0 or left > ${keptFor} then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'NX', 'PX', left)
if KEYS[3] and redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SET', KEYS[3], ARGV[3], 'NX', 'PX', left) end
return 1`;

/** KEYS: what has changed. */
export const markScript = `
for _, key in ipairs(KEYS) do redis.call('SET', key, 'changed', 'PX', ${markedFor}) end
return 1`;
