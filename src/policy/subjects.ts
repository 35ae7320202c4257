import { isGroupName, parseUsername } from '../core/names.ts';
import type { Principal } from '../core/principal.ts';
import { climb, linksOf, type Climb, type Links } from './closure.ts';
import type { MembershipRow } from './rule.ts';

/** Who counts as whom. It holds groups and the few users that files name, never the accounts. */
export interface SubjectIndex {
  /**
   * Everything the principal counts as, and how it came to.
   * @throws {TypeError} where a subject or a group is outside its alphabet: such a principal is decided by nothing.
   */
  climbFrom(principal: Principal): Climb;
  /** What the principal belongs to by itself: what it counts as follows from that. @throws {TypeError} as `climbFrom`. */
  directOf(principal: Principal): readonly string[];
  /** Everything that a group or a built-in subject counts as. */
  above(subject: string): Climb;
}

export function indexSubjects(memberships: readonly MembershipRow[]): SubjectIndex {
  const users: [string, string][] = [];
  // What the built-in names mean does not hang on a file: without this a deny for everyone could be edited away.
  const groups: [string, string][] = [
    ['anonymous', 'everyone'],
    ['authenticated', 'everyone'],
  ];
  for (const { member, group } of memberships) {
    (member.startsWith('user:') ? users : groups).push([member, group]);
  }
  const namedUsers: Links = linksOf(users);
  const above: Links = linksOf(groups);
  function directOf(principal: Principal): readonly string[] {
    checkPrincipal(principal);
    if (principal.kind === 'anonymous') return ['anonymous'];
    return ['authenticated', ...principal.groups, ...(namedUsers.get(principal.subject) ?? [])];
  }

  return {
    directOf,
    climbFrom(principal) {
      const direct = directOf(principal);
      return principal.kind === 'anonymous'
        ? climb('anonymous', above)
        : climb(principal.subject, above, direct);
    },
    above: (subject) => climb(subject, above),
  };
}

/** OWASP ASVS 5.0, 8.2: names are strings of a fixed alphabet before any of them reaches the engine. */
function checkPrincipal(principal: Principal): void {
  const subject: unknown = principal.subject;
  const known =
    principal.kind === 'anonymous'
      ? subject === 'anonymous'
      : typeof subject === 'string' &&
        subject === `user:${principal.username}` &&
        parseUsername(principal.username) === principal.username &&
        principal.groups.every(isGroupSubject);
  if (!known)
    throw new TypeError('A principal whose subject or groups are outside their alphabets cannot be decided.');
}

const isGroupSubject = (subject: unknown): boolean =>
  typeof subject === 'string' && subject.startsWith('group:') && isGroupName(subject.slice('group:'.length));
