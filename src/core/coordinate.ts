/** `Type.field`: the name of a guarded thing (GraphQL specification, "Schema Coordinates"). */
export type Coordinate = `${string}.${string}`;

/** What is done to a coordinate. It follows from the coordinate: nobody chooses it. */
export type Action = 'read' | 'write' | 'subscribe';
export const actions: readonly Action[] = ['read', 'write', 'subscribe'];

export const actionOf = (coordinate: Coordinate): Action =>
  coordinate.startsWith('Mutation.')
    ? 'write'
    : coordinate.startsWith('Subscription.')
      ? 'subscribe'
      : 'read';

/** What the policy needs to know of a schema, as data: `graphql/` makes it, `policy/` reads it. */
export interface SchemaCoordinates {
  /** Every field of every object type, introspection's own types left out, `Query.__schema` and `Query.__type` in. */
  readonly coordinates: ReadonlySet<Coordinate>;
  /** Fields of interfaces: decided at the concrete type, so a rule about one is refused. */
  readonly interfaceCoordinates: ReadonlySet<Coordinate>;
  /** Coordinates whose type is non-null: denying one takes its parent along. */
  readonly nonNull: ReadonlySet<Coordinate>;
}
