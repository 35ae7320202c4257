import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { defaultFieldResolver, execute, isObjectType, parse, type GraphQLSchema } from 'graphql';
import type { ConditionScope } from '../../../src/policy/conditions/scope.ts';
import { renderStockPolicy } from '../../../src/policy/files/stock-policy.ts';
import type { LoadedPolicy } from '../../../src/policy/loaded-policy.ts';
import { benchPrincipal, environmentNow } from '../guarded-side.ts';
import { ownerId, parcelFields } from '../parcels.ts';
import type { Peer } from '../side.ts';

/**
 * Stock Casbin asked in every resolver, with the same model and the same 5,000 rules: what one writes first. Of the row it
 * sees the one fact that the policy asks for.
 *
 * @param schema Its resolvers are wrapped in place.
 */
export async function casbinSide(schema: GraphQLSchema, loaded: LoadedPolicy): Promise<Peer> {
  const { subject, groups } = benchPrincipal;
  const provenance = { kind: 'file', file: 'principal', line: 0 } as const;
  const own = ['authenticated', ...groups].map((group) => ({ member: subject, group, provenance }));
  const stock = renderStockPolicy(loaded, own);
  const enforcer = await newEnforcer(newModelFromString(stock.model), new StringAdapter(stock.policy));
  await enforcer.addFunction(
    'when',
    (condition: unknown, effect: unknown, scope: ConditionScope): boolean => {
      if (typeof condition !== 'string') return true;
      try {
        return loaded.conditions.get(condition)?.evaluate(scope) ?? effect === 'deny';
      } catch {
        return effect === 'deny';
      }
    },
  );
  const subjects = new Set([subject, 'authenticated', 'everyone', ...groups]);
  for (const type of Object.keys(parcelFields).map((name) => schema.getType(name))) {
    if (!isObjectType(type)) throw new Error('The schema lacks a type that is measured.');
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      const coordinate = `${type.name}.${field.name}`;
      field.resolve = (source: unknown, args: Record<string, unknown>, context: unknown, info): unknown => {
        const scope: ConditionScope = {
          principal: benchPrincipal,
          subjects,
          environment: environmentNow(),
          args,
          object: ownerOf(source),
          optimistic: false,
        };
        return enforcer.enforceSync(subject, coordinate, 'read', scope)
          ? resolve(source, args, context, info)
          : null;
      };
    }
  }
  return {
    name: 'enforceSync',
    slow: true,
    roundsFor: (rows) => (rows === 1 ? 3 : rows === 100 ? 1 : 0),
    prepare(source) {
      const document = parse(source);
      return () => execute({ schema, document, contextValue: { user: { id: ownerId } } });
    },
  };
}

function ownerOf(source: unknown): { readonly owner: unknown } | null {
  return typeof source === 'object' && source !== null && 'owner' in source ? { owner: source.owner } : null;
}
