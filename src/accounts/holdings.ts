import { anonymous, type Attributes } from '../core/principal.ts';
import type { AuthorityChange, Holding, PolicySnapshot } from '../policy/snapshot.ts';
import type { UserRow } from '../store/contract/users.ts';

/** Somebody who has an account, and nothing that not everybody with an account has. */
const plain: Holding = { subjects: ['authenticated'] };

export const subjectsOf = (
  { username }: Pick<UserRow, 'username'>,
  groups: readonly string[],
): readonly string[] => [`user:${username}`, ...groups.map((group) => `group:${group}`)];

type Given = Pick<Holding, 'grants'> & Partial<Pick<Holding, 'subjects'>>;

/**
 * What is given, by itself: to somebody who has nothing else. Whoever has more gains no more by it, but where a condition
 * asks for groups (`canGiveByPresence`). And somebody who has it already, from somebody else, is not given it again by one
 * who could not have.
 */
export const giving = (given: Given): AuthorityChange => ({
  before: plain,
  after: { ...given, subjects: ['authenticated', ...(given.subjects ?? [])] },
});

/** What is given to a group, to whoever is in it: everybody there has an account, but where a file puts `anonymous` into it. */
export function givingToGroup(
  group: string,
  given: Given,
  snapshot: Pick<PolicySnapshot, 'subjectsOf'>,
): readonly AuthorityChange[] {
  const reachesAnonymous = snapshot.subjectsOf(anonymous).has(`group:${group}`);
  const { subjects = [] } = given;
  const toAnonymous: AuthorityChange = {
    before: { subjects: ['anonymous'] },
    after: { ...given, subjects: ['anonymous', ...subjects] },
  };
  return [giving(given), ...(reachesAnonymous ? [toAnonymous] : [])];
}

/** An account from nothing: made, let in again, or taken over. */
export const givingAccount = (
  user: Pick<UserRow, 'username'> & { readonly attributes: Attributes },
  groups: readonly string[],
): readonly AuthorityChange[] => {
  const subjects = subjectsOf(user, groups);
  return [{ before: plain, after: { subjects } }, ...givingAttributes(subjects, {}, user.attributes)];
};

/** Attributes, which conditions look at. */
export const givingAttributes = (
  subjects: readonly string[],
  before: Attributes,
  after: Attributes,
): readonly AuthorityChange[] => [
  { before: { subjects, attributes: before }, after: { subjects, attributes: after } },
];
