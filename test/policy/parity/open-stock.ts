import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { Principal } from '../../../src/core/principal.ts';
import type { ConditionScope } from '../../../src/policy/conditions/scope.ts';
import { renderStockPolicy } from '../../../src/policy/files/stock-policy.ts';
import type { LoadedPolicy } from '../../../src/policy/loaded-policy.ts';
import type { MembershipRow } from '../../../src/policy/rule.ts';

/** What a principal brings to plain casbin: its kind and its memberships, as `g` rows. */
function ownRows(who: Principal): readonly MembershipRow[] {
  const above = who.kind === 'anonymous' ? [] : ['authenticated', ...who.groups];
  const provenance = { kind: 'file', file: 'principal', line: 0 } as const;
  return above.map((group) => ({ member: who.subject, group, provenance }));
}

/** Plain casbin: its own parser, role managers and async enforcement, and one registered function. */
export async function openStock(loaded: LoadedPolicy, who: Principal): Promise<typeof enforcer> {
  const text = renderStockPolicy(loaded, ownRows(who));
  const enforcer = await newEnforcer(newModelFromString(text.model), new StringAdapter(text.policy));
  await enforcer.addFunction(
    'when',
    (condition: unknown, effect: unknown, scope: ConditionScope): boolean => {
      if (typeof condition !== 'string') return true;
      try {
        return loaded.conditions.get(condition)!.evaluate(scope);
      } catch {
        return effect === 'deny';
      }
    },
  );
  return enforcer;
}
