import { actionOf, type Action, type Coordinate } from '../../core/coordinate.ts';
import { askedByServer } from '../own-permissions.ts';

/** Something that is asked for: a coordinate, or a permission that the server itself asks for. */
export interface Asked {
  readonly name: Coordinate;
  readonly action: Action;
}

export const askedOf = (coordinates: Iterable<Coordinate>): readonly Asked[] =>
  [...[...coordinates].map((name) => ({ name, action: actionOf(name) })), ...askedByServer].toSorted(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
