/**
 * A condition on the object in the matcher, against the same decision without it and the same predicate called by hand.
 * Arguments: rules, pairs.
 */
import { createEnforcer, type Enforcer } from '../../src/policy/library.ts';
import { bearable, enforcerSide, planOf } from './ours.ts';
import { createRandom } from './random.ts';
import { drawRequests, manyRequests, type Requests } from './requests.ts';
import type { ConditionTold } from './samples.ts';
import { tellParent } from './tell-parent.ts';
import { compare, patienceFor, timeAlone, type Side } from './turns.ts';
import { buildRbac } from './worlds/rbac.ts';
import { policyName, textsOf } from './worlds/world.ts';

interface Owned {
  readonly type: string;
  readonly owner: string;
}

const [size, pairs] = [Number(process.argv[2]), Number(process.argv[3])];
const world = buildRbac(size);
const texts = [...textsOf(world)].map((text) => ({ text, name: policyName }));
const open = (text: string): Promise<Enforcer> => createEnforcer({ text, name: 'model.conf' }, texts);
const withoutModel = world.model.replace('r.obj == p.obj', 'r.obj.type == p.obj');
const without = await open(withoutModel);
const withCondition = await open(withoutModel.replace(/^m = .*$/m, '$& && r.obj.owner == r.sub'));
const owns = (subject: string, object: Owned): boolean => object.owner === subject;

const random = createRandom(1);
const drawn = drawRequests(world, manyRequests, random);
const [drawnSubjects = [], types = [], drawnActions = []] = drawn.columns;
const drawnObjects = types.map((type, place): Owned => ({
  type,
  owner: random(2) === 0 ? drawnSubjects[place]! : world.users[random(world.users.length)]!,
}));
const requests: Requests<unknown> = bearable<unknown>(withCondition, {
  ...drawn,
  columns: [drawnSubjects, drawnObjects, drawnActions],
});
const decisions = requests.allowed.length;
const subjects = drawnSubjects.slice(0, decisions);
const objects = drawnObjects.slice(0, decisions);
const actions = drawnActions.slice(0, decisions);
const owned = subjects.map((subject, place) => owns(subject, objects[place]!));
const both = requests.allowed.map((allowed, place) => allowed && owned[place] === true);
const sumOf = (answers: readonly boolean[]): number => answers.filter(Boolean).length;

const byHand: Side = {
  decisions,
  sum: sumOf(both),
  run() {
    let found = 0;
    for (let place = 0; place < decisions; place += 1)
      if (
        without.enforceSync(subjects[place], objects[place], actions[place]) &&
        owns(subjects[place]!, objects[place]!)
      )
        found += 1;
    return found;
  },
};
const direct: Side = {
  decisions,
  sum: sumOf(owned),
  run() {
    let found = 0;
    for (let place = 0; place < decisions; place += 1)
      if (owns(subjects[place]!, objects[place]!)) found += 1;
    return found;
  },
};

globalThis.gc?.();
const patience = patienceFor(pairs);
const whole = enforcerSide(withCondition, { ...requests, allowed: both });
const compared = await compare(whole, byHand, patience);
tellParent({
  plan: planOf(withCondition),
  planWithout: planOf(without),
  compared,
  without: await timeAlone(enforcerSide(without, requests), patience),
  direct: await timeAlone(direct, patience),
} satisfies ConditionTold);
