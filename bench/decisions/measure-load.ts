/**
 * A model and a policy from files on disk, loaded by ours or by stock Casbin: the time, how long the event loop was held up,
 * and what is there afterwards. Arguments: whose; the folder; rules; users.
 */
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { newEnforcer } from 'casbin';
import { createEnforcer } from '../../src/policy/library.ts';
import { enforcerSide, planOf } from './ours.ts';
import { createRandom } from './random.ts';
import { drawRequests } from './requests.ts';
import type { LoadTold } from './samples.ts';
import { tellParent } from './tell-parent.ts';
import { buildRbac } from './worlds/rbac.ts';

const [whose, folder = '', size, users] = [
  process.argv[2],
  process.argv[3],
  Number(process.argv[4]),
  Number(process.argv[5]),
];
const model = join(folder, 'model.conf');
const policy = join(folder, 'policy.csv');
const asked = 8;
/** A delay is counted from one timer to the next: they must run before and after, or a stop of the whole load is not seen. */
const asideMs = 20;

/** Mebibytes that are reachable, on the heap and beside it: buffers are part of what is external. */
function reachable(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / (1024 * 1024);
}

async function load() {
  if (whose === 'stock') return { enforcer: await newEnforcer(model, policy), plan: 'stock' };
  const enforcer = await createEnforcer(model, policy);
  return { enforcer, plan: planOf(enforcer) };
}

const before = reachable();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await wait(asideMs);
const started = performance.now();
const { enforcer, plan } = await load();
const wallMs = performance.now() - started;
await wait(asideMs);
delay.disable();
const memoryMiB = reachable() - before;

const world = buildRbac(size, users);
const { run, sum } = enforcerSide(enforcer, drawRequests(world, asked, createRandom(1)));
const checksum = await run();
if (checksum !== sum) throw new Error(`What was loaded allows ${checksum} requests, and not ${sum}.`);
tellParent({
  plan,
  wallMs,
  delayP99Ms: delay.percentile(99) / 1e6,
  delayMaxMs: delay.max / 1e6,
  memoryMiB,
  checksum,
} satisfies LoadTold);
