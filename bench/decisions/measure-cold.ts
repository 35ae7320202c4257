/**
 * Decisions on subjects that nobody asked about before, each with a set of roles of their own, against decisions of stock
 * Casbin. Arguments: rules, pairs.
 */
import { enforcerSide, openOurs, planOf } from './ours.ts';
import { stockSide } from './peers/casbin.ts';
import { createRandom } from './random.ts';
import { drawRequests, takeRequests } from './requests.ts';
import type { Cold } from './samples.ts';
import { tellParent } from './tell-parent.ts';
import { compareFresh, patienceFor, type Side } from './turns.ts';
import { buildRbac } from './worlds/rbac.ts';

const [size, pairs] = [Number(process.argv[2]), Number(process.argv[3])];
const askedOfStock = 8;
const mostAtOnce = 100;
/** Their first decisions make the code warm, and nothing else: nobody of them is asked about again. */
const warming = 3_000;

const world = buildRbac(size);
const random = createRandom(1);
const enforcer = await openOurs(world);
const atOnce = Math.min(mostAtOnce, 2 * Math.floor((world.users.length - warming) / pairs / 2));
let asked = 0;
const fresh = (count: number): Side => {
  const first = asked;
  asked += count;
  return enforcerSide(
    enforcer,
    drawRequests(world, count, random, (place) => first + place),
  );
};
for (let turn = 0; turn < warming / mostAtOnce; turn += 1) await fresh(mostAtOnce).run();
const stock = await stockSide(world, takeRequests(drawRequests(world, 100, random), askedOfStock));
globalThis.gc?.();
tellParent({
  plan: planOf(enforcer),
  compared: await compareFresh(() => fresh(atOnce), stock, patienceFor(pairs)),
} satisfies Cold);
