/** The same requests, ours against what others take. Arguments: rules, pairs. */
import { bearable, enforcerSide, openOurs } from './ours.ts';
import { peers } from './peers/peers.ts';
import { createRandom } from './random.ts';
import { drawRequests, manyRequests, takeRequests } from './requests.ts';
import type { PeerRows } from './samples.ts';
import { tellParent } from './tell-parent.ts';
import { compare, patienceFor } from './turns.ts';
import { buildRbac } from './worlds/rbac.ts';

const [size, pairs] = [Number(process.argv[2]), Number(process.argv[3])];
const world = buildRbac(size);
const all = drawRequests(world, manyRequests, createRandom(1));
const enforcer = await openOurs(world);
const ours = enforcerSide(enforcer, bearable(enforcer, all));

const rows: PeerRows[number][] = [];
for (const { name, asks, prepare } of peers) {
  const requests = takeRequests(all, asks(size));
  const row = { peer: name, asked: requests.allowed.length };
  try {
    const side = await prepare(world, requests);
    globalThis.gc?.();
    rows.push({ ...row, compared: await compare(ours, side, patienceFor(pairs)), why: '' });
  } catch (error) {
    rows.push({ ...row, compared: null, why: error instanceof Error ? error.message : String(error) });
  }
}
tellParent(rows);
