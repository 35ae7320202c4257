import { execute, parse, type GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { deny, rule, shield } from 'graphql-shield';
import { allowedCoordinates, conditionalField, ownerId, parcelFields, type Parcel } from '../parcels.ts';
import type { Peer, PeerContext } from '../side.ts';

/**
 * graphql-shield: a rule for every field, denied without one. What follows from the caller alone is cached for the
 * operation (`contextual`); what looks at the row is not (`strict` would hash each row first, which is slower).
 */
export function shieldSide(schema: GraphQLSchema): Peer {
  const ruleFor = (coordinate: string): ReturnType<ReturnType<typeof rule>> =>
    coordinate === conditionalField
      ? rule(coordinate, { cache: 'no_cache' })(
          (parcel: Parcel, _args, { user }: PeerContext) => parcel.owner === user.id,
        )
      : rule(coordinate, { cache: 'contextual' })((_parent, _args, context: PeerContext) =>
          context.allowed.has(coordinate),
        );
  const rules = Object.fromEntries(
    Object.entries(parcelFields).map(([type, names]) => [
      type,
      Object.fromEntries(names.map((name) => [name, ruleFor(`${type}.${name}`)])),
    ]),
  );
  const shielded = applyMiddleware(schema, shield(rules, { fallbackRule: deny, debug: false }));
  return {
    name: 'graphql-shield',
    slow: false,
    roundsFor: () => 50,
    prepare(source) {
      const document = parse(source);
      return () => {
        const contextValue: PeerContext = { user: { id: ownerId }, allowed: allowedCoordinates };
        return execute({ schema: shielded, document, contextValue });
      };
    },
  };
}
