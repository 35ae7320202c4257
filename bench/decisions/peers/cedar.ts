import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { countAllowed, type Requests } from '../requests.ts';
import type { Side } from '../turns.ts';
import type { World } from '../worlds/world.ts';

const policySet = 'bench';

/**
 * Cedar in WebAssembly, its policies parsed before, each by itself: one long text of 50,000 takes a quarter of a minute.
 * Whoever asks is an entity with their roles as parents, ready.
 */
export function cedarSide(world: World, requests: Requests): Side {
  const policies = Object.fromEntries(
    world.rules.map(([, role = '', object = '', action = ''], rule) => [
      `rule${rule}`,
      `permit(principal in Role::"${role}", action == Action::"${action}", resource == Data::"${object}");`,
    ]),
  );
  if (preparsePolicySet(policySet, { staticPolicies: policies }).type === 'failure')
    throw new Error('Cedar cannot parse the policies.');
  const [subjects = [], objects = [], actions = []] = requests.columns;
  const calls = requests.users.map((user, place) => {
    const principal = { type: 'User', id: subjects[place]! };
    const parents = world.membershipsOf(user).map(([, , role = '']) => ({ type: 'Role', id: role }));
    return {
      principal,
      action: { type: 'Action', id: actions[place]! },
      resource: { type: 'Data', id: objects[place]! },
      context: {},
      preparsedPolicySetId: policySet,
      entities: [{ uid: principal, attrs: {}, parents }],
    };
  });
  return {
    decisions: calls.length,
    sum: countAllowed(requests),
    run() {
      let allowed = 0;
      for (const call of calls) {
        const answer = statefulIsAuthorized(call);
        if (answer.type === 'success' && answer.response.decision === 'allow') allowed += 1;
      }
      return allowed;
    },
  };
}
