/**
 * Ten times as many subjects as are kept, asked about in no order, against the same with all of them kept. Arguments:
 * rules, pairs.
 */
import type { Enforcer } from '../../src/policy/library.ts';
import { bearable, enforcerSide, openOurs } from './ours.ts';
import { createRandom } from './random.ts';
import { drawRequests, manyRequests } from './requests.ts';
import type { CacheTold } from './samples.ts';
import { tellParent } from './tell-parent.ts';
import { compare, patienceFor } from './turns.ts';
import { buildRbac } from './worlds/rbac.ts';

const [size, pairs] = [Number(process.argv[2]), Number(process.argv[3])];
const subjects = 10_000;
const kept = subjects / 10;

const world = buildRbac(size, subjects);
const few = await openOurs(world, { cachedSubjects: kept });
const all = await openOurs(world);
const requests = bearable(few, drawRequests(world, manyRequests, createRandom(1)));

/** What part of one pass over the requests is answered from what is kept, once everybody was asked about. */
function hitRateOf(enforcer: Enforcer): number {
  const side = enforcerSide(enforcer, requests);
  void side.run();
  const { hits, misses } = enforcer.cache;
  void side.run();
  const [hit, missed] = [enforcer.cache.hits - hits, enforcer.cache.misses - misses];
  return hit / (hit + missed);
}

const [hitRate, hitRateOfAll] = [hitRateOf(few), hitRateOf(all)];
globalThis.gc?.();
tellParent({
  kept,
  subjects,
  hitRate,
  hitRateOfAll,
  compared: await compare(enforcerSide(few, requests), enforcerSide(all, requests), patienceFor(pairs)),
} satisfies CacheTold);
