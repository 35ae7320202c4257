import SchemaBuilder, { type FieldBuilder } from '@pothos/core';
import scopeAuth from '@pothos/plugin-scope-auth';
import { execute, parse, type GraphQLSchema } from 'graphql';
import { allowedCoordinates, firstParcels, ownerId, type Parcel } from '../parcels.ts';
import type { Peer, PeerContext } from '../side.ts';

type Item = Parcel['items'][number];

/**
 * Pothos with its scope-auth plugin: scopes on every field. The scope `allowed` answers synchronously and is cached by the
 * plugin for the operation, by coordinate; the row's own is a function of the row.
 */
export function pothosSide(): Peer {
  const schema = buildSchema();
  return {
    name: 'Pothos scope-auth',
    slow: false,
    roundsFor: () => 50,
    prepare(source) {
      const document = parse(source);
      return () => {
        const contextValue: PeerContext = { user: { id: ownerId }, allowed: allowedCoordinates };
        return execute({ schema, document, contextValue });
      };
    },
  };
}

function buildSchema(): GraphQLSchema {
  const builder = new SchemaBuilder({
    plugins: [scopeAuth],
    scopeAuth: {
      authScopes: (context: PeerContext) => ({ allowed: (coordinate) => context.allowed.has(coordinate) }),
    },
  });
  const under = (coordinate: string) => ({ authScopes: { allowed: coordinate }, nullable: true }) as const;
  const parcelItem = builder.objectRef<Item>('ParcelItem').implement({
    fields: (t: FieldBuilder<Item>) => ({
      name: t.exposeString('name', under('ParcelItem.name')),
      amount: t.exposeInt('amount', under('ParcelItem.amount')),
    }),
  });
  const parcel = builder.objectRef<Parcel>('Parcel').implement({
    fields: (t: FieldBuilder<Parcel>) => ({
      id: t.exposeID('id', under('Parcel.id')),
      code: t.exposeString('code', under('Parcel.code')),
      sender: t.exposeString('sender', under('Parcel.sender')),
      place: t.exposeString('place', under('Parcel.place')),
      weight: t.exposeFloat('weight', under('Parcel.weight')),
      pieces: t.exposeInt('pieces', under('Parcel.pieces')),
      year: t.exposeInt('year', under('Parcel.year')),
      insured: t.exposeBoolean('insured', under('Parcel.insured')),
      items: t.field({
        type: [parcelItem],
        ...under('Parcel.items'),
        resolve: ({ items }: Parcel) => items,
      }),
      note: t.exposeString('note', {
        nullable: true,
        authScopes: ({ owner }: Parcel, _args, { user }: PeerContext) => owner === user.id,
      }),
      price: t.exposeString('price', under('Parcel.price')),
      owner: t.exposeID('owner', under('Parcel.owner')),
    }),
  });
  builder.queryType({
    fields: (t) => ({
      parcels: t.field({
        type: [parcel],
        args: { first: t.arg.int({ required: true }) },
        ...under('Query.parcels'),
        resolve: (_root, { first }: { readonly first: number }) => firstParcels(first),
      }),
    }),
  });
  return builder.toSchema();
}
