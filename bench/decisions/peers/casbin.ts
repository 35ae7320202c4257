import { newCachedEnforcer, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { enforcerSide } from '../ours.ts';
import { countAllowed, type Requests } from '../requests.ts';
import type { Side } from '../turns.ts';
import { textsOf, type World } from '../worlds/world.ts';

const adapterOf = (world: World, { users }: Requests): StringAdapter =>
  new StringAdapter([...textsOf(world, [...new Set(users)])].join(''));

/** Stock Casbin, with all rules and the memberships of whoever is asked about. */
export async function stockSide(world: World, requests: Requests): Promise<Side> {
  const enforcer = await newEnforcer(newModelFromString(world.model), adapterOf(world, requests));
  return enforcerSide(enforcer, requests);
}

/** The same with its cache of decisions, full: it answers with promises. */
export async function cachedStockSide(world: World, requests: Requests): Promise<Side> {
  const enforcer = await newCachedEnforcer(newModelFromString(world.model), adapterOf(world, requests));
  const [subjects = [], objects = [], actions = []] = requests.columns;
  return {
    decisions: subjects.length,
    sum: countAllowed(requests),
    async run() {
      let allowed = 0;
      for (let place = 0; place < subjects.length; place += 1)
        if (await enforcer.enforce(subjects[place], objects[place], actions[place])) allowed += 1;
      return allowed;
    },
  };
}
