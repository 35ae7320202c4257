import { actionOf, actions } from '../core/coordinate.ts';
import { PortcullisError } from '../core/errors.ts';
import { ownPermissions } from '../policy/own-permissions.ts';
import type { PolicySnapshot } from '../policy/snapshot.ts';
import { nearest } from './nearest.ts';

/**
 * BAD_USER_INPUT where the policy knows no such permission, or nothing of it is ever asked for with that action: the
 * grant would give nothing, or would begin to give when somebody writes a file.
 */
export function checkPermission(
  permission: string,
  action: string,
  permissions: PolicySnapshot['permissions'],
): void {
  const covered = permissions.get(permission);
  if (covered === undefined) {
    const meant = nearest(permission, [...permissions.keys()]);
    const hint = meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`;
    throw refused(`The policy knows no permission ${JSON.stringify(permission.slice(0, 200))}.${hint}`);
  }
  if (action !== '*' && !actions.some((known) => known === action)) {
    throw refused(`Write ${actions.join(', ')} or * for the action.`);
  }
  const own = ownPermissions.get(permission);
  const asked = [...[...covered].map(actionOf), ...(own === undefined ? [] : [own])];
  if (asked.length === 0) {
    throw refused(`The permission ${permission} covers nothing: a grant of it would give nothing.`);
  }
  if (action !== '*' && !asked.some((each) => each === action)) {
    throw refused(
      `Nothing of ${permission} is ever asked for as ${action}. Take ${[...new Set(asked)].join(', ')} or *.`,
    );
  }
}

const refused = (message: string): PortcullisError => new PortcullisError('BAD_USER_INPUT', { message });
