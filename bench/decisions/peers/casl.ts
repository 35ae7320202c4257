import { Ability } from '@casl/ability';
import { countAllowed, type Requests } from '../requests.ts';
import type { Side } from '../turns.ts';
import type { World } from '../worlds/world.ts';

/** An ability of each user who is asked about, ready: it has the rules of their roles, and no role. */
export function caslSide(world: World, requests: Requests): Side {
  const rulesByRole = new Map<string, { readonly action: string; readonly subject: string }[]>();
  for (const [, role = '', subject = '', action = ''] of world.rules) {
    const rules = rulesByRole.get(role) ?? [];
    rules.push({ action, subject });
    rulesByRole.set(role, rules);
  }
  const abilities = new Map(
    [...new Set(requests.users)].map((user) => [
      world.users[user]!,
      new Ability(world.membershipsOf(user).flatMap(([, , role = '']) => rulesByRole.get(role) ?? [])),
    ]),
  );
  const [subjects = [], objects = [], actions = []] = requests.columns;
  return {
    decisions: subjects.length,
    sum: countAllowed(requests),
    run() {
      let allowed = 0;
      for (let place = 0; place < subjects.length; place += 1)
        if (abilities.get(subjects[place]!)!.can(actions[place]!, objects[place]!)) allowed += 1;
      return allowed;
    },
  };
}
