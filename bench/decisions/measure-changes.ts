/**
 * Rows that are added and removed while a policy is loaded, each change upon the one before, and the first decision that
 * it changes. Arguments: rules, users, changes.
 */
import type { Enforcer } from '../../src/policy/library.ts';
import { quantile } from '../quantiles.ts';
import { openOurs, planOf } from './ours.ts';
import { createRandom } from './random.ts';
import type { ChangesTold, Spread } from './samples.ts';
import { tellParent } from './tell-parent.ts';
import { buildRbac } from './worlds/rbac.ts';
import type { Row } from './worlds/world.ts';

const [size, users, times] = [Number(process.argv[2]), Number(process.argv[3]), Number(process.argv[4])];
const warming = Math.ceil(times / 10);
const world = buildRbac(size, users);
const random = createRandom(1);
let enforcer = await openOurs(world);
let checksum = 0;

/** A row, and a request that is allowed with it and denied without. */
interface Change {
  readonly row: Row;
  readonly request: readonly string[];
}

const spread = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  p99: quantile(values, 0.99),
  max: quantile(values, 1),
});

function apply(changes: readonly Change[], change: string, kind: 'add' | 'remove') {
  const applied: number[] = [];
  const decided: number[] = [];
  for (const { row, request } of changes) {
    const wanted = kind === 'add';
    // Whoever is given something was here before, as somebody who may not.
    if (enforcer.enforceSync(...request) === wanted) throw new Error(`${row.join(', ')} changes nothing.`);
    const started = performance.now();
    const changed: Enforcer = enforcer.with({ [kind]: [row] });
    const between = performance.now();
    const allowed = changed.enforceSync(...request);
    const ended = performance.now();
    if (allowed !== wanted) throw new Error(`${row.join(', ')} was not applied.`);
    checksum += Number(allowed);
    enforcer = changed;
    applied.push(between - started);
    decided.push(ended - between);
  }
  const counted = { applied: applied.slice(warming), decided: decided.slice(warming) };
  const both = counted.applied.map((time, place) => time + (counted.decided[place] ?? NaN));
  return {
    change,
    times: both.length,
    applied: spread(counted.applied),
    decided: spread(counted.decided),
    both: spread(both),
  };
}

const numbers = [...Array(times + warming).keys()];
const someUser = (): number => random(users);

/** Another rule's role for somebody who lacks it. */
function drawMembership(): Change {
  for (;;) {
    const user = someUser();
    const [, role = '', object = '', action = ''] = world.rules[random(size)]!;
    const request = [world.users[user]!, object, action];
    if (!enforcer.enforceSync(...request)) return { row: ['g', world.users[user]!, role], request };
  }
}

function drawRule(number: number): Change {
  const user = someUser();
  const [, , role = ''] = world.membershipsOf(user)[0]!;
  const object = `added${number}`;
  return { row: ['p', role, object, 'read'], request: [world.users[user]!, object, 'read'] };
}

const memberships = numbers.map(drawMembership);
const rules = numbers.map(drawRule);
globalThis.gc?.();
tellParent({
  plan: planOf(enforcer),
  changes: [
    apply(memberships, 'a membership added', 'add'),
    apply(rules, 'a rule added', 'add'),
    apply(memberships, 'a membership removed', 'remove'),
    apply(rules, 'a rule removed', 'remove'),
  ],
  checksum,
} satisfies ChangesTold);
