import type { Draw } from './kind.ts';
import { oneOf } from './kind.ts';

/** What stands in the usual columns. */

export const user: Draw<string> = (random, { users, roles }) =>
  random.pick(random.chance(0.8) ? users : roles);
/** Whom a row is about: a role more often than somebody. */
export const holder: Draw<string> = (random, { users, roles }) =>
  random.pick(random.chance(0.6) ? roles : users);
export const object: Draw<string> = (random, { objects }) => random.pick(objects);
/** What a row is about, where objects have roles too. */
export const objectOrGroup: Draw<string> = (random, { objects, groups }) =>
  random.pick(random.chance(0.5) ? groups : objects);
export const action: Draw<string> = (random, { actions }) => random.pick(actions);
export const domain: Draw<string> = (random, { domains }) => random.pick(domains);

/** Casbin counts an effect of no text as none, which allows, and one it does not know as no match. */
export const effect = oneOf(
  ...['allow', 'allow', 'allow', 'allow', 'allow', 'allow', 'allow', 'deny', 'deny', 'deny', 'deny', 'deny'],
  ...['', 'Deny', 'denied'],
);
export const priority = oneOf('1', '2', '3', '10', '10', '01', '-1', '1.5', '2nd', 'high', '');

export const usualRequest = { sub: user, obj: object, act: action };
export const usualPolicy = { sub: holder, obj: object, act: action };
