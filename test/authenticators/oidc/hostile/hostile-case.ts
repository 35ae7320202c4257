import type { RelyingParty, Session, Started } from '../relying-party.ts';
import type { HonestToken, HostileProvider, Lies } from './hostile-provider.ts';
import { sign, type Header, type Payload } from './forge.ts';

/** One way to lie, and what must come of it. */
export interface HostileCase {
  /** What the provider does, or whoever sits between it and the browser. */
  readonly name: string;
  readonly lies?: Lies;
  /** What the browser brings back instead of what the provider gave it. */
  readonly comesBack?: (query: Query, scene: Scene) => Query;
  /** What the browser keeps instead of what it was given at the start. */
  readonly keeps?: (session: Session, scene: Scene) => Session;
  /** Where it must end: before the browser is sent anywhere, or when it comes back. */
  readonly endsAt?: 'start';
  /** Whether it is refused as unproved, or as a provider that can't be asked (which people are told to try again). */
  readonly as: 'unproved' | 'unreachable';
  /** What the log must say: a case that is refused for another reason tests nothing. */
  readonly says: RegExp;
  /** Paths of the provider that must not be asked for. */
  readonly neverAsked?: readonly string[];
}

export type Query = Readonly<Record<string, string>>;

/** What there is besides the login that the case is about. */
export interface Scene {
  readonly party: RelyingParty;
  readonly provider: HostileProvider;
  /** A login that was begun in another tab, or another browser, at the same provider. */
  readonly other: Started;
  /** The same at another provider, with the state and the code of it. */
  readonly elsewhere: { readonly started: Started; readonly query: Query; readonly issuer: string };
}

/** An ID token with these claims instead, signed as it should be. */
export const claims = (change: (honest: HonestToken) => Payload | Promise<Payload>): Lies => ({
  idToken: async (honest) => sign(honest.keys.own.privateKey, honest.header, await change(honest)),
});

export const claim = (changed: Readonly<Record<string, unknown>>): Lies =>
  claims((honest) => ({ ...honest.claims, ...changed }));

export const without = (name: string): Lies =>
  claims((honest) => Object.fromEntries(Object.entries(honest.claims).filter(([each]) => each !== name)));

/** An ID token with these header parameters too, signed as it should be. */
export const header = (changed: Header): Lies => ({
  idToken: (honest) => sign(honest.keys.own.privateKey, { ...honest.header, ...changed }, honest.claims),
});

/** Seconds from now. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
