import { createEnforcer, type Enforcer } from '../../src/policy/library.ts';
import { countAllowed, firstRequests, type Requests } from './requests.ts';
import type { Side } from './turns.ts';
import { policyName, textsOf, type World } from './worlds/world.ts';

export function openOurs(
  world: World,
  options: Parameters<typeof createEnforcer>[2] = {},
): Promise<Enforcer> {
  const texts = [...textsOf(world)].map((text) => ({ text, name: policyName }));
  return createEnforcer({ text: world.model, name: 'model.conf' }, texts, options);
}

/** How it decides, for the tables: a plan, or why there is none. */
export const planOf = ({ plan }: Enforcer): string =>
  plan.kind === 'planned' ? 'planned' : `stock: ${plan.reason}`;

export function enforcerSide(enforcer: Pick<Enforcer, 'enforceSync'>, requests: Requests<unknown>): Side {
  const [first = [], second = [], third = [], fourth] = requests.columns;
  const decisions = first.length;
  const ofThree = (): number => {
    let allowed = 0;
    for (let place = 0; place < decisions; place += 1)
      if (enforcer.enforceSync(first[place], second[place], third[place])) allowed += 1;
    return allowed;
  };
  const ofFour = (last: readonly unknown[]): number => {
    let allowed = 0;
    for (let place = 0; place < decisions; place += 1)
      if (enforcer.enforceSync(first[place], second[place], third[place], last[place])) allowed += 1;
    return allowed;
  };
  return {
    decisions,
    sum: countAllowed(requests),
    run: fourth === undefined ? ofThree : () => ofFour(fourth),
  };
}

const bearableMs = 500;
const tried = 16;

/** All requests, or the first of them where answering all takes too long: where it decides as stock Casbin does. */
export function bearable<Value>(enforcer: Enforcer, requests: Requests<Value>): Requests<Value> {
  const few = enforcerSide(enforcer, firstRequests(requests, tried));
  void few.run();
  const started = performance.now();
  void few.run();
  const each = (performance.now() - started) / tried;
  return firstRequests(requests, Math.max(tried, Math.floor(bearableMs / each)));
}
