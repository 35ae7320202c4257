import { AccessControl } from 'accesscontrol';
import { countAllowed, type Requests } from '../requests.ts';
import type { Side } from '../turns.ts';
import type { World } from '../worlds/world.ts';

/** It knows roles and no users: whoever asks brings their roles, ready in a `Map`. */
export function accessControlSide(world: World, requests: Requests): Side {
  const control = new AccessControl(
    world.rules.map(([, role = '', resource = '', action = '']) => ({
      role,
      resource,
      action: `${action}:any`,
      attributes: ['*'],
    })),
  ).lock();
  const roles = new Map(
    [...new Set(requests.users)].map((user) => [
      world.users[user]!,
      world.membershipsOf(user).map(([, , role = '']) => role),
    ]),
  );
  const [subjects = [], objects = [], actions = []] = requests.columns;
  return {
    decisions: subjects.length,
    sum: countAllowed(requests),
    run() {
      let allowed = 0;
      for (let place = 0; place < subjects.length; place += 1)
        if (control.can(roles.get(subjects[place]!)!).do(actions[place]!, objects[place]!).granted)
          allowed += 1;
      return allowed;
    },
  };
}
