/** Decisions on subjects that were asked about before, against a `Map`. Arguments: kind of the policy, rules, pairs. */
import { mapSide } from './map-side.ts';
import { bearable, enforcerSide, openOurs, planOf } from './ours.ts';
import { createRandom } from './random.ts';
import { drawRequests, manyRequests } from './requests.ts';
import type { Warm } from './samples.ts';
import { tellParent } from './tell-parent.ts';
import { compare, patienceFor } from './turns.ts';
import { buildWorld } from './worlds/build-world.ts';

const [kind = '', size, pairs] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const world = buildWorld(kind, size);
const all = drawRequests(world, manyRequests, createRandom(1));
const enforcer = await openOurs(world);
const requests = bearable(enforcer, all);
globalThis.gc?.();
tellParent({
  plan: planOf(enforcer),
  asked: requests.allowed.length,
  compared: await compare(enforcerSide(enforcer, requests), mapSide(world, all), patienceFor(pairs)),
} satisfies Warm);
