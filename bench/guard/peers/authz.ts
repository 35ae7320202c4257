import { postExecRule, preExecRule, wrapExecuteFn, type RuleClass } from '@graphql-authz/core';
import { execute, parse, type GraphQLSchema } from 'graphql';
import { allowedCoordinates, conditionalField, ownerId, parcelFields, type Parcel } from '../parcels.ts';
import type { Peer, PeerContext } from '../side.ts';

/**
 * GraphQL AuthZ: a rule for every field by an `authSchema`. What follows from the caller alone is decided before execution,
 * once for each field of the document; what looks at the row goes over the result afterwards.
 */
export function authzSide(schema: GraphQLSchema): Peer {
  const rules: Record<string, RuleClass> = {};
  const authSchema: Record<string, Record<string, { __authz: { rules: string[] } }>> = {};
  for (const [type, names] of Object.entries(parcelFields)) {
    const attached: Record<string, { __authz: { rules: string[] } }> = {};
    for (const name of names) {
      const coordinate = `${type}.${name}`;
      rules[coordinate] =
        coordinate === conditionalField
          ? postExecRule({ selectionSet: '{ owner }' })(
              ({ user }: PeerContext, _args, _value, parcel: Parcel) => parcel.owner === user.id,
            )
          : preExecRule()((context: PeerContext) => context.allowed.has(coordinate));
      attached[name] = { __authz: { rules: [coordinate] } };
    }
    authSchema[type] = attached;
  }
  const executeAuthorized = wrapExecuteFn(execute, { rules, authSchema });
  return {
    name: '@graphql-authz/core',
    slow: false,
    roundsFor: () => 50,
    prepare(source) {
      const document = parse(source);
      return () => {
        const contextValue: PeerContext = { user: { id: ownerId }, allowed: allowedCoordinates };
        return executeAuthorized({ schema, document, contextValue });
      };
    },
  };
}
