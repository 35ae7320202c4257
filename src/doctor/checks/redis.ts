import { inspectRedis, type RedisFacts } from '../../sessions/inspect-redis.ts';
import type { Check } from '../check.ts';
import { isRemote, showAddress } from '../show-address.ts';
import { good, problem, type Verdict, warning } from '../verdict.ts';

export const redis: Check = {
  name: 'redis',
  title: 'Redis',
  reason:
    'Where it keeps the sessions, nobody is logged in without it, and what it forgets or revives is a login.',
  needs: ['redisUrl'],
  async inspect({ settings: { redisUrl: url, redisPrefix: prefix }, clock }) {
    if (url === null) return [good('Not configured: sessions are kept in the database.')];
    const facts = await inspectRedis({ url, prefix, clock });
    const open = isRemote(url) && !url.reveal().startsWith('rediss:');
    return [
      good(
        `Redis ${facts.version} at ${showAddress(url)} answers in ${facts.latency.toFixed(1)} ms; ` +
          `keys of sessions begin with ${prefix}.`,
      ),
      ...inspectFacts(facts),
      ...(open
        ? [
            warning(
              'The connection to Redis leaves this machine without TLS.',
              'Write rediss:// in REDIS_URL, unless the network is yours alone.',
            ),
          ]
        : []),
    ];
  },
};

/** What is well or wrong with a Redis that answers. */
export const inspectFacts = (facts: RedisFacts): readonly Verdict[] => [
  ...inspectUse(facts),
  ...inspectPersistence(facts),
  ...inspectEviction(facts),
];

function inspectUse({ mode, role, refusal }: RedisFacts): readonly Verdict[] {
  if (mode !== 'standalone') {
    return [
      problem(
        `It is a ${mode}: sessions need one Redis, or the primary of a replicated one.`,
        'Let REDIS_URL name that.',
      ),
    ];
  }
  if (role !== 'master') {
    return [problem('It is a replica, which takes no writes.', 'Let REDIS_URL name its primary.')];
  }
  if (refusal !== null) {
    return [
      problem(
        `It did not take a session: ${refusal}`,
        'Mend what it says, or let its user run EVAL, HSET and PEXPIRE under the prefix.',
      ),
    ];
  }
  return [good('It takes writes.')];
}

function inspectPersistence({ appendOnly, appendSync }: RedisFacts): readonly Verdict[] {
  if (appendOnly === null) return [good('It does not say what it keeps on the disk.')];
  if (!appendOnly) {
    return [
      warning(
        'It keeps no append-only file: a restart logs people out, and revives sessions that ended since its last snapshot.',
        'Set appendonly yes, and appendfsync everysec or always.',
      ),
    ];
  }
  switch (appendSync) {
    case 'always':
      return [good('What it acknowledged is on the disk (appendfsync always).')];
    case 'everysec':
      return [good('A crash may revive a session that ended in its last second (appendfsync everysec).')];
    case null:
      return [good('It keeps an append-only file; it does not say how often that goes to the disk.')];
    default:
      return [
        warning(
          `With appendfsync ${appendSync}, a crash may revive sessions that ended half a minute ago.`,
          'Set appendfsync everysec or always.',
        ),
      ];
  }
}

function inspectEviction({ eviction, maxMemory }: RedisFacts): readonly Verdict[] {
  if (eviction === null || eviction === 'noeviction') return [];
  const now = maxMemory === 0 ? ', once a memory limit is set' : '';
  return [
    warning(
      `With maxmemory-policy ${eviction} it throws sessions away when its memory is full${now}: people are logged out.`,
      'Set maxmemory-policy noeviction.',
    ),
  ];
}
