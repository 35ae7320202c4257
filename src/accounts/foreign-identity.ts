import type { AttributeChanges } from '../store/contract/users.ts';

/** Somebody as an issuer elsewhere says they are, verified: what a redirecting authenticator makes of a profile. */
export interface ForeignIdentity {
  /** Who says so, such as `https://accounts.example.com`: 1 to 500 characters. With `subject` it is the key, for ever. */
  readonly issuer: string;
  /** What the issuer calls them and never calls anybody else: 1 to 255 characters. */
  readonly subject: string;
  /** For people to recognise it by: an e-mail address, a name. Cut at 200 characters. */
  readonly label: string;
  /** The username that a new account would get. */
  readonly username: string | null;
  readonly name: string | null;
  readonly email: { readonly address: string; readonly verified: boolean } | null;
  /** Bare names of the groups that its claims give, of those that the configuration maps; `null`: claims give none ever. */
  readonly groups: readonly string[] | null;
  /** Declared attributes that its claims set; `null` removes one. */
  readonly attributes: AttributeChanges;
}
