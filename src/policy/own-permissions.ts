import type { Action, Coordinate } from '../core/coordinate.ts';

/** Asked of whoever gives away more than they have themselves (`findGains`). */
export const grantBeyond = 'portcullis.grant_beyond';

/** Permissions that the server itself asks for, with the action: they are known to every policy, and need no coordinate. */
export const askedByServer: readonly { readonly name: Coordinate; readonly action: Action }[] = [
  { name: grantBeyond, action: 'write' },
  { name: 'operations.view_health', action: 'read' },
];

export const ownPermissions: ReadonlyMap<string, Action> = new Map(
  askedByServer.map(({ name, action }) => [name, action]),
);
