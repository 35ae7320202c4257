import type { Clock } from '../../core/clock.ts';
import { PortcullisError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { builtInSubjects, type Username } from '../../core/names.ts';
import type { NewUser } from '../../store/contract/users.ts';
import type { ForeignIdentity } from '../foreign-identity.ts';
import { parseTypedUsername } from '../new-account.ts';
import { renderForeignText } from './foreign-text.ts';

/**
 * The account that a first login would get. LOGIN_REFUSED where nobody, or nobody who only comes along, gets that
 * username: one that a policy file names would bring what the policy gives it.
 */
export function prepareForeignAccount(
  identity: ForeignIdentity,
  namedUsers: ReadonlySet<string>,
  clock: Clock,
): NewUser {
  const username = parseTypedUsername(identity.username ?? '');
  if (username === null || isMixed(username)) throw noSuchUsername();
  const reserved = builtInSubjects.some((subject) => subject === username);
  if (reserved || namedUsers.has(username)) throw usernameTaken(username);
  return {
    id: newId(clock),
    username,
    name: renderForeignText(identity.name ?? ''),
    attributes: Object.fromEntries(
      Object.entries(identity.attributes).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
    createdAt: clock.now(),
    // The claims that follow give it one, together with groups.
    emails: [],
    passwordHash: null,
  };
}

/**
 * Whether letters of alphabets that look alike stand side by side (Unicode UTS #39, section 5.1): whoever chooses their own
 * name elsewhere would else be taken for somebody here, and be given what is theirs.
 */
const isMixed = (username: Username): boolean =>
  [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u].filter((script) => script.test(username))
    .length > 1;

const howElse =
  'If you have an account here, log in to it in another way and link this login on /account. ' +
  'Else ask an administrator to make you one.';

export const usernameTaken = (username: Username): PortcullisError =>
  new PortcullisError('LOGIN_REFUSED', {
    message: `The username ${username} can’t be given here. ${howElse}`,
  });

const noSuchUsername = (): PortcullisError =>
  new PortcullisError('LOGIN_REFUSED', {
    message: `What you are called there can’t be a username here. ${howElse}`,
  });

export const noAccount = (): PortcullisError =>
  new PortcullisError('LOGIN_REFUSED', { message: `No account here is linked to this login. ${howElse}` });
