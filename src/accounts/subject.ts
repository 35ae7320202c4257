import { PortcullisError } from '../core/errors.ts';
import { checkNoFaults } from './faults.ts';
import { groupNameFault } from './group-name.ts';

/** An account or a group, as somebody typed it: `user:<name>` in any spelling, `group:<name>`. */
export type TypedSubject = { readonly kind: 'user' | 'group'; readonly name: string };

/** BAD_USER_INPUT where it is neither, or no group can be called that. */
export function parseSubject(typed: string): TypedSubject {
  const [, kind, name] = /^(user|group):(.+)$/s.exec(typed) ?? [];
  if (kind === undefined || name === undefined) {
    throw new PortcullisError('BAD_USER_INPUT', { message: 'Write user:<name> or group:<name>.' });
  }
  if (kind === 'group') checkGroupName(name);
  return { kind: kind as TypedSubject['kind'], name };
}

export function checkGroupName(group: string): void {
  const fault = groupNameFault(group);
  checkNoFaults(fault === null ? [] : [fault]);
}
