/**
 * The alphabets of everything a policy can name. One place, because the policy files, the accounts and the guard must
 * agree to the letter: what is not in an alphabet never reaches the engine.
 */

declare const username: unique symbol;
/** A canonical username: NFKC, case-folded, 1–64 letters, digits and `. _ @ + -`. */
export type Username = string & { readonly [username]: true };

/** What nobody sees (Unicode Standard, section 5.21): with it, one name looks like another to everybody who gives anything. */
const unseen = /\p{Default_Ignorable_Code_Point}/u;
const usernamePattern = /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd}._@+-]{0,63})$/u;
const groupPattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
const attributePattern = /^[a-z][a-zA-Z0-9_]{0,62}$/;
const permissionPattern = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const coordinatePattern = /^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$/;

/** The canonical form of what somebody typed, or `null` where no account can have that name. */
export function parseUsername(input: string): Username | null {
  const canonical = input.normalize('NFKC').toLowerCase().normalize('NFKC');
  return usernamePattern.test(canonical) && !unseen.test(canonical) ? (canonical as Username) : null;
}

/** A group's bare name, as in `group:<name>`: lower-case ASCII letters, digits, `. _ -`, at most 64. */
export const isGroupName = (name: string): boolean => groupPattern.test(name);

/** The name of a declared attribute of an account. */
export const isAttributeName = (name: string): boolean => attributePattern.test(name);

/** A permission, `app.verb_noun`, lower case. */
export const isPermissionName = (name: string): boolean => permissionPattern.test(name);

/** A schema coordinate of a field, `Type.field` (GraphQL specification, "Schema Coordinates"). */
export const isCoordinate = (name: string): name is `${string}.${string}` => coordinatePattern.test(name);

/** The names that everybody has: nobody can register or grant them. */
export const builtInSubjects = ['anonymous', 'authenticated', 'everyone'] as const;
